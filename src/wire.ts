// The composition root: the only file that builds adapters. Everything else is handed what it needs.
import type { Express } from 'express';
import { createCleverIdentityProvider } from './clever/clever-identity-provider.ts';
import type { CommandConfig, Config } from './config.ts';
import { createApp } from './http/app.ts';
import { createBodyDeadline } from './http/body-deadline.ts';
import { createCookies } from './http/cookies.ts';
import { createLimit } from './http/limits.ts';
import { createSessionRoutes } from './http/session/routes.ts';
import { callbackPaths, createSignInRoutes } from './http/sign-in/routes.ts';
import type { Log } from './ops/log.ts';
import { createMetrics } from './ops/metrics.ts';
import { createOpsApp } from './ops/ops-app.ts';
import { createChangeLog } from './roster/change-log.ts';
import { createDirectory } from './roster/directory.ts';
import { createDistricts, type District, partitionOf } from './roster/district.ts';
import { createPublishSet } from './roster/drop/publish-set.ts';
import { createDropWatcher, type DropTimes } from './roster/drop/watch-drop.ts';
import { createEraseDistrict } from './roster/erase-district.ts';
import { createFollowRoster } from './roster/follow-roster.ts';
import { createLinks } from './roster/links.ts';
import { createPreflight } from './roster/preflight.ts';
import { createRosterPublisher } from './roster/publish.ts';
import { createReadRoster } from './roster/read-roster.ts';
import { createReadRosterState } from './roster/read-roster-state.ts';
import { createRecordedPublisher } from './roster/recorded-publisher.ts';
import { createRosterCursors } from './roster/roster-cursor.ts';
import { createRosterLines } from './roster/roster-lines.ts';
import { createSyncLog } from './roster/secure-sync/sync-log.ts';
import { createStandings } from './roster/standing.ts';
import { createCredentials } from './session/credentials.ts';
import { createEndSessions } from './session/end-sessions.ts';
import { createFindLiveSession } from './session/live-session.ts';
import { createRevocations } from './session/revocations.ts';
import { createSessionRegistry } from './session/session-registry.ts';
import { createSessionTokens } from './session/session-token.ts';
import { createSigningKeys } from './session/signing-keys.ts';
import { createBeginSignIn } from './sign-in/begin-sign-in.ts';
import { createCompleteSignIn } from './sign-in/complete-sign-in.ts';
import { createDecideMatch } from './sign-in/decide-match.ts';
import { createDecideSignIn } from './sign-in/decide-sign-in.ts';
import type { RecordAttempt } from './sign-in/record-refusal.ts';
import { createRepeatAnswer } from './sign-in/repeat-answer.ts';
import { createStates } from './sign-in/state.ts';
import { createStateClaims } from './sign-in/state-claims.ts';
import { readDevelopmentKeys } from './store/development-keys.ts';
import { openStore } from './store/open-store.ts';
import { type Store, StoreUnavailable } from './store/store.ts';
import { equalInConstantTime, openVault, type Vault } from './store/vault.ts';
import { createOpenCase } from './support/attempt-case.ts';
import { createAttemptLog } from './support/attempt-log.ts';
import { createLastSuccesses } from './support/last-success.ts';
import { createReadPersonHistory } from './support/person-history.ts';
import { makeReference } from './support/reference.ts';
import { createResolveAttempts } from './support/resolve-attempts.ts';
import { createStaffTrail } from './support/staff-trail.ts';
import { createTrail } from './support/trail.ts';
import { createProgramRoutes } from './wire-programs.ts';
import { createSupportRoutes, readStaffSettings } from './wire-support.ts';
import { createServerSync } from './wire-sync.ts';

/** What works on the store alone: all that commands need, and the ground the server stands on. */
export type Office = Awaited<ReturnType<typeof openOffice>>;

/** @throws StoreUnavailable, WrongStoreKeys */
export async function openOffice(config: CommandConfig) {
  const store = await openStore(config.STORE_URL);
  try {
    return furnish(store, await openVault(store, await storeKeys(config)), config);
  } catch (failure) {
    await store.close();
    throw failure;
  }
}

