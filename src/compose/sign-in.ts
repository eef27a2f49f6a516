// The sign-in: Clever behind its port, the use cases, their routes, and the home page.
import { toVisitor } from '../admin/district-visitor.ts';
import { createCleverIdentityProvider } from '../clever/clever-identity-provider.ts';
import { readOutgoingProxy } from '../clever/connection.ts';
import type { Config } from '../config/config.ts';
import { createFindKnownDistrict } from '../district/known-districts.ts';
import type { Admission } from '../http/kit/admission.ts';
import type { Cookies } from '../http/kit/cookies.ts';
import type { FormToken } from '../http/kit/csrf.ts';
import { createHomeRoutes } from '../http/sign-in/home-routes.ts';
import {
  callbackPaths,
  createSignInRoutes,
  createStartSignIn,
  type SignInRoutesNeeds,
} from '../http/sign-in/routes.ts';
import type { Limiter } from '../limits/limiter.ts';
import { createFindLaunch } from '../oidc/find-launch.ts';
import { createLimitedLog, type Log } from '../ops/log.ts';
import type { Metrics } from '../ops/metrics.ts';
import { makeReference } from '../outcome/reference.ts';
import type { FindLiveSession } from '../session/live-session.ts';
import type { SessionTokens } from '../session/session-token.ts';
import type { RejectedCodes } from '../sign-in/answer-callback.ts';
import { createBeginSignIn } from '../sign-in/begin-sign-in.ts';
import { type CompletionNeeds, createCompleteSignIn } from '../sign-in/complete-sign-in.ts';
import { createDecideSignIn } from '../sign-in/decide-sign-in.ts';
import { createKeptRefusals } from '../sign-in/kept-refusals.ts';
import { limitAttempts } from '../sign-in/limit-attempts.ts';
import { limitUsers } from '../sign-in/limit-users.ts';
import type { RecordAttempt } from '../sign-in/record-refusal.ts';
import { createRepeatAnswer } from '../sign-in/repeat-answer.ts';
import type { SignInEvent } from '../sign-in/sign-in-event.ts';
import { createStates } from '../sign-in/state.ts';
import { createStateClaims } from '../sign-in/state-claims.ts';
import { equalInConstantTime, type Vault } from '../store/vault.ts';
import { carry, keepContext, noteOnRequest } from '../trace/request-context.ts';
import type { ServerSync } from './secure-sync.ts';
import type { Services } from './services.ts';
import type { Support } from './support.ts';

interface SignInNeeds {
  readonly config: Config;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly limiter: Limiter;
  readonly sync: Pick<ServerSync, 'readRecords' | 'refreshPerson'>;
  readonly tokens: SessionTokens;
  readonly findLiveSession: FindLiveSession;
  readonly cookies: Cookies;
  readonly admission: Admission;
  readonly formToken: FormToken;
}

export function createFormToken(vault: Vault): FormToken {
  const make = (sid: string) => vault.blind('sign-out-form', sid);
  return { make, fits: (token, sid) => equalInConstantTime(token, make(sid)) };
}

export function createSignIn(services: Services, needs: SignInNeeds) {
  const { config, log, metrics, limiter, tokens, findLiveSession, cookies, admission } = needs;
  const { store, vault, clock } = services.storage;
  const { registry } = services.sessions;
  const provider = createProvider(clock, needs);
  const states = createStates(vault, clock);
  const stateClaims = createStateClaims(store, vault, clock);
  const cleverTime = config.CLEVER_TIMEOUT === undefined ? {} : { cleverMs: config.CLEVER_TIMEOUT * 1_000 };
  const keptRefusals = createKeptRefusals(vault, clock);
  const routesNeeds: SignInRoutesNeeds = {
    begin: createBeginSignIn(provider, states, vault),
    complete: createCompleteSignIn({
      provider,
      states,
      stateClaims,
      vault,
      tokens,
      registry,
      findLiveSession,
      clock,
      decide: createDecide(services, needs),
      findLaunch: createFindLaunch({ clients: services.sessions.clients, issuer: config.PUBLIC_URL.origin, clock }),
      repeatAnswer: createRepeatAnswer({ stateClaims, registry, findLiveSession, clock, ...cleverTime }),
      keptRefusals,
      recordAttempt: createRecordAttempt(services.support, needs),
      rejectedCodes: config.LIMITS === 'on' ? createRejectedCodes(limiter) : undefined,
      during: admission.during,
      ...cleverTime,
    }),
    admission,
    cookies,
    keptRefusals,
    productUrl: config.PRODUCT_URL,
    returnOrigins: config.RETURN_TO,
    stateless: config.CLEVER_STATELESS,
    report: reportSignIns(log, metrics),
  };
  const home = createHomeRoutes({
    findLiveSession,
    tokens,
    registry,
    cookies,
    formToken: needs.formToken,
    isDistrictVisitor: async (live) =>
      config.DISTRICT_PAGES !== 'off' && (await toVisitor(services.rosters, live)) !== undefined,
    publicUrl: config.PUBLIC_URL,
    productUrl: config.PRODUCT_URL,
  });
  return {
    provider,
    routers: [createSignInRoutes(routesNeeds), home],
    startSignIn: createStartSignIn(routesNeeds),
  };
}

