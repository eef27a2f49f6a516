// Completes a sign-in: the callback of either app. Owns the order of the steps; deciding, fetching and storing are
// behind its ports.

import type { App, Refused } from '../outcome/outcome.ts';
import type { Code } from '../outcome/outcome-codes.ts';
import { findOnlyLiveSession } from '../session/browser-sessions.ts';
import type { FindLiveSession } from '../session/live-session.ts';
import { ignoreSilence } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';
import { type AnswerNeeds, type ClaimedCallback, createAnswerCallback } from './answer-callback.ts';
import type { KeptRefusals } from './kept-refusals.ts';
import type { Note } from './record-refusal.ts';
import type { RepeatAnswer } from './repeat-answer.ts';
import { openAttempt, type SealedAttempt } from './sealed-attempt.ts';
import type { StateFacts, States } from './state.ts';
import type { Answer } from './state-claims.ts';

export interface Callback extends ClaimedCallback {
  /** Returns the cookie of the attempt with this name. */
  readonly cookie: (attempt: string) => string | undefined;
  /** Returns the cookie that keeps the refusal of the attempt. */
  readonly refusal: (attempt: string) => string | undefined;
  /** The browser sent at least one of the bridge's cookies: it does not block them. */
  readonly hasCookies: () => boolean;
}

export type Outcome = {
  readonly note?: Note;
  readonly repeated?: true;
  /** No valid state with the cookie of its attempt: any client can make any number of these. */
  readonly isUnproven?: true;
} & (
  | {
      readonly kind: 'signed-in';
      readonly token: string;
      readonly returnTo: string;
      readonly attempt: string;
      readonly ttlSeconds: number;
    }
  /** The state was used before and its session is still active: redirects to the product with the browser's session. */
  | { readonly kind: 'continue'; readonly returnTo: string }
  | RefusedAtCallback
);

export type RefusedAtCallback = Refused & {
  /** The attempt whose cookie is no longer needed. */
  readonly attempt?: string;
  /** The sessions that this browser had must be ended. */
  readonly endsSession?: true;
};

export type CompleteSignIn = (callback: Callback) => Promise<Outcome>;

export interface CompletionNeeds extends AnswerNeeds {
  readonly states: States;
  readonly vault: Vault;
  readonly findLiveSession: FindLiveSession;
  readonly repeatAnswer: RepeatAnswer;
  readonly keptRefusals: Pick<KeptRefusals, 'open'>;
  /** Wraps the work of one sign-in. Waiting reloads are not passed here. */
  readonly during: <Value>(work: Promise<Value>) => Promise<Value>;
}

/** Refusals are returned. @throws StoreUnavailable if the store does not answer before Clever has verified the user */
export function createCompleteSignIn(needs: CompletionNeeds): CompleteSignIn {
  // Long because it holds the steps of one flow over the same needs, in order; each is short.
  const { states, stateClaims, vault, tokens, findLiveSession, repeatAnswer, keptRefusals, rejectedCodes, during } =
    needs;
  const answer = createAnswerCallback(needs);

  return async (callback) => {
    const state = callback.parameters.get('state') ?? '';
    const facts = states.parse(state);
    const attempt = facts && findAttempt(callback, facts, state);
    if (facts === undefined || attempt === undefined) return withoutAttempt(callback, state, states.read(state));
    if (attempt.app !== callback.app || !states.isFresh(facts)) return refuse('sign_in_expired', callback.app);
    if (!callback.parameters.has('code') && !callback.parameters.has('error'))
      return refuse('malformed_request', callback.app);
    // Before the claim: the cookie stays, so that the same callback can be loaded again later.
    if (callback.parameters.has('code') && (await rejectedCodes?.isOver(callback.address())))
      return refuse('rate_limited', callback.app);
    return (await during(answerFirst(callback, attempt, state, facts))) ?? repeat(callback, state, facts);
  };

  /** Undefined if this state was claimed before. */
  async function answerFirst(callback: Callback, attempt: SealedAttempt, state: string, facts: StateFacts) {
    if (!(await stateClaims.claim(state))) return undefined;
    const answered = await answer(callback, attempt, state, facts.start);
    // Only a waiting reload needs this answer; losing it does not change the answer to this browser.
    if (answered.kind === 'refused') await stateClaims.recordAnswer(state, answered).catch(ignoreSilence);
    return deliver(answered, facts);
  }

  function findAttempt({ cookie }: Callback, facts: StateFacts, state: string): SealedAttempt | undefined {
    const sealed = cookie(facts.attempt);
    // The seal authenticates the state: a cookie of another attempt does not open.
    return sealed === undefined ? undefined : openAttempt(vault, sealed, state);
  }

  /** Back button, bookmark, blocked cookies, or a link from another browser: nothing is consumed or restarted. */
  async function withoutAttempt(callback: Callback, state: string, facts: StateFacts | undefined): Promise<Outcome> {
    const live = await findOnlyLiveSession(findLiveSession, callback.sessions);
    if (live?.session.openedBy === stateClaims.blind(state))
      return { kind: 'continue', returnTo: live.session.returnTo };
    const sealed = facts && callback.refusal(facts.attempt);
    const refused = facts && sealed && keptRefusals.open(facts.attempt, sealed);
    if (refused) return { ...refused, attempt: facts.attempt, repeated: true };
    const isOwnRestart = facts?.start === 'portal' && states.isFresh(facts) && !callback.hasCookies();
    const isBlocked = isOwnRestart && (await stateClaims.read(state)) === undefined;
    return { ...refuse(isBlocked ? 'cookies_blocked' : 'sign_in_expired', callback.app), isUnproven: true };
  }

  async function repeat(callback: Callback, state: string, facts: StateFacts): Promise<Outcome> {
    const answered = await repeatAnswer(state, callback.sessions);
    if (answered === 'too_many') return refuse('rate_limited', callback.app);
    if (answered === undefined) return withoutAttempt(callback, state, undefined);
    return { ...(await deliver(answered, facts)), repeated: true };
  }

  async function deliver(answered: Answer & { readonly token?: string }, { attempt }: StateFacts): Promise<Outcome> {
    if (answered.kind === 'refused') return { ...answered, attempt };
    const { claims, returnTo } = answered;
    const token = answered.token ?? (await tokens.issue(claims));
    return {
      kind: 'signed-in',
      token,
      returnTo,
      attempt,
      ttlSeconds: claims.exp - claims.iat,
      note: { district: claims.district },
    };
  }
}

const refuse = (code: Code, app: App): Refused => ({ kind: 'refused', code, audience: 'unknown', app });
