// The part of the composition root that works on the store alone: all that commands need, and the ground the server
// stands on. Knows neither HTTP nor OpenID Connect, so that a command starts quickly.
import type { CommandConfig } from './config.ts';
import { createChangeLog } from './roster/change-log.ts';
import { createDirectory } from './roster/directory.ts';
import { createDistricts, partitionOf } from './roster/district.ts';
import { createEraseDistrict } from './roster/erase-district.ts';
import { createFollowRoster } from './roster/follow-roster.ts';
import { createLinks } from './roster/links.ts';
import { createPreflight } from './roster/preflight.ts';
import { createReadRoster } from './roster/read-roster.ts';
import { createReadRosterState } from './roster/read-roster-state.ts';
import { createRecordedPublisher } from './roster/recorded-publisher.ts';
import { createRosterCursors } from './roster/roster-cursor.ts';
import { createRosterLines } from './roster/roster-lines.ts';
import { createRosterPublisher, type RosterPublisher } from './roster/roster-publisher.ts';
import { createSyncLog } from './roster/secure-sync/sync-log.ts';
import { createStandings } from './roster/standing.ts';
import { createHandleRestore } from './session/after-restore.ts';
import { createCredentials } from './session/credentials.ts';
import { createEndSessions } from './session/end-sessions.ts';
import { createReplaceCompromisedKeys } from './session/replace-compromised-keys.ts';
import { createRevocations, type Revocations } from './session/revocations.ts';
import { createSessionRegistry } from './session/session-registry.ts';
import { createSigningKeys } from './session/signing-keys.ts';
import { createDecideMatch } from './sign-in/decide-match.ts';
import { copyMarkAt } from './store/copy-mark.ts';
import { readDevelopmentKeys } from './store/development-keys.ts';
import { guardStore } from './store/guarded-store.ts';
import { openStore } from './store/open-store.ts';
import type { Store } from './store/store.ts';
import { openStoreClock } from './store/store-clock.ts';
import { checkStoreFormat, sayStoreFormat } from './store/store-format.ts';
import { openMarks } from './store/store-marks.ts';
import { openVault, type Vault } from './store/vault.ts';
import { createOpenCase } from './support/attempt-case.ts';
import { createAttemptLog } from './support/attempt-log.ts';
import { createEndSessionsBecause } from './support/end-sessions-because.ts';
import { createFindInRosters } from './support/find-in-rosters.ts';
import { createLastSuccesses } from './support/last-success.ts';
import { createReadPersonHistory } from './support/person-history.ts';
import { createPutDistrict } from './support/put-district.ts';
import { createReleaseLinks } from './support/release-links.ts';
import { createResolveAttempts } from './support/resolve-attempts.ts';
import { createSearchAttempts } from './support/search-attempts.ts';
import { createStaffFacts } from './support/staff-facts.ts';
import { createStaffTrail } from './support/staff-trail.ts';
import { createTrail } from './support/trail.ts';

export type Office = Awaited<ReturnType<typeof openOffice>>;

/**
 * A command remembers no replica of yesterday and cannot be asked again by a program: it waits until a server whose
 * replica has just gone is known to be alone. Milliseconds.
 */
const commandPatienceMs = 12_000;

/** Lets a server see what goes on; a command watches nothing. */
export interface OfficeWatch {
  readonly store?: (store: Store) => Store;
  readonly publisher?: (publisher: RosterPublisher) => RosterPublisher;
  readonly revocations?: (revocations: Revocations) => Revocations;
}

/** @throws StoreUnavailable, WrongStoreFormat, WrongStoreKeys, StoreLost */
export async function openOffice(config: CommandConfig) {
  return (await openGuardedOffice(config, {}, commandPatienceMs)).office;
}

/** For who runs long enough to see the store go: what is known of it as well. */
export async function openGuardedOffice(config: CommandConfig, watch: OfficeWatch = {}, replicaPatienceMs = 0) {
  const { store: watchStore = same } = watch;
  const store = watchStore(await openStore(config.STORE_URL, { replicaPatienceMs }));
  try {
    const isFormatSaid = await checkStoreFormat(store);
    const vault = await openVault(store, await storeKeys(config));
    const { marks, isFirst } = await openMarks(store, vault);
    if (!isFormatSaid) await sayStoreFormat(store);
    const guarded = guardStore(store, marks);
    const clock = await openStoreClock(store);
    return { office: furnish(guarded, vault, config, clock.now, watch), guard: guarded.guard, isFirst, clock };
  } catch (failure) {
    await store.close();
    throw failure;
  }
}

