// The composition root: the only file that builds adapters. Everything else is handed what it needs.
import type { Express } from 'express';
import { getSubdomain } from 'tldts';
import { createCleverIdentityProvider } from './clever/clever-identity-provider.ts';
import type { Config } from './config.ts';
import type { AccessRefused } from './http/access-refused.ts';
import { createAdmission } from './http/admission.ts';
import { createApp } from './http/app.ts';
import { createBodyDeadline } from './http/body-deadline.ts';
import { createCookies } from './http/cookies.ts';
import { createLimits } from './http/limits.ts';
import { createSessionRoutes } from './http/session/routes.ts';
import { callbackPaths, createSignInRoutes } from './http/sign-in/routes.ts';
import { createLimiter, type Rule } from './limits/limiter.ts';
import { createCountSharing } from './limits/share-counts.ts';
import { createTellLimited } from './limits/tell-limited.ts';
import { createCensus } from './ops/census.ts';
import type { Log } from './ops/log.ts';
import { createMetrics, type Metrics } from './ops/metrics.ts';
import { createOpsApp } from './ops/ops-app.ts';
import { createPublishSet } from './roster/drop/publish-set.ts';
import { createDropWatcher, type DropTimes } from './roster/drop/watch-drop.ts';
import { createFindKnownDistrict } from './roster/known-districts.ts';
import { createCountRosters } from './roster/roster-census.ts';
import { createFindLiveSession } from './session/live-session.ts';
import { createSessionTokens } from './session/session-token.ts';
import { createSessionUpkeep } from './session/upkeep.ts';
import { createBeginSignIn } from './sign-in/begin-sign-in.ts';
import { createCompleteSignIn } from './sign-in/complete-sign-in.ts';
import { createDecideSignIn } from './sign-in/decide-sign-in.ts';
import { limitPeople } from './sign-in/limit-people.ts';
import type { RecordAttempt } from './sign-in/record-refusal.ts';
import { createRepeatAnswer } from './sign-in/repeat-answer.ts';
import { createStates } from './sign-in/state.ts';
import { createStateClaims } from './sign-in/state-claims.ts';
import { refuseCopy } from './store/back-up.ts';
import { checkStore } from './store/check-store.ts';
import { StoreUnavailable } from './store/store.ts';
import { equalInConstantTime } from './store/vault.ts';
import { watchStore } from './store/watch-store.ts';
import { makeReference } from './support/reference.ts';
import { type Office, openGuardedOffice } from './wire-office.ts';
import { createProgramRoutes } from './wire-programs.ts';
import { createSupportRoutes, readStaffSettings } from './wire-support.ts';
import { createServerSync } from './wire-sync.ts';

export interface Bridge {
  readonly app: Express;
  readonly opsApp: Express;
  /** Begins what goes on beside requests: the watch on the SFTP drop, the nightly sync. */
  startWork(): void;
  /** From here on /readyz says no, so that nobody new is sent here. */
  stopBeingReady(): void;
  /** Stops that between two steps, then closes everything. */
  close(): Promise<void>;
}

export interface BridgeOptions {
  readonly dropTimes?: Partial<DropTimes>;
  /** As package.json has it; told by a metric. */
  readonly version?: string;
}

/** This machine's clock against the store's: more is worth a line in the log. */
const clockOffMs = 5_000;

