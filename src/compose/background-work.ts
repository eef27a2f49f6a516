// The background work of a server: the SFTP drop, the nightly sync, maintenance, gauges, counts shared among servers.
import { createFinishDistricts } from '../admin/finish-districts.ts';
import type { Config } from '../config/config.ts';
import { createCountSharing, type Limiter } from '../limits/limiter.ts';
import type { Log } from '../ops/log.ts';
import type { Metrics } from '../ops/metrics.ts';
import { createCountRosters, type RosterCensus } from '../roster/roster-census.ts';
import { createLoop, type Loop } from '../schedule/loop.ts';
import type { KeyStatus } from '../session/signing-keys.ts';
import { createSessionUpkeep } from '../session/upkeep.ts';
import { createPublishSet } from '../sftp-drop/publish-set.ts';
import { createDropWatcher, type DropTimes } from '../sftp-drop/watch-drop.ts';
import type { ServerSync } from './secure-sync.ts';
import type { Services } from './services.ts';

interface ServerWork {
  /** Work of each process: its own counts. */
  startOwn(): void;
  /** Work of one process per machine: the drop, the nightly sync, maintenance, gauges. */
  startShared(): void;
  /** Stops the work between two steps and waits for it. */
  close(): Promise<void>;
}

interface ServerWorkNeeds {
  readonly config: Config;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly limiter: Limiter;
  readonly sync: ServerSync;
  readonly dropTimes: Partial<DropTimes> | undefined;
}

/** Interval at which this server writes its counts and closes resolved incidents. */
const incidentsEveryMs = 3_000;
const countsEveryMs = 10_000;

type WorkServices = Pick<Services, 'storage' | 'audit' | 'sessions' | 'rosters' | 'support'>;

export function createServerWork(services: WorkServices, needs: ServerWorkNeeds): ServerWork {
  const { config, log, metrics, limiter, sync } = needs;
  const { store, vault, clock } = services.storage;
  const { keys, registry } = services.sessions;
  const { districts, rosters, publisher, syncLog } = services.rosters;
  const listDistricts = districts.list;
  const own = [
    config.LIMITS === 'on' ? createCountSharing(store, vault, limiter) : undefined,
    createLoop({
      everyMs: incidentsEveryMs,
      task: async () => metrics.incidents.counted(await services.support.incidents.upkeep()),
      onFailure: log.failure,
    }),
    createLoop({ everyMs: countsEveryMs, task: () => services.support.counts.flush(), onFailure: log.failure }),
  ];
  const shared = [
    createDrop(services, needs),
    sync,
    createFinishDistricts({ districts, rosters, publisher, onFailure: log.failure }),
    createSessionUpkeep({
      keys,
      registry,
      listDistricts,
      onRotation: ({ kid, signs_from }) => log.info('key-rotated', { kid, signs_from }),
      onDone: metrics.sessions.upkeepDone,
      onFailure: log.failure,
    }),
    createCensus({
      countRosters: createCountRosters({ listDistricts, rosters, syncLog, clock }),
      listKeys: keys.list,
      metrics,
      onFailure: log.failure,
    }),
  ];
  return {
    startOwn() {
      for (const loop of own) void loop?.start();
    },
    startShared() {
      for (const loop of shared) void loop?.start();
    },
    async close() {
      await Promise.all([...own, ...shared].map((loop) => loop?.close()));
      await services.support.counts.flush().catch(log.failure);
    },
  };
}

function createDrop(
  { storage, audit, rosters: { districts, publisher } }: WorkServices,
  { config: { SFTP_DROP }, log, metrics: { rosters }, dropTimes = {} }: ServerWorkNeeds,
) {
  if (SFTP_DROP === undefined) return undefined;
  const { store, vault, clock } = storage;
  const { auditLog } = audit;
  // Sets the time of the last check, so that the alert fires even if the drop is missing from the start.
  rosters.dropChecked();
  return createDropWatcher({
    drop: SFTP_DROP,
    store,
    vault,
    districts,
    publishSet: createPublishSet({ store, vault, publisher, auditLog, districts, clock }),
    log: rosters.watchDrop(log),
    onCheck: rosters.dropChecked,
    times: dropTimes,
    clock,
  });
}

interface CensusNeeds {
  readonly countRosters: () => Promise<RosterCensus>;
  readonly listKeys: () => Promise<readonly KeyStatus[]>;
  readonly metrics: Pick<Metrics, 'rosters' | 'sessions'>;
  readonly onFailure: (failure: unknown) => void;
}

/**
 * Counts once a minute, outside of requests, what is too slow for a scrape: the state of all districts, and the signing
 * key. A count that fails keeps its last values; their age is a metric too.
 */
function createCensus({ countRosters, listKeys, metrics, onFailure }: CensusNeeds): Loop {
  return createLoop({
    everyMs: 60_000,
    onFailure,
    async task() {
      const key = (await listKeys()).find(({ status }) => status === 'current');
      if (key !== undefined) metrics.sessions.keySignsSince(Date.parse(key.signs_from));
      metrics.rosters.counted(await countRosters());
    },
  });
}
