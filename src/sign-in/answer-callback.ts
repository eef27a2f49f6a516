// Answers a callback whose state is claimed: redeems its code, decides the sign-in, records a refusal.
import type { Language } from '../outcome/languages.ts';
import type { App } from '../outcome/outcome.ts';
import { type BrowserTokens, verifySessions } from '../session/browser-sessions.ts';
import type { SessionRegistry } from '../session/session-registry.ts';
import type { SessionTokens } from '../session/session-token.ts';
import { ignoreSilence } from '../store/store.ts';
import type { AttemptFacts } from '../support/attempt.ts';
import type { Resume } from '../trace/request-context.ts';
import type { DecideSignIn } from './decide-sign-in.ts';
import type { SignedIn } from './open-session.ts';
import type { IdentityProvider } from './ports.ts';
import { describeRefusal, pageFactsOf, type RecordAttempt, recordRefusal } from './record-refusal.ts';
import type { SealedAttempt } from './sealed-attempt.ts';
import type { Start } from './state.ts';
import type { Answer, StateClaims } from './state-claims.ts';

export interface ClaimedCallback {
  /** From the path of the callback. */
  readonly app: App;
  /** Each occurs once. */
  readonly parameters: URLSearchParams;
  /** Tokens of the browser's existing sessions. */
  readonly sessions: BrowserTokens;
  /** The limiter's key for the request's address. */
  readonly address: () => string;
  /** The language of a refusal. */
  readonly language: () => Language;
  /** Of its request. */
  readonly resume: Resume;
}

export interface AnswerNeeds {
  readonly provider: IdentityProvider;
  readonly stateClaims: StateClaims;
  readonly decide: DecideSignIn;
  readonly tokens: SessionTokens;
  readonly registry: SessionRegistry;
  readonly recordAttempt: (attempt: AttemptFacts, address: string) => ReturnType<RecordAttempt>;
  /** Absent if limits are off. */
  readonly rejectedCodes?: RejectedCodes | undefined;
  /** Where launches from the portal land, if not at the main product. */
  readonly findLaunch?: (districtId: string, app: App) => Promise<string | undefined>;
  /** Time limit for all calls to Clever of one sign-in: contract section 3. Milliseconds. */
  readonly cleverMs?: number;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

/** Counts codes that Clever rejected, per address. */
export interface RejectedCodes {
  /** Too many were rejected recently, so no more are sent. */
  isOver(address: string): Promise<boolean>;
  add(address: string): Promise<void>;
}

/** @throws StoreUnavailable if the store does not answer before Clever has verified the user */
export type AnswerCallback = (
  callback: ClaimedCallback,
  attempt: SealedAttempt,
  state: string,
  start: Start,
) => Promise<Answer & { readonly token?: string }>;

export function createAnswerCallback(needs: AnswerNeeds): AnswerCallback {
  const { provider, stateClaims, decide, tokens, registry, rejectedCodes, cleverMs = 10_000, clock } = needs;

  return async ({ app, parameters, sessions, address, language, resume }, attempt, state, start) => {
    const recordAttempt: RecordAttempt = (facts) =>
      resume(() => needs.recordAttempt({ ...facts, language: language() }, address()));
    const error = parameters.get('error');
    if (error !== null) return recordRefusal(recordAttempt, { code: readError(error), app, at: clock() });
    const deadline = clock() + cleverMs;
    const exchanged = await resume(() => provider.exchange(app, attempt.checks, parameters));
    if (exchanged.kind === 'refused') {
      const { code, reason } = exchanged;
      if (code === 'clever_rejected') await rejectedCodes?.add(address());
      return recordRefusal(recordAttempt, { code, reason, app, at: clock() });
    }
    const { claims, accessToken } = exchanged;
    const announce = (signedIn: SignedIn) => stateClaims.recordAnswer(state, signedIn);
    try {
      const decided = await decide(claims, {
        openedBy: stateClaims.blind(state),
        returnTo: attempt.returnTo,
        deadline,
        ...(start === 'portal'
          ? { findLaunch: async (districtId: string) => needs.findLaunch?.(districtId, app) }
          : {}),
        announce,
        resume,
        ...(accessToken === undefined ? {} : { accessToken }),
      });
      await endEarlier(sessions);
      // Signed here, because the store may fail on reading the key as well.
      if (decided.kind === 'signed-in') return { ...decided, token: await tokens.issue(decided.claims) };
      return {
        ...(await recordRefusal(
          recordAttempt,
          describeRefusal(decided, claims, app, clock()),
          pageFactsOf(decided, claims),
        )),
        endsSession: true,
      };
    } catch (failure) {
      ignoreSilence(failure);
      const silent = { kind: 'refused', code: 'service_unavailable' } as const;
      // A new user was verified: the former user's cookie is removed, even if the store does not answer.
      return {
        ...(await recordRefusal(recordAttempt, describeRefusal(silent, claims, app, clock()))),
        endsSession: true,
      };
    }
  };

  /** Ends the sessions of the browser's former users, since another user has just been verified. */
  async function endEarlier(sessions: BrowserTokens): Promise<void> {
    for (const { district, sid } of await verifySessions(tokens, sessions)) await registry.end(district, sid);
  }
}

/**
 * Clever's code for a user whose district has not shared the app, with dash or underscore (third-party guide); any
 * other `error` is a denial.
 */
export const readError = (error: string): 'app_not_shared' | 'clever_denied' =>
  /^unauthorized[-_]user$/i.test(error) ? 'app_not_shared' : 'clever_denied';