const same = <Value>(value: Value): Value => value;

/** Those of STORE_KEYS, or the one that development keeps beside an embedded store. */
export async function storeKeys({ STORE_KEYS, STORE_URL }: CommandConfig) {
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
  { publisher: watchPublisher = same, revocations: watchRevocations = same }: OfficeWatch = {},
) {
  const standings = createStandings(store, vault, clock);
  const revocations = watchRevocations(createRevocations(store, vault, { sessionTtlSeconds: SESSION_TTL, clock }));
  const registry = createSessionRegistry(store, vault, {
    revocations,
    sessionTtlSeconds: SESSION_TTL,
    partitionOf: (districtId) => partitionOf(vault, districtId),
  });
  const changes = createChangeLog(store, vault);
  const publisher = watchPublisher(
    createRosterPublisher({ store, vault, standings, changes, endSessions: registry.endAccounts, clock }),
  );
  const trail = createTrail(store, vault);
  const staffTrail = createStaffTrail(store, vault, clock);
  const districts = createDistricts(store, vault);
  const directory = createDirectory(store, vault);
  const attempts = createAttemptLog(store, vault, { retentionSeconds: ATTEMPT_RETENTION, clock });
  const cursors = createRosterCursors(changes, clock);
  const lines = createRosterLines({ store, vault, directory });
  const links = createLinks(store, vault, standings);
  const decideMatch = createDecideMatch({ directory, links });
  const syncLog = createSyncLog(store, vault);
  const endSessions = createEndSessions({ store, standings, registry, revocations, clock });
  const endSessionsBecause = createEndSessionsBecause({
    endSessions,
    isRostered: async (districtId, accountId) => {
      const { standing } = await standings.read(districtId, 0);
      return (await directory.find(districtId, standing, accountId)) !== undefined;
    },
    trail,
    staffTrail,
    clock,
  });
  const keys = createSigningKeys(store, vault, { sessionTtlSeconds: SESSION_TTL, clock });
  const replaceKeysBecause = (reason: string) =>
    createReplaceCompromisedKeys({
      keys,
      listDistricts: districts.list,
      endDistrict: async (id) => void (await endSessionsBecause(id, undefined, { by: 'command', reason })),
    });
  const credentials = createCredentials(store, vault, { clock });
  const lastSuccesses = createLastSuccesses(store, vault, ATTEMPT_RETENTION);
  const findInRosters = createFindInRosters({ districts, standings, directory, links });
  const staffFacts = createStaffFacts({ directory, changes, links, decideMatch, findInRosters });
  const resolve = createResolveAttempts({ lastSuccesses, findByCleverId: districts.findByCleverId });
  return {
    store,
    vault,
    standings,
    changes,
    registry,
    revocations,
    endSessions,
    endSessionsBecause,
    releaseLinks: createReleaseLinks({ links, endSessions, trail, staffTrail, clock }),
    replaceCompromisedKeys: replaceKeysBecause('signing key compromised'),
    handleRestore: createHandleRestore({
      store,
      credentials,
      replaceKeys: replaceKeysBecause('restored from a backup'),
      unmark: () => store.remove(copyMarkAt),
    }),
    districts,
    putDistrict: createPutDistrict({ districts, endSessionsBecause }),
    directory,
    eraseDistrict: createEraseDistrict({ store, vault, districts, standings, attempts, revocations }),
    readRoster: createReadRoster({ store, vault, standings, cursors, lines }),
    followRoster: createFollowRoster({ standings, changes, cursors, lines }),
    links,
    preflight: createPreflight({ store, vault, standings, directory, decideMatch }),
    publisher,
    recordedPublisher: createRecordedPublisher({ publisher, trail, staffTrail, clock }),
    readRosterState: createReadRosterState({ standings, syncLog, trail }),
    credentials,
    attempts,
    lastSuccesses,
    resolve,
    searchAttempts: createSearchAttempts({ attempts, findInRosters }),
    findInRosters,
    openCase: createOpenCase({ districts, standings, staffFacts, resolve }),
    readPersonHistory: createReadPersonHistory({
      ...{ attempts, changes, trail, standings, directory, links, lastSuccesses },
    }),
    staffTrail,
    trail,
    syncLog,
    keys,
    clock,
  };
}