export async function createBridge(config: Config, log: Log, options: BridgeOptions = {}): Promise<Bridge> {
  for (const { problem, node, detail } of await checkStore(config.STORE_URL, config.NODE_ENV === 'production'))
    log.warn('store-check', { problem, node, detail });
  const metrics = createMetrics(options.version);
  const {
    office,
    guard,
    isFirst,
    clock: storeClock,
  } = await openGuardedOffice(config, {
    store: (opened) => watchStore(opened, metrics.store.called),
    publisher: metrics.rosters.watch,
    revocations: metrics.sessions.watch,
  });
  await refuseCopy(config.STORE_URL, office.store).catch(async (failure) => {
    await office.store.close();
    throw failure;
  });
  if (isFirst) log.warn('store-made');
  guard.onChange((health) =>
    health === 'whole' ? log.info('store-whole') : log.warn('store-fault', { fault: health }),
  );
  const { store, vault, standings, registry, directory, links, keys, districts } = office;
  const { clock } = office;
  const provider = createProvider(config, log, metrics, clock);
  metrics.clever.follow(provider.health);
  metrics.store.follow(store.ping);
  metrics.store.followClock(storeClock.offsetMs);
  if (Math.abs(storeClock.offsetMs()) > clockOffMs)
    log.warn('clock-off', { seconds: Math.round(storeClock.offsetMs() / 1000) });
  const tokens = createSessionTokens(keys, {
    issuer: config.PUBLIC_URL.origin,
    audience: config.SESSION_AUDIENCE,
    clock,
  });
  const findLiveSession = createFindLiveSession({ tokens, registry, standings, directory });
  const states = createStates(vault, clock);
  const stateClaims = createStateClaims(store, vault, clock);
  const sync = createServerSync(office, config, log, metrics.rosters.synced);
  const decide = createDecideSignIn({
    store,
    standings,
    directory,
    links,
    trail: office.trail,
    endSessions: office.endSessions,
    registry,
    lastSuccesses: office.lastSuccesses,
    findDistrict: createFindKnownDistrict(districts),
    sessionTtlSeconds: config.SESSION_TTL,
    readRecords: sync.readRecords,
    refreshPerson: sync.refreshPerson,
    clock,
  });
  const limiter = createLimiter({
    blind: (rule, key) => vault.blind('limit', rule, key),
    onLimited: createTellLimited<Rule>((rule, count) => log.warn('rate-limited', { rule, count })),
  });
  const onRefused = createTellLimited<AccessRefused>(
    (refused, count) => log.warn('access-refused', { ...refused, count }),
    { nameOf: (refused) => Object.values(refused).join(' ') },
  );
  const sharing = config.LIMITS === 'on' ? createCountSharing(store, vault, limiter) : undefined;
  const recordAttempt = createRecordAttempt(office, log, metrics);
  const repeatAnswer = createRepeatAnswer({ stateClaims, registry, findLiveSession, clock });
  const cookies = createCookies({
    secure: config.PUBLIC_URL.protocol === 'https:',
    sessionDomain: config.SESSION_COOKIE_DOMAIN,
    namesBrowsers: config.LIMITS === 'on',
  });
  const drop = createDrop(office, config, log, options, metrics);
  const upkeep = createSessionUpkeep({
    keys,
    registry,
    listDistricts: districts.list,
    onRotation: ({ kid, signs_from }) => log.info('key-rotated', { kid, signs_from }),
    onDone: metrics.sessions.upkeepDone,
    onFailure: log.failure,
  });
  const census = createCensus({
    countRosters: createCountRosters({ ...office, listDistricts: districts.list }),
    listKeys: keys.list,
    metrics,
    onFailure: log.failure,
  });
  const bodyDeadline = createBodyDeadline();
  const admission = createAdmission({
    onTurnedAway: metrics.turnedAway,
    onChange: (state) => (state === 'overloaded' ? log.warn(state) : log.info(state)),
  });
  let isDraining = false;
  const formToken = (sid: string) => vault.blind('sign-out-form', sid);

  const app = createApp({
    routers: [
      createSignInRoutes({
        begin: createBeginSignIn(provider, states, vault),
        complete: createCompleteSignIn({
          provider,
          states,
          stateClaims,
          vault,
          decide: config.LIMITS === 'on' ? limitPeople(decide, limiter) : decide,
          tokens,
          registry,
          findLiveSession,
          repeatAnswer,
          recordAttempt,
          clock,
        }),
        admission,
        findLiveSession,
        registry,
        cookies,
        formToken: { make: formToken, fits: (token, sid) => equalInConstantTime(token, formToken(sid)) },
        publicUrl: config.PUBLIC_URL,
        productUrl: config.PRODUCT_URL,
        returnOrigins: config.RETURN_TO,
        stateless: config.CLEVER_STATELESS,
        tell: (event) => {
          log.signIn(event);
          metrics.signIn(event);
        },
      }),
      createSessionRoutes({ keys, findLiveSession, cookies, publicUrl: config.PUBLIC_URL }),
      ...createProgramRoutes(office, {
        tokens,
        findLiveSession,
        issuer: config.PUBLIC_URL.origin,
        audience: config.SESSION_AUDIENCE,
        bodyDeadline,
        onFailure: log.failure,
        dataApi: sync.dataApi,
        onRefused,
      }),
      ...createSupportRoutes(office, { ...readStaffSettings(config, log.failure), onRefused }),
    ],
    watch: metrics.http.handler,
    bodyDeadline: bodyDeadline.start,
    // Counted and not logged: a flood of requests must not become a flood of lines.
    limit:
      config.LIMITS === 'on'
        ? createLimits({
            limiter,
            blind: (text) => vault.blind('limit', 'credential', text),
            signInPaths: ['/login', ...Object.values(callbackPaths)],
            cookies,
            staffCookie: config.PUBLIC_URL.protocol === 'https:' ? '__Host-summit_staff' : 'summit_staff',
            onLimited: () => metrics.signIn({ outcome: 'rate_limited' }),
          })
        : undefined,
    trustProxy: config.TRUST_PROXY,
    https: config.PUBLIC_URL.protocol === 'https:',
    isOwnHost: Boolean(getSubdomain(config.PUBLIC_URL.hostname)),
    onFailure: log.failure,
    isStoreSilent: (failure) => failure instanceof StoreUnavailable,
  });

  return {
    app,
    opsApp: createOpsApp({
      pingStore: store.ping,
      storeHealth: guard.health,
      loadSigningKey: keys.current,
      cleverHealth: provider.health,
      isDraining: () => isDraining,
      metrics,
    }),
    stopBeingReady() {
      isDraining = true;
    },
    startWork() {
      guard.start();
      void sharing?.start();
      drop?.start();
      sync.start();
      upkeep.start();
      if (config.LIMITS === 'on') admission.start();
      census.start();
    },
    async close() {
      admission.close();
      await Promise.all([sharing?.close(), drop?.close(), sync.close(), upkeep.close(), census.close()]);
      await provider.close();
      await store.close();
    },
  };
}

function createProvider(config: Config, log: Log, metrics: Metrics, clock: () => number) {
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

function createDrop(
  office: Office,
  { SFTP_DROP }: Config,
  log: Log,
  { dropTimes = {} }: BridgeOptions,
  { rosters }: Metrics,
) {
  if (SFTP_DROP === undefined) return undefined;
  // A drop that is missing from the beginning must grow old as well.
  rosters.dropLooked();
  return createDropWatcher({
    ...office,
    drop: SFTP_DROP,
    publishSet: createPublishSet(office),
    log: rosters.watchDrop(log),
    onLook: rosters.dropLooked,
    times: dropTimes,
  });
}

/** Every refusal has a reference, also when the store cannot keep the attempt; then the log line is its record. */
function createRecordAttempt({ attempts }: Office, log: Log, metrics: Metrics): RecordAttempt {
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