function createDecide(
  { storage, audit, sessions, rosters: roster, support, admin }: Services,
  { config, limiter, sync }: SignInNeeds,
) {
  const { districts, rosters, adoptMethods, directory, links } = roster;
  const decide = createDecideSignIn({
    store: storage.store,
    findDistrict: createFindKnownDistrict(districts),
    rosters,
    adoptMethods,
    directory,
    links,
    auditLog: audit.auditLog,
    endSessions: admin.endSessions,
    registry: sessions.registry,
    lastSuccesses: support.lastSuccesses,
    sessionTtlSeconds: config.SESSION_TTL,
    readRecords: (...asked) => carry(() => sync.readRecords(...asked)),
    refreshPerson: (...asked) => carry(() => sync.refreshPerson(...asked)),
    clock: storage.clock,
  });
  const counted: typeof decide = async (claims, opening) => {
    const decided = await decide(claims, opening);
    if (decided.kind === 'signed-in') support.counts.signedIn(decided.claims.district, decided.claims.sub);
    return decided;
  };
  return config.LIMITS === 'on' ? limitUsers(counted, limiter) : counted;
}

function createProvider(clock: () => number, { config, log, metrics }: SignInNeeds) {
  const { CLEVER_CLIENT_ID, CLEVER_CLIENT_SECRET } = config;
  const redirectUri = (app: keyof typeof callbackPaths) => new URL(callbackPaths[app], config.PUBLIC_URL).href;
  return createCleverIdentityProvider({
    clock,
    steady: () => performance.now(),
    // As an issuer identifier, without the slash that URL adds (OpenID Connect Discovery section 4.3).
    issuer: config.CLEVER_ISSUER.href.replace(/\/$/, ''),
    pkce: config.CLEVER_PKCE === 'on',
    proxy: readOutgoingProxy(config),
    ...(config.CLEVER_TIMEOUT === undefined ? {} : { deadlineMs: config.CLEVER_TIMEOUT * 1_000 }),
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
    // Calls are logged with the sign-in that made them.
    onEvent: (event) => {
      const { kind, ...facts } = event;
      metrics.clever.record(event);
      if (kind !== 'call') log.warn(`clever-${kind}`, facts);
    },
  });
}

/** Calls the limiter, which costs a keyed hash, only while codes are being rejected. */
function createRejectedCodes(limiter: Limiter): RejectedCodes {
  let rejectedAt = Number.NEGATIVE_INFINITY;
  return {
    isOver: async (address) =>
      performance.now() - rejectedAt < 60_000 && (await limiter.peek('rejected_code', address)) !== undefined,
    async add(address) {
      rejectedAt = performance.now();
      await limiter.count('rejected_code', address);
    },
  };
}

/** If the store cannot save the attempt, the log line is its only record. */
function createRecordAttempt(
  { attempts }: Pick<Support, 'attempts'>,
  { config, limiter, log, metrics }: SignInNeeds,
): CompletionNeeds['recordAttempt'] {
  return (facts, address) => {
    const resume = keepContext();
    const record: RecordAttempt = async (attempt) => {
      const reference = makeReference();
      try {
        const recorded = await attempts.record(attempt, reference);
        metrics.attempt('kept');
        return { reference: recorded.reference, kept: true };
      } catch (failure) {
        metrics.attempt('lost');
        resume(() => log.failure(failure));
        return { reference, kept: false };
      }
    };
    if (config.LIMITS !== 'on') return record(facts);
    return limitAttempts(record, limiter, () => metrics.attempt('limited'))(facts, address);
  };
}

/**
 * Reports the event of a sign-in to the log, the metrics and the trace. Events that any client can cause are only
 * counted, so that a flood of them is not a flood of lines.
 */
export function reportSignIns(
  log: Pick<Log, 'signIn'>,
  metrics: Pick<Metrics, 'signIn'>,
): (event: SignInEvent) => void {
  const reportUnproven = createLimitedLog<SignInEvent>(({ isUnproven, ...event }, count) => log.signIn(event, count), {
    nameOf: ({ outcome }) => outcome,
  });
  return (event) => {
    if (event.isUnproven) reportUnproven(event);
    else log.signIn(event);
    metrics.signIn(event);
    noteOnRequest({ 'sso_bridge.outcome': event.outcome, ...(event.app && { 'sso_bridge.app': event.app }) });
  };
}
