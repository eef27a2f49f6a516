// The composition root of a server. Only this folder builds adapters; every use case gets exactly its ports.
import type { Express } from 'express';
import { getSubdomain } from 'tldts';
import { recordSettings } from '../admin/record-settings.ts';
import type { Config, ShownSettings } from '../config/config.ts';
import { createApp } from '../http/app.ts';
import { createAdmission } from '../http/kit/admission.ts';
import type { AccessRefused } from '../http/kit/authenticate.ts';
import { createCookies } from '../http/kit/cookies.ts';
import { createLimits } from '../http/kit/limits.ts';
import { createBodyDeadline } from '../http/kit/read-body.ts';
import { createSessionRoutes } from '../http/session/routes.ts';
import { callbackPaths } from '../http/sign-in/routes.ts';
import { staffCookieName } from '../http/support/staff-cookies.ts';
import { createLimiter, type Rule } from '../limits/limiter.ts';
import { oidcPaths } from '../oidc/provider-port.ts';
import { createLimitedLog, type Log } from '../ops/log.ts';
import { createMetrics, type Metrics } from '../ops/metrics.ts';
import { createOpsApp, createReadiness, type Readiness } from '../ops/ops-app.ts';
import { createFindLiveSession } from '../session/live-session.ts';
import { createSessionTokens } from '../session/session-token.ts';
import type { DropTimes } from '../sftp-drop/watch-drop.ts';
import { refuseCopy } from '../store/backup/back-up.ts';
import { checkStore } from '../store/check-store.ts';
import { watchStore } from '../store/guard/watch-store.ts';
import { StoreUnavailable } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';
import { runWithTracer } from '../trace/request-context.ts';
import { readOperator } from './audit.ts';
import { createServerWork } from './background-work.ts';
import { createDistrictPages, createSharedPages } from './district-pages.ts';
import { keepServerEscrow } from './escrow.ts';
import { createOidc, type OidcNeeds } from './oidc.ts';
import { createProgramRoutes } from './programs.ts';
import { createServerSync } from './secure-sync.ts';
import { createServices, type Services } from './services.ts';
import { createFormToken, createSignIn } from './sign-in.ts';
import { createAdminPages, createCheckClever, createSupportPages, readStaffSettings } from './staff-pages.ts';
import { answerTimeOf, openStorage } from './storage.ts';
import { openTracing } from './tracing.ts';

export interface Bridge {
  readonly app: Express;
  readonly opsApp: Express;
  /** The response of `opsApp`, for a process that answers for several. */
  readonly readiness: () => Promise<Readiness>;
  readonly metrics: Pick<Metrics, 'contentType' | 'text' | 'json'>;
  /** Starts the background work of each process. */
  startWork(): void;
  /** Starts the work of one process among several: the SFTP drop, the nightly sync, maintenance. */
  startSharedWork(): void;
  /** From here on /readyz responds 503, so that the load balancer sends no new requests. */
  stopBeingReady(): void;
  /** Stops the background work between two steps, then closes everything. */
  close(): Promise<void>;
}

export interface BridgeOptions {
  readonly dropTimes?: Partial<DropTimes>;
  /** From package.json; a label of a metric. */
  readonly version?: string;
  /** For the audit log. */
  readonly settings?: ShownSettings;
}

/** A larger difference between this machine's clock and the store's is logged. */
const clockOffMs = 5_000;

