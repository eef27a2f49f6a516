// A reload of a callback during or shortly after the first exchange, on this server or another: waits for that exchange
// and returns the same answer. Never exchanges the code again.
import { setTimeout as sleep } from 'node:timers/promises';
import { type BrowserTokens, findLiveSessions } from '../session/browser-sessions.ts';
import type { FindLiveSession } from '../session/live-session.ts';
import type { SessionRegistry } from '../session/session-registry.ts';
import type { Answer, Claim, StateClaims } from './state-claims.ts';

/**
 * Time, in addition to Clever's, within which the first exchange has answered or its server has crashed. Milliseconds.
 */
const reserveMs = 2_000;
/** How long after a claim the browser with the attempt's cookie gets the same answer. Milliseconds. */
const repeatable = 60_000;
/** Reloads that wait for one answer on this server at the same time; an impatient user makes a few. */
const maxWaiters = 32;

export interface RepeatNeeds {
  readonly stateClaims: StateClaims;
  readonly registry: SessionRegistry;
  readonly findLiveSession: FindLiveSession;
  readonly clock: () => number;
  /** Time limit for all calls to Clever. Milliseconds. */
  readonly cleverMs?: number;
}

/**
 * The answer of the first exchange; undefined if there is none for this browser; `too_many` if too many reloads wait
 * for it.
 * @param sessions tokens of the browser's sessions
 */
export type RepeatAnswer = (state: string, sessions: BrowserTokens) => Promise<Answer | undefined | 'too_many'>;

interface Wait {
  readonly answer: Promise<Answer | undefined>;
  waiters: number;
}

export function createRepeatAnswer(needs: RepeatNeeds): RepeatAnswer {
  const { stateClaims, registry, findLiveSession, clock, cleverMs = 10_000 } = needs;
  const maxWaitMs = cleverMs + reserveMs;
  /** By state. Each is one polling loop, however many reloads wait for it. */
  const waits = new Map<string, Wait>();

  return async (state, sessions) => {
    const wait = waits.get(state) ?? begin(state);
    if (wait.waiters >= maxWaiters) return 'too_many';
    wait.waiters += 1;
    const answer = await wait.answer;
    if (answer === undefined) return undefined;
    const sid = answer.kind === 'refused' ? undefined : answer.claims.sid;
    return (await isOthers(sid, sessions)) ? undefined : answer;
  };

  function begin(state: string): Wait {
    const wait = { answer: poll(state).finally(() => waits.delete(state)), waiters: 0 };
    waits.set(state, wait);
    return wait;
  }

  async function poll(state: string): Promise<Answer | undefined> {
    const until = performance.now() + maxWaitMs;
    for (let pause = 50; ; pause = Math.min(pause * 2, 400)) {
      const claim = await stateClaims.read(state);
      const verdict = claim === undefined ? 'gone' : await judge(claim);
      if (typeof verdict === 'object') return verdict;
      if (verdict === 'gone' || performance.now() > until) return undefined;
      await sleep(pause);
    }
  }

  async function judge({ claimedAt, answer }: Claim): Promise<Answer | 'wait' | 'gone'> {
    const age = clock() - claimedAt;
    if (age > repeatable) return 'gone';
    if (answer?.kind === 'refused') return answer;
    if (answer !== undefined && (await isOpen(answer))) return answer;
    return age > maxWaitMs ? 'gone' : 'wait';
  }

  /** Another user has since signed in on this browser: the earlier answer is not for them. */
  async function isOthers(sid: string | undefined, sessions: BrowserTokens): Promise<boolean> {
    return (await findLiveSessions(findLiveSession, sessions)).some(({ session }) => session.sid !== sid);
  }

  // The answer is published while the session is being written; it counts only if that session exists.
  async function isOpen({
    claims: { sub: accountId, sid, district: districtId },
  }: Extract<Answer, { kind: 'signed-in' }>): Promise<boolean> {
    return (await registry.find({ districtId, sid, accountId })) !== undefined;
  }
}