async function storeKeys({ STORE_KEYS, STORE_URL }: CommandConfig) {
  if (STORE_KEYS !== undefined) return STORE_KEYS;
  if (STORE_URL.kind !== 'embedded') throw new TypeError('STORE_KEYS is required with a Redis store');
  return readDevelopmentKeys(STORE_URL.path);
}

/** @param clock milliseconds since the epoch */
export function furnish(
  store: Store,
  vault: Vault,
  { SESSION_TTL, ATTEMPT_RETENTION }: Pick<CommandConfig, 'SESSION_TTL' | 'ATTEMPT_RETENTION'>,
  clock: () => number = Date.now,
) {
  const standings = createStandings(store, vault, clock);
  const revocations = createRevocations(store, vault, { sessionTtlSeconds: SESSION_TTL, clock });
  const registry = createSessionRegistry(store, vault, {
    revocations,
    sessionTtlSeconds: SESSION_TTL,
    partitionOf: (districtId) => partitionOf(vault, districtId),
  });
  const changes = createChangeLog(store, vault);
  const publisher = createRosterPublisher({
    store,
    vault,
    standings,
    changes,
    endSessions: registry.endAccounts,
    clock,
  });
  const trail = createTrail(store, vault);
  const districts = createDistricts(store, vault);
  const directory = createDirectory(store, vault);
  const attempts = createAttemptLog(store, vault, { retentionSeconds: ATTEMPT_RETENTION, clock });
  const cursors = createRosterCursors(changes, clock);
  const lines = createRosterLines({ store, vault, directory });
  const links = createLinks(store, vault, standings);
  const decideMatch = createDecideMatch({ directory, links });
  const syncLog = createSyncLog(store, vault);
  const lastSuccesses = createLastSuccesses(store, vault, ATTEMPT_RETENTION);
  const resolve = createResolveAttempts({ lastSuccesses, findByCleverId: districts.findByCleverId });
  return {
    store,
    vault,
    standings,
    changes,
    registry,
    revocations,
    endSessions: createEndSessions({ store, standings, registry, revocations, clock }),
    districts,
    directory,
    eraseDistrict: createEraseDistrict({ store, vault, districts, standings, attempts }),
    readRoster: createReadRoster({ store, vault, standings, cursors, lines }),
    followRoster: createFollowRoster({ standings, changes, cursors, lines }),
    links,
    preflight: createPreflight({ store, vault, standings, directory, decideMatch }),
    publisher,
    recordedPublisher: createRecordedPublisher({ publisher, trail, clock }),
    readRosterState: createReadRosterState({ standings, syncLog, trail }),
    credentials: createCredentials(store, vault, { clock }),
    attempts,
    lastSuccesses,
    resolve,
    openCase: createOpenCase({ districts, standings, directory, links, decideMatch, resolve }),
    readPersonHistory: createReadPersonHistory({
      ...{ attempts, changes, trail, standings, directory, links, lastSuccesses },
    }),
    staffTrail: createStaffTrail(store, vault, clock),
    trail,
    syncLog,
    keys: createSigningKeys(store, vault, { sessionTtlSeconds: SESSION_TTL, clock }),
  };
}

export interface Bridge {
  readonly app: Express;
  readonly opsApp: Express;
  /** Begins what goes on beside requests: the watch on the SFTP drop, the nightly sync. */
  startWork(): void;
  /** Stops that between two steps, then closes everything. */
  close(): Promise<void>;
}

export interface BridgeOptions {
  readonly dropTimes?: Partial<DropTimes>;
}

