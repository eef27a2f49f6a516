// The composition root of a server: here and in wire-*.ts adapters are built. Everything else is handed what it needs.
import type { Express } from 'express';
import { getSubdomain } from 'tldts';
import type { Config } from './config.ts';
import type { AccessRefused } from './http/access-refused.ts';
import { createAdmission } from './http/admission.ts';
import { createApp } from './http/app.ts';
import { createBodyDeadline } from './http/body-deadline.ts';
import { createCookies } from './http/cookies.ts';
import { createLimits } from './http/limits.ts';
import { createSessionRoutes } from './http/session/routes.ts';
import { callbackPaths } from './http/sign-in/routes.ts';
import { staffCookieName } from './http/support/staff-cookies.ts';
import { createLimiter, type Rule } from './limits/limiter.ts';
import { createTellLimited } from './limits/tell-limited.ts';
import type { Log } from './ops/log.ts';
import { createMetrics, type Metrics } from './ops/metrics.ts';
import { createOpsApp } from './ops/ops-app.ts';
import type { DropTimes } from './roster/drop/watch-drop.ts';
import { createFindLiveSession } from './session/live-session.ts';
import { createSessionTokens } from './session/session-token.ts';
import { refuseCopy } from './store/back-up.ts';
import { checkStore } from './store/check-store.ts';
import { StoreUnavailable } from './store/store.ts';
import { watchStore } from './store/watch-store.ts';
import { openGuardedOffice } from './wire-office.ts';
import { createProgramRoutes } from './wire-programs.ts';
import { createSignIn } from './wire-sign-in.ts';
import { createSupport, readStaffSettings } from './wire-support.ts';
import { createServerSync } from './wire-sync.ts';
import { createServerWork } from './wire-work.ts';

export interface Bridge {
  readonly app: Express;
  readonly opsApp: Express;
  /** Begins what goes on beside requests: the watch on the SFTP drop, the nightly sync. */
  startWork(): void;
  /** From here on /readyz says no, so that nobody new is sent here. */
  stopBeingReady(): void;
  /** Stops what goes on beside requests between two steps, then closes everything. */
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
  const metrics = createMetrics(options.version);
  const { office, guard } = await openServerOffice(config, log, metrics);
  const { store, vault, standings, registry, directory, keys, clock } = office;
  const tokens = createSessionTokens(keys, {
    issuer: config.PUBLIC_URL.origin,
    audience: config.SESSION_AUDIENCE,
    clock,
  });
  const findLiveSession = createFindLiveSession({ tokens, registry, standings, directory });
  const sync = createServerSync(office, config, log, metrics.rosters.synced);
  const limiter = createLimiter({
    blind: (rule, key) => vault.blind('limit', rule, key),
    onLimited: createTellLimited<Rule>((rule, count) => log.warn('rate-limited', { rule, count })),
  });
  const onRefused = createTellLimited<AccessRefused>(
    (refused, count) => log.warn('access-refused', { ...refused, count }),
    { nameOf: (refused) => Object.values(refused).join(' ') },
  );
  const cookies = createCookies({
    secure: config.PUBLIC_URL.protocol === 'https:',
    sessionDomain: config.SESSION_COOKIE_DOMAIN,
    namesBrowsers: config.LIMITS === 'on',
  });
  const work = createServerWork(office, { config, log, metrics, limiter, sync, dropTimes: options.dropTimes });
  const bodyDeadline = createBodyDeadline();
  const admission = createAdmission({
    onTurnedAway: metrics.turnedAway,
    onChange: (state) => (state === 'overloaded' ? log.warn(state) : log.info(state)),
  });
  let isDraining = false;
  const signIn = createSignIn(office, {
    ...{ config, log, metrics, limiter, sync, tokens, findLiveSession, cookies, admission },
  });
  metrics.clever.follow(signIn.provider.health);

  const support = createSupport(office, { ...readStaffSettings(config, log.failure), onRefused });

  const app = createApp({
    routers: [
      ...signIn.routers,
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
        guards: support.guards,
      }),
      ...support.routers,
    ],
    watch: metrics.http.handler,
    bodyDeadline: bodyDeadline.start,
    limit:
      config.LIMITS === 'on'
        ? createLimits({
            limiter,
            blind: (text) => vault.blind('limit', 'credential', text),
            signInPaths: ['/login', ...Object.values(callbackPaths)],
            cookies,
            staffCookie: staffCookieName(config.PUBLIC_URL.protocol === 'https:'),
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
      cleverHealth: signIn.provider.health,
      isDraining: () => isDraining,
      metrics,
    }),
    stopBeingReady() {
      isDraining = true;
    },
    startWork() {
      guard.start();
      work.start();
      if (config.LIMITS === 'on') admission.start();
    },
    async close() {
      admission.close();
      await work.close();
      await signIn.provider.close();
      await store.close();
    },
  };
}

/** Looks at the store before it is used, and tells what an operator should know of it. */
async function openServerOffice(config: Config, log: Log, metrics: Metrics) {
  for (const { problem, node, detail } of await checkStore(config.STORE_URL, config.NODE_ENV === 'production'))
    log.warn('store-check', { problem, node, detail });
  const { office, guard, isFirst, clock } = await openGuardedOffice(config, {
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
  metrics.store.follow(office.store.ping);
  metrics.store.followClock(clock.offsetMs);
  if (Math.abs(clock.offsetMs()) > clockOffMs) log.warn('clock-off', { seconds: Math.round(clock.offsetMs() / 1000) });
  return { office, guard };
}