export async function createBridge(config: Config, log: Log, options: BridgeOptions = {}): Promise<Bridge> {
  // Long because of the parts of a server: each is built once and handed to those after it.
  const metrics = createMetrics(options.version);
  const tracing = await openTracing(config, log, options.version);
  const { services, guard } = await openServerServices(config, log, metrics);
  // A store that accepts no writes now can still check sessions.
  await recordStart(services, options).catch(log.failure);
  const { store, vault, clock } = services.storage;
  const { registry, keys } = services.sessions;
  const { rosters, directory } = services.rosters;
  const tokens = createSessionTokens(keys, {
    issuer: config.PUBLIC_URL.origin,
    audience: config.SESSION_AUDIENCE,
    clock,
  });
  const findLiveSession = createFindLiveSession({ tokens, registry, rosters, directory });
  const sync = createServerSync(services, config, log, metrics.rosters.synced);
  const limiter = createServerLimiter(vault, log);
  const onRefused = createAccessReport(log);
  const cookies = createServerCookies(config);
  const work = createServerWork(services, { config, log, metrics, limiter, sync, dropTimes: options.dropTimes });
  const bodyDeadline = createBodyDeadline();
  const admission = createAdmission({
    onOverload: metrics.turnedAway,
    onChange: (state) => (state === 'overloaded' ? log.warn(state) : log.info(state)),
  });
  const formToken = createFormToken(vault);
  const sharedPages = createSharedPages(services, { bodyDeadline, dataApi: sync.dataApi, onFailure: log.failure });
  const signIn = createSignIn(services, {
    config,
    log,
    metrics,
    limiter,
    sync,
    tokens,
    findLiveSession,
    cookies,
    admission,
    formToken,
  });
  metrics.clever.follow(signIn.provider.health);
  const oidc = createOidc(services, {
    tokens,
    findLiveSession,
    cookies,
    publicUrl: config.PUBLIC_URL,
    onFailure: log.failure,
    startSignIn: signIn.startSignIn,
    report: metrics.oidc.answered,
    reportLogout: createLogoutReport(metrics, log),
  });
  const support = createSupportPages(services, { ...readStaffSettings(config, log.failure), onRefused });
  const [tokenRoutes, programRoutes] = createProgramRoutes(services, {
    tokens,
    findLiveSession,
    issuer: config.PUBLIC_URL.origin,
    audience: config.SESSION_AUDIENCE,
    bodyDeadline,
    onFailure: log.failure,
    dataApi: sync.dataApi,
    onRefused,
    guards: support.guards,
  });
  const app = createApp({
    routers: [
      ...signIn.routers,
      ...oidc.routers,
      createSessionRoutes({ keys, findLiveSession, cookies, publicUrl: config.PUBLIC_URL }),
      tokenRoutes,
    ],
    rareRouters: [
      ...programRoutes,
      ...support.routers,
      ...createAdminPages(services, {
        access: support.adminAccess,
        sharedPages,
        sync: sync.sync,
        checkClever: createCheckClever(config),
      }),
      ...(config.DISTRICT_PAGES === 'off'
        ? []
        : [
            createDistrictPages(services, {
              findLiveSession,
              cookies,
              formToken,
              sharedPages,
              publicUrl: config.PUBLIC_URL,
              onFailure: log.failure,
            }),
          ]),
    ],
    tracer: tracing.tracer,
    watch: metrics.http.handler,
    bodyDeadline: bodyDeadline.start,
    limit:
      config.LIMITS === 'on'
        ? createLimits({
            limiter,
            blind: (text) => vault.blind('limit', 'credential', text),
            signInPaths: ['/login', oidcPaths.authorization, ...Object.values(callbackPaths)],
            cookies,
            staffCookie: staffCookieName(isHttps(config)),
            onLimited: () => metrics.signIn({ outcome: 'rate_limited' }),
            onUnreadableAddress: once(() => log.warn('proxy_address_unreadable', { setting: 'TRUST_PROXY' })),
          })
        : undefined,
    trustProxy: config.TRUST_PROXY,
    https: isHttps(config),
    isOwnHost: Boolean(getSubdomain(config.PUBLIC_URL.hostname)),
    supportContact: config.SUPPORT_CONTACT,
    onFailure: log.failure,
    isStoreSilent: (failure) => failure instanceof StoreUnavailable,
  });
  let isDraining = false;
  const readiness = createReadiness({
    pingStore: store.ping,
    storeHealth: guard.health,
    storeReadOnlyReason: guard.readOnlyReason,
    loadSigningKey: keys.current,
    cleverHealth: signIn.provider.health,
    isDraining: () => isDraining,
  });

  return {
    app,
    opsApp: createOpsApp({ readiness, metrics }),
    readiness,
    metrics,
    stopBeingReady() {
      isDraining = true;
    },
    startWork() {
      guard.start();
      work.startOwn();
      if (config.LIMITS === 'on') admission.start();
    },
    startSharedWork() {
      runWithTracer(tracing.tracer, () => {
        work.startShared();
        oidc.logouts.start();
      });
    },
    async close() {
      admission.close();
      await Promise.all([work.close(), oidc.logouts.close()]);
      await Promise.all([signIn.provider.close(), tracing.close()]);
      await store.close();
    },
  };
}

