// A reload of a callback, while the first exchange is running or shortly after, on this server or another: the same
// answer, once there is one. Never a second exchange of the code.
import { setTimeout as sleep } from 'node:timers/promises';
import type { FindLiveSession } from '../session/live-session.ts';
import type { SessionRegistry } from '../session/session-registry.ts';
import type { Answer, Claim, StateClaims } from './state-claims.ts';

/** Clever may take 10 s; the first exchange has answered or died by then. Milliseconds. */
const longestWait = 12_000;
/** So long after a claim its answer is given again to the browser that holds the attempt's cookie. Milliseconds. */
const repeatable = 60_000;

export interface RepeatNeeds {
  readonly stateClaims: StateClaims;
  readonly registry: SessionRegistry;
  readonly findLiveSession: FindLiveSession;
  readonly clock: () => number;
}

/** The answer of the first, or undefined if there is none for this browser. @param session the token the browser has so far */
export type RepeatAnswer = (state: string, session: string | undefined) => Promise<Answer | undefined>;

export function createRepeatAnswer({ stateClaims, registry, findLiveSession, clock }: RepeatNeeds): RepeatAnswer {
  return async (state, session) => {
    const until = performance.now() + longestWait;
    for (let pause = 50; ; pause = Math.min(pause * 2, 400)) {
      const claim = await stateClaims.read(state);
      const verdict = claim === undefined ? 'gone' : await judge(claim, session);
      if (typeof verdict === 'object') return verdict;
      if (verdict === 'gone' || performance.now() > until) return undefined;
      await sleep(pause);
    }
  };

  async function judge({ claimedAt, answer }: Claim, session: string | undefined): Promise<Answer | 'wait' | 'gone'> {
    const age = clock() - claimedAt;
    if (age > repeatable) return 'gone';
    if (answer?.kind === 'refused') return (await findLiveSession(session)) === undefined ? answer : 'gone';
    if (answer !== undefined && (await belongsToSomebodyElse(answer.claims.sid, session))) return 'gone';
    if (answer !== undefined && (await isOpen(answer))) return answer;
    return age > longestWait ? 'gone' : 'wait';
  }

  /** Somebody signed in on this browser since: the old answer is theirs no more. */
  async function belongsToSomebodyElse(sid: string, session: string | undefined): Promise<boolean> {
    const live = await findLiveSession(session);
    return live !== undefined && live.session.sid !== sid;
  }

  // The answer is told while the session is being written; until it is there, and after it has ended, it is none.
  async function isOpen({
    claims: { sub: accountId, sid, district: districtId },
  }: Extract<Answer, { kind: 'signed-in' }>): Promise<boolean> {
    return (await registry.find({ districtId, sid, accountId })) !== undefined;
  }
}
