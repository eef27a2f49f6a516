// The traffic of a fault run: so many acknowledged sign-ins through Clever, most of them followed by an ending, while
// two workers keep checking that ended sessions stay ended and live ones live.
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeJwt } from 'jose';
import { type Driver, sideBySide } from '../drive-sign-ins.ts';
import { createLedger, type Ledger, type Opened } from './ledger.ts';
import type { Product } from './product.ts';

export interface TrafficOptions {
  /** Acknowledged sign-ins to reach. */
  readonly signIns: number;
  readonly districts: readonly string[];
  readonly students: number;
  readonly bridges: number;
  readonly driver: Driver;
  readonly product: Product;
  /** What is done, once each, when so many sign-ins were acknowledged. */
  readonly faults: readonly { readonly at: number; readonly strike: () => Promise<void> }[];
}

export interface Traffic {
  readonly ledger: Ledger;
  /** So many sign-ins were reached in time, and every fault struck. */
  readonly isWhole: boolean;
  /** Introspections while the traffic ran, and what they said that they must not. */
  readonly looks: number;
  readonly endedButAccepted: readonly Opened[];
  readonly liveButRefused: readonly Opened[];
  readonly seconds: number;
}

const workers = 32;
/** Every so manieth student has all sessions ended at once, over and over. */
const accountsEndedEvery = 100;

export async function runTraffic(options: TrafficOptions): Promise<Traffic> {
  // One run: sign-ins, endings and faults over the same ledger.
  const { signIns, districts, students, bridges, driver, product, faults } = options;
  const ledger = createLedger();
  const startedAt = Date.now();
  const struck: Promise<void>[] = [];
  const waiting = [...faults].sort((one, other) => one.at - other.at);
  const timeoutMs = 60_000 + 40 * signIns;
  /** On a machine that is busy the time is over before all are reached: a third of them is a run all the same. */
  function isDone(): boolean {
    const reached = ledger.opened.length / signIns;
    const late = (Date.now() - startedAt) / timeoutMs;
    return reached >= 1 || (late > 1 && reached > 1 / 3) || late > 4;
  }

  function* counts() {
    for (let count = 0; !isDone(); count += 1) yield count;
  }

  /** Undefined when it was not acknowledged. */
  async function signIn(count: number, session?: string): Promise<Opened | undefined> {
    const begun = ledger.begin(districts[count % districts.length] ?? '', count % students);
    const at = [count % bridges, (count >> 1) % bridges] as const;
    const from = count % 3 === 0 ? 'portal' : 'login';
    const done = await driver.signIn(begun, { at, from, ...(session === undefined ? {} : { session }) });
    ledger.count(done.outcome);
    const { token, sid } = done;
    // While a server is away there is nothing to acknowledge.
    if (token === undefined || sid === undefined) return void (await sleep(20));
    const opened = ledger.add(begun, { sid, token, accountId: String(decodeJwt(token).sub) });
    strikeWhenDue();
    return opened;
  }

  function strikeWhenDue(): void {
    const [next] = waiting;
    if (next === undefined || ledger.opened.length < next.at) return;
    waiting.shift();
    struck.push(next.strike());
  }

  async function visit(count: number): Promise<void> {
    const opened = await signIn(count);
    if (opened === undefined) return;
    const at = (count >> 2) % bridges;
    const { token, district, accountId } = opened;
    if (opened.number % accountsEndedEvery === 0) {
      return ledger.endAccount(opened, () => product.endAccount(at, district, accountId));
    }
    const turn = count % 10;
    if (turn < 3) await ledger.end(opened, 'revoke', () => product.revoke(at, token));
    if (turn === 3) await ledger.end(opened, 'logout', () => product.logOut(at, token));
    // The next person at the same computer.
    if (turn === 4) await ledger.end(opened, 'replaced', async () => (await signIn(count + 1, token)) !== undefined);
  }

  let looks = 0;
  const endedButAccepted: Opened[] = [];
  const liveButRefused: Opened[] = [];

  /** Asks about a session of any age again and again. */
  async function look(): Promise<void> {
    for (let turn = 0; !isDone(); turn += 1) {
      const session = ledger.opened[Math.floor(Math.random() * ledger.opened.length)];
      if (session === undefined || session.fate === 'ending') {
        await sleep(5);
        continue;
      }
      const wasEnded = session.fate === 'ended';
      const isActive = await product.isActive(turn % bridges, session.token);
      looks += 1;
      if (wasEnded && isActive === true) endedButAccepted.push(session);
      if (session.fate === 'live' && isActive === false) liveButRefused.push(session);
      await sleep(10);
    }
  }

  await Promise.all([sideBySide(counts(), workers, visit), look(), look()]);
  await Promise.all(struck);
  const isWhole = ledger.opened.length >= signIns && waiting.length === 0;
  return { isWhole, ledger, looks, endedButAccepted, liveButRefused, seconds: (Date.now() - startedAt) / 1000 };
}
