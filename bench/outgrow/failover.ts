// A master is killed for good while people sign in: how long until all sign-ins succeed again, and which acknowledged
// sign-ins are lost because its replica did not have them yet.
import { setTimeout as sleep } from 'node:timers/promises';
import type { RedisServer } from '../../test/helpers/redis-server.ts';
import { type Driver, type SignInResult, sideBySide } from '../drive-sign-ins.ts';
import type { Product } from '../sessions/product.ts';
import type { Student } from '../students.ts';

export interface Failover {
  /** Acknowledged sign-ins before and after the kill. */
  readonly signedIn: number;
  /** Sign-ins that were refused or not answered, by what came instead. */
  readonly others: Readonly<Record<string, number>>;
  /** From the kill until the last sign-in began that did not succeed. */
  readonly backAfterMs: number;
  /** Acknowledged, and not known any more. */
  readonly lost: number;
  /** How long before the kill the first of them was acknowledged, and how long after it the last. */
  readonly lostFromMs: number;
  readonly lostToMs: number;
}

export interface FailoverRun {
  readonly driver: Driver;
  readonly product: Product;
  readonly bridges: number;
  readonly studentOf: (count: number) => Student;
  readonly victim: () => Promise<RedisServer>;
  readonly secondsBefore: number;
  readonly secondsAfter: number;
}

interface Played extends SignInResult {
  readonly beganAt: number;
  readonly endedAt: number;
}

const crowd = 16;

export async function failOver(run: FailoverRun): Promise<Failover> {
  const { driver, bridges, studentOf, victim, secondsBefore, secondsAfter } = run;
  const played: Played[] = [];
  const overAt = Date.now() + (secondsBefore + secondsAfter) * 1000;
  function* counts() {
    for (let count = 0; Date.now() < overAt; count += 1) yield count;
  }
  const traffic = sideBySide(counts(), crowd, async (count) => {
    const beganAt = Date.now();
    const result = await driver.signIn(studentOf(count), { at: [count % bridges, (count >> 1) % bridges] });
    played.push({ ...result, beganAt, endedAt: Date.now() });
    // A refused user waits before the next try.
    if (result.token === undefined) await sleep(50);
  });
  await sleep(secondsBefore * 1000);
  const dying = await victim();
  const killedAt = Date.now();
  await dying.kill9();
  await traffic;
  return judge(played, killedAt, run);
}

async function judge(
  played: readonly Played[],
  killedAt: number,
  { product, bridges }: FailoverRun,
): Promise<Failover> {
  const signedIn = played.filter(({ token }) => token !== undefined);
  const lost: Played[] = [];
  await sideBySide(signedIn.entries(), crowd, async ([at, one]) => {
    if ((await product.isActive(at % bridges, one.token ?? '')) !== true) lost.push(one);
  });
  const failed = played.filter(({ token }) => token === undefined);
  const others: Record<string, number> = {};
  for (const { outcome } of failed) others[outcome] = (others[outcome] ?? 0) + 1;
  const times = lost.map(({ endedAt }) => endedAt - killedAt);
  return {
    signedIn: signedIn.length,
    others,
    backAfterMs: Math.max(0, ...failed.map(({ beganAt }) => beganAt - killedAt)),
    lost: lost.length,
    lostFromMs: Math.max(0, -Math.min(0, ...times)),
    lostToMs: Math.max(0, ...times),
  };
}