export async function createBridge(config: Config, log: Log, options: BridgeOptions = {}): Promise<Bridge> {
  const office = await openOffice(config);
  const { store, vault, standings, registry, directory, links, keys, districts } = office;
  const provider = createProvider(config, log);
  const metrics = createMetrics(provider.health);
  const clock = Date.now;
  const tokens = createSessionTokens(keys, { issuer: config.PUBLIC_URL.origin, audience: config.SESSION_AUDIENCE });
  const findLiveSession = createFindLiveSession({ tokens, registry, standings, directory });
  const states = createStates(vault);
  const stateClaims = createStateClaims(store, vault);
  const sync = createServerSync(office, config, log);
  const decide = createDecideSignIn({
    store,
    standings,
    directory,
    links,
    registry,
    lastSuccesses: office.lastSuccesses,
    findDistrict: createDistrictCache(districts.findByCleverId),
    sessionTtlSeconds: config.SESSION_TTL,
    readRecords: sync.readRecords,
    refreshPerson: sync.refreshPerson,
  });
  const recordAttempt = createRecordAttempt(office, log);
  const repeatAnswer = createRepeatAnswer({ stateClaims, registry, findLiveSession, clock });
  const cookies = createCookies({
    secure: config.PUBLIC_URL.protocol === 'https:',
    sessionDomain: config.SESSION_COOKIE_DOMAIN,
  });
  const drop = createDrop(office, config, log, options);
  const bodyDeadline = createBodyDeadline();
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
          decide,
          tokens,
          registry,
          findLiveSession,
          repeatAnswer,
          recordAttempt,
          clock,
        }),
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
      }),
      ...createSupportRoutes(office, readStaffSettings(config, log.failure)),
    ],
    bodyDeadline: bodyDeadline.start,
    limit: config.LIMITS === 'on' ? createLimit(['/login', ...Object.values(callbackPaths)]) : undefined,
    trustProxy: config.TRUST_PROXY,
    https: config.PUBLIC_URL.protocol === 'https:',
    onFailure: log.failure,
    isStoreSilent: (failure) => failure instanceof StoreUnavailable,
  });

  return {
    app,
    opsApp: createOpsApp({
      pingStore: store.ping,
      loadSigningKey: keys.current,
      cleverHealth: provider.health,
      metrics,
    }),
    startWork() {
      drop?.start();
      sync.start();
    },
    async close() {
      await Promise.all([drop?.close(), sync.close()]);
      await provider.close();
      await store.close();
    },
  };
}

function createProvider(config: Config, log: Log) {
  const { CLEVER_CLIENT_ID, CLEVER_CLIENT_SECRET } = config;
  const redirectUri = (app: keyof typeof callbackPaths) => new URL(callbackPaths[app], config.PUBLIC_URL).href;
  return createCleverIdentityProvider({
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
    onEvent: ({ kind, ...facts }) => {
      if (kind !== 'call') log.warn(`clever-${kind}`, facts);
    },
  });
}

function createDrop(office: Office, { SFTP_DROP }: Config, log: Log, { dropTimes = {} }: BridgeOptions) {
  if (SFTP_DROP === undefined) return undefined;
  return createDropWatcher({
    ...office,
    drop: SFTP_DROP,
    publishSet: createPublishSet({ ...office, clock: Date.now }),
    log,
    times: dropTimes,
  });
}

/** Which district a Clever district is linked to hardly changes; what a command changes is in force within a second. */
function createDistrictCache(find: (cleverId: string) => Promise<District | undefined>) {
  const cache = new Map<string, { readonly readAt: number; readonly district: Promise<District | undefined> }>();
  return (cleverId: string): Promise<District | undefined> => {
    const cached = cache.get(cleverId);
    if (cached !== undefined && Date.now() - cached.readAt < 500) return cached.district;
    const district = find(cleverId);
    if (cache.size > 10_000) cache.clear();
    cache.set(cleverId, { readAt: Date.now(), district });
    district.catch(() => cache.delete(cleverId));
    return district;
  };
}

/** Every refusal has a reference, also when the store cannot keep the attempt; then the log line is its record. */
function createRecordAttempt({ attempts }: Office, log: Log): RecordAttempt {
  return async (attempt) => {
    const reference = makeReference();
    try {
      return { reference: (await attempts.record(attempt, reference)).reference, kept: true };
    } catch (failure) {
      log.failure(failure);
      return { reference, kept: false };
    }
  };
}
