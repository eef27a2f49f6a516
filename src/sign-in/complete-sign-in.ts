// Ending a sign-in: the callback of either app, told as one story. Owns the order of things; what is decided, fetched
// and kept lives behind its needs.
import type { FindLiveSession } from '../session/live-session.ts';
import type { SessionRegistry } from '../session/session-registry.ts';
import type { SessionTokens } from '../session/session-token.ts';
import { ignoreSilence } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';
import type { DecideSignIn, SignedIn } from './decide-sign-in.ts';
import type { App, Code, Refused } from './outcome.ts';
import type { IdentityProvider } from './ports.ts';
import { describeRefusal, type Note, type RecordAttempt, recordRefusal } from './record-refusal.ts';
import type { RepeatAnswer } from './repeat-answer.ts';
import { openAttempt, type SealedAttempt } from './sealed-attempt.ts';
import type { StateFacts, States } from './state.ts';
import type { Answer, StateClaims } from './state-claims.ts';

export interface Callback {
  /** By the path Clever came back to. */
  readonly app: App;
  /** Each occurs once. */
  readonly parameters: URLSearchParams;
  /** The cookie of the attempt with this name. */
  readonly cookie: (attempt: string) => string | undefined;
  /** The browser sent at least one cookie of ours: it does not block them. */
  readonly hasCookies: boolean;
  /** The token of the session the browser has so far. */
  readonly session: string | undefined;
}

export type Outcome = { readonly note?: Note; readonly repeated?: true } & (
  | {
      readonly kind: 'signed-in';
      readonly token: string;
      readonly returnTo: string;
      readonly attempt: string;
      readonly ttlSeconds: number;
    }
  /** The state was used before and its own session still lives: on to the product with the session the browser has. */
  | { readonly kind: 'continue'; readonly returnTo: string }
  | RefusedAtCallback
);

export type RefusedAtCallback = Refused & {
  /** The attempt whose cookie is used up. */
  readonly attempt?: string;
  /** Whoever was signed in on this browser is not any more. */
  readonly endsSession?: true;
};

export type CompleteSignIn = (callback: Callback) => Promise<Outcome>;

export interface CompletionNeeds {
  readonly provider: IdentityProvider;
  readonly states: States;
  readonly stateClaims: StateClaims;
  readonly vault: Vault;
  readonly decide: DecideSignIn;
  readonly tokens: SessionTokens;
  readonly registry: SessionRegistry;
  readonly findLiveSession: FindLiveSession;
  readonly repeatAnswer: RepeatAnswer;
  readonly recordAttempt: RecordAttempt;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

/** What Clever may take in all, over every call of one sign-in: contract section 3. */
const signInLimitMs = 10_000;

/** Rejects with StoreUnavailable if the store is silent before Clever has vouched for anybody; refusals are answers. */
export function createCompleteSignIn(needs: CompletionNeeds): CompleteSignIn {
  const {
    provider,
    states,
    stateClaims,
    vault,
    decide,
    tokens,
    registry,
    findLiveSession,
    repeatAnswer,
    recordAttempt,
    clock,
  } = needs;

  return async (callback) => {
    const state = callback.parameters.get('state') ?? '';
    const facts = states.read(state);
    const attempt = facts && findAttempt(callback, facts, state);
    if (facts === undefined || attempt === undefined) return withoutAttempt(callback, state, facts);
    if (attempt.app !== callback.app || !states.isFresh(facts)) return refuse('sign_in_expired', callback.app);
    if (!callback.parameters.has('code') && !callback.parameters.has('error'))
      return refuse('malformed_request', callback.app);
    if (!(await stateClaims.claim(state))) return repeat(callback, state, facts);
    const answered = await answer(callback, attempt, state);
    // A reload that waits would get this answer; losing it does not change what this browser is told.
    if (answered.kind === 'refused') await stateClaims.settle(state, answered).catch(ignoreSilence);
    return deliver(answered, facts);
  };

  function findAttempt({ cookie }: Callback, facts: StateFacts, state: string): SealedAttempt | undefined {
    const sealed = cookie(facts.attempt);
    // The state is authenticated with the seal: a cookie of another attempt does not open.
    return sealed === undefined ? undefined : openAttempt(vault, sealed, state);
  }

  /** Back button, bookmark, blocked cookies, or somebody else's link: nothing is consumed and nothing is restarted. */
  async function withoutAttempt(callback: Callback, state: string, facts: StateFacts | undefined): Promise<Outcome> {
    const live = await findLiveSession(callback.session);
    if (live?.session.openedBy === stateClaims.blind(state))
      return { kind: 'continue', returnTo: live.session.returnTo };
    const isOwnRestart = facts?.start === 'portal' && states.isFresh(facts) && !callback.hasCookies;
    const isBlocked = isOwnRestart && (await stateClaims.read(state)) === undefined;
    return refuse(isBlocked ? 'cookies_blocked' : 'sign_in_expired', callback.app);
  }

  async function repeat(callback: Callback, state: string, facts: StateFacts): Promise<Outcome> {
    const answered = await repeatAnswer(state, callback.session);
    if (answered === undefined) return withoutAttempt(callback, state, undefined);
    return { ...(await deliver(answered, facts)), repeated: true };
  }

  async function answer(
    { app, parameters, session }: Callback,
    attempt: SealedAttempt,
    state: string,
  ): Promise<Answer & { readonly token?: string }> {
    const error = parameters.get('error');
    if (error !== null) return recordRefusal(recordAttempt, { code: readError(error), app, at: clock() });
    const deadline = clock() + signInLimitMs;
    const exchanged = await provider.exchange(app, attempt.checks, parameters);
    if (exchanged.kind === 'refused') {
      const { code, reason } = exchanged;
      return recordRefusal(recordAttempt, { code, reason, app, at: clock() });
    }
    const { claims, accessToken } = exchanged;
    const announce = (signedIn: SignedIn) => stateClaims.settle(state, signedIn);
    try {
      const decided = await decide(claims, {
        openedBy: stateClaims.blind(state),
        returnTo: attempt.returnTo,
        deadline,
        announce,
        ...(accessToken === undefined ? {} : { accessToken }),
      });
      await endEarlier(session);
      // Signed here, because the store may fall silent on the key as well.
      if (decided.kind === 'signed-in') return { ...decided, token: await tokens.issue(decided.claims) };
      return {
        ...(await recordRefusal(recordAttempt, describeRefusal(decided, claims, app, clock()), decided.rosterSource)),
        endsSession: true,
      };
    } catch (failure) {
      ignoreSilence(failure);
      const silent = { kind: 'refused', code: 'service_unavailable' } as const;
      // Somebody has proved who they are: the cookie of whoever was here before goes, also when the store cannot be told.
      return {
        ...(await recordRefusal(recordAttempt, describeRefusal(silent, claims, app, clock()))),
        endsSession: true,
      };
    }
  }

  /** Whoever was signed in on this browser is not at the keyboard any more: somebody else has just proved who they are. */
  async function endEarlier(session: string | undefined): Promise<void> {
    const claims = session === undefined ? undefined : await tokens.verify(session);
    if (claims !== undefined) await registry.end(claims.district, claims.sid);
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

/** Clever's word for a person whose district has not shared the app, with dash or underscore (third-party guide); any other `error` is a "no". */
export const readError = (error: string): 'app_not_shared' | 'clever_denied' =>
  /^unauthorized[-_]user$/i.test(error) ? 'app_not_shared' : 'clever_denied';
