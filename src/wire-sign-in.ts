// The sign-in itself: Clever behind its port, the story, its routes, and home. Part of the composition root.
import { createCleverIdentityProvider } from './clever/clever-identity-provider.ts';
import type { Config } from './config.ts';
import type { Admission } from './http/admission.ts';
import type { Cookies } from './http/cookies.ts';
import { createHomeRoutes } from './http/sign-in/home-routes.ts';
import { callbackPaths, createSignInRoutes } from './http/sign-in/routes.ts';
import type { Limiter } from './limits/limiter.ts';
import type { Log } from './ops/log.ts';
import type { Metrics } from './ops/metrics.ts';
import { createFindKnownDistrict } from './roster/known-districts.ts';
import type { FindLiveSession } from './session/live-session.ts';
import type { SessionTokens } from './session/session-token.ts';
import { createBeginSignIn } from './sign-in/begin-sign-in.ts';
import { createCompleteSignIn } from './sign-in/complete-sign-in.ts';
import { createDecideSignIn } from './sign-in/decide-sign-in.ts';
import { limitPeople } from './sign-in/limit-people.ts';
import type { RecordAttempt } from './sign-in/record-refusal.ts';
import { createRepeatAnswer } from './sign-in/repeat-answer.ts';
import { createStates } from './sign-in/state.ts';
import { createStateClaims } from './sign-in/state-claims.ts';
import { equalInConstantTime } from './store/vault.ts';
import { makeReference } from './support/reference.ts';
import type { Office } from './wire-office.ts';
import type { ServerSync } from './wire-sync.ts';

export interface SignInNeeds {
  readonly config: Config;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly limiter: Limiter;
  readonly sync: Pick<ServerSync, 'readRecords' | 'refreshPerson'>;
  readonly tokens: SessionTokens;
  readonly findLiveSession: FindLiveSession;
  readonly cookies: Cookies;
  readonly admission: Admission;
}

export function createSignIn(office: Office, needs: SignInNeeds) {
  const { config, log, metrics, tokens, findLiveSession, cookies, admission } = needs;
  const { store, vault, registry, clock } = office;
  const provider = createProvider(office, needs);
  const states = createStates(vault, clock);
  const stateClaims = createStateClaims(store, vault, clock);
  const formToken = (sid: string) => vault.blind('sign-out-form', sid);
  const routes = createSignInRoutes({
    begin: createBeginSignIn(provider, states, vault),
    complete: createCompleteSignIn({
      ...{ provider, states, stateClaims, vault, tokens, registry, findLiveSession, clock },
      decide: createDecide(office, needs),
      repeatAnswer: createRepeatAnswer({ stateClaims, registry, findLiveSession, clock }),
      recordAttempt: createRecordAttempt(office, needs),
    }),
    ...{ admission, cookies },
    productUrl: config.PRODUCT_URL,
    returnOrigins: config.RETURN_TO,
    stateless: config.CLEVER_STATELESS,
    tell: (event) => {
      log.signIn(event);
      metrics.signIn(event);
    },
  });
  const home = createHomeRoutes({
    ...{ findLiveSession, registry, cookies },
    formToken: { make: formToken, fits: (token, sid) => equalInConstantTime(token, formToken(sid)) },
    publicUrl: config.PUBLIC_URL,
    productUrl: config.PRODUCT_URL,
  });
  return { provider, routers: [routes, home] };
}

function createDecide(office: Office, { config, limiter, sync }: SignInNeeds) {
  const decide = createDecideSignIn({
    ...office,
    findDistrict: createFindKnownDistrict(office.districts),
    sessionTtlSeconds: config.SESSION_TTL,
    readRecords: sync.readRecords,
    refreshPerson: sync.refreshPerson,
  });
  return config.LIMITS === 'on' ? limitPeople(decide, limiter) : decide;
}

function createProvider({ clock }: Office, { config, log, metrics }: SignInNeeds) {
  const { CLEVER_CLIENT_ID, CLEVER_CLIENT_SECRET } = config;
  const redirectUri = (app: keyof typeof callbackPaths) => new URL(callbackPaths[app], config.PUBLIC_URL).href;
  return createCleverIdentityProvider({
    clock,
    steady: () => performance.now(),
    // As an issuer identifier, without the slash that URL adds (OpenID Connect Discovery section 4.3).
    issuer: config.CLEVER_ISSUER.href.replace(/\/$/, ''),
    pkce: config.CLEVER_PKCE === 'on',
    apps: {
      'summit-k12': {
        clientId: CLEVER_CLIENT_ID,
        clientSecret: CLEVER_CLIENT_SECRET,
        redirectUri: redirectUri('summit-k12'),
      },
      'secure-sync': {
        clientId: config.CLEVER_SECURE_SYNC_CLIENT_ID ?? CLEVER_CLIENT_ID,
        clientSecret: config.CLEVER_SECURE_SYNC_CLIENT_SECRET ?? CLEVER_CLIENT_SECRET,
        redirectUri: redirectUri('secure-sync'),
      },
    },
    // Calls are told by the sign-in they belong to; here only what outlasts one.
    onEvent: (event) => {
      const { kind, ...facts } = event;
      metrics.clever.told(event);
      if (kind !== 'call') log.warn(`clever-${kind}`, facts);
    },
  });
}

/** Every refusal has a reference, also when the store cannot keep the attempt; then the log line is its record. */
function createRecordAttempt({ attempts }: Office, { log, metrics }: SignInNeeds): RecordAttempt {
  return async (attempt) => {
    const reference = makeReference();
    try {
      const recorded = await attempts.record(attempt, reference);
      metrics.attempt('kept');
      return { reference: recorded.reference, kept: true };
    } catch (failure) {
      metrics.attempt('lost');
      log.failure(failure);
      return { reference, kept: false };
    }
  };
}
