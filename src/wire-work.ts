// What a server does beside requests: the drop, the nightly sync, its upkeep, its figures, what servers tell each other.
// Part of the composition root.
import type { Config } from './config.ts';
import type { Limiter } from './limits/limiter.ts';
import { createCountSharing } from './limits/share-counts.ts';
import { createCensus } from './ops/census.ts';
import type { Log } from './ops/log.ts';
import type { Metrics } from './ops/metrics.ts';
import { createPublishSet } from './roster/drop/publish-set.ts';
import { createDropWatcher, type DropTimes } from './roster/drop/watch-drop.ts';
import { createCountRosters } from './roster/roster-census.ts';
import { createSessionUpkeep } from './session/upkeep.ts';
import type { Office } from './wire-office.ts';
import type { ServerSync } from './wire-sync.ts';

export interface ServerWork {
  start(): void;
  /** Stops it between two steps and waits for that. */
  close(): Promise<void>;
}

export interface ServerWorkNeeds {
  readonly config: Config;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly limiter: Limiter;
  readonly sync: ServerSync;
  readonly dropTimes: Partial<DropTimes> | undefined;
}

export function createServerWork(office: Office, needs: ServerWorkNeeds): ServerWork {
  const { config, log, metrics, limiter, sync } = needs;
  const { store, vault, keys, registry, districts } = office;
  const listDistricts = districts.list;
  const all = [
    config.LIMITS === 'on' ? createCountSharing(store, vault, limiter) : undefined,
    createDrop(office, needs),
    sync,
    createSessionUpkeep({
      ...{ keys, registry, listDistricts },
      onRotation: ({ kid, signs_from }) => log.info('key-rotated', { kid, signs_from }),
      onDone: metrics.sessions.upkeepDone,
      onFailure: log.failure,
    }),
    createCensus({
      countRosters: createCountRosters({ ...office, listDistricts }),
      listKeys: keys.list,
      metrics,
      onFailure: log.failure,
    }),
  ];
  return {
    start() {
      for (const each of all) void each?.start();
    },
    async close() {
      await Promise.all(all.map((each) => each?.close()));
    },
  };
}

function createDrop(
  office: Office,
  { config: { SFTP_DROP }, log, metrics: { rosters }, dropTimes = {} }: ServerWorkNeeds,
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