const isHttps = ({ PUBLIC_URL }: Pick<Config, 'PUBLIC_URL'>): boolean => PUBLIC_URL.protocol === 'https:';

const createServerLimiter = (vault: Vault, log: Log) =>
  createLimiter({
    blind: (rule, key) => vault.blind('limit', rule, key),
    onLimited: createLimitedLog<Rule>((rule, count) => log.warn('rate-limited', { rule, count })),
  });

const createAccessReport = (log: Log) =>
  createLimitedLog<AccessRefused>((refused, count) => log.warn('access-refused', { ...refused, count }), {
    nameOf: (refused) => Object.values(refused).join(' '),
  });

const createServerCookies = (config: Config) =>
  createCookies({
    secure: isHttps(config),
    sessionDomain: config.SESSION_COOKIE_DOMAIN,
    host: config.PUBLIC_URL.hostname,
    namesBrowsers: config.LIMITS === 'on',
  });

const createLogoutReport =
  (metrics: Metrics, log: Log): OidcNeeds['reportLogout'] =>
  ({ clientId }, result, tries) => {
    metrics.oidc.clientNotified(result);
    if (result !== 'delivered') log.warn('logout-not-delivered', { client: clientId, result, tries });
  };

async function recordStart({ storage, audit }: Services, { version, settings }: BridgeOptions): Promise<void> {
  if (settings === undefined) return;
  const startedWith = { ...(version === undefined ? {} : { version }), ...settings };
  await recordSettings({ ...storage, ...audit, operator: readOperator() }, startedWith);
}

/** Checks the store before it is used, and logs warnings for the operator. */
async function openServerServices(config: Config, log: Log, metrics: Metrics) {
  const answerTime = answerTimeOf(config);
  const isProduction = config.NODE_ENV === 'production';
  for (const { problem, node, detail } of await checkStore(config.STORE_URL, isProduction, answerTime))
    log.warn('store-check', { problem, node, detail });
  const { storage, guard, isFirst, clockOffsetMs } = await openStorage(config, {
    watch: (opened) => watchStore(opened, metrics.store.called),
  });
  await refuseCopy(config.STORE_URL, storage.store, answerTime).catch(async (failure) => {
    await storage.store.close();
    throw failure;
  });
  if (isFirst) log.warn('store-made');
  if (config.STORE_ESCROW_KEY !== undefined) {
    const kept = keepServerEscrow(config, storage.store, config.STORE_ESCROW_KEY);
    // A store that accepts no writes now gets it at the next start.
    const key = await kept.catch((failure) => void log.failure(failure));
    if (key !== undefined) log.info('escrow-made', { key });
  }
  guard.onChange((health) =>
    health === 'whole'
      ? log.info('store-whole')
      : log.warn('store-fault', { fault: health, ...cause(guard.readOnlyReason()) }),
  );
  metrics.store.follow(storage.store.ping);
  metrics.store.followClock(clockOffsetMs);
  if (Math.abs(clockOffsetMs()) > clockOffMs) log.warn('clock-off', { seconds: Math.round(clockOffsetMs() / 1000) });
  const watch = { publisher: metrics.rosters.watch, revocations: metrics.sessions.watch };
  return { services: createServices(storage, config, watch), guard };
}

const cause = (reason: string | undefined) => (reason === undefined ? {} : { cause: reason });

/** Reports the first time only. */
function once(report: () => void): () => void {
  let isReported = false;
  return () => {
    if (!isReported) report();
    isReported = true;
  };
}
