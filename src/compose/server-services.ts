// Opens the store of a server and builds the services on it, with what is checked and recorded at its start.
import { recordSettings } from '../admin/record-settings.ts';
import type { Config, ShownSettings } from '../config/config.ts';
import type { Log } from '../ops/log.ts';
import type { Metrics } from '../ops/metrics.ts';
import { refuseCopy } from '../store/backup/back-up.ts';
import { checkStore } from '../store/check-store.ts';
import type { StoreGuard } from '../store/guard/guarded-store.ts';
import { watchStore } from '../store/guard/watch-store.ts';
import { readOperator } from './audit.ts';
import { keepServerEscrow } from './escrow.ts';
import { createServices, type Services } from './services.ts';
import { answerTimeOf, openStorage, type Storage } from './storage.ts';

/** A larger difference between this machine's clock and the store's is logged. */
const clockOffMs = 5_000;

/** Checks the store before it is used, and logs warnings for the operator. */
export async function openServerServices(config: Config, log: Log, metrics: Metrics) {
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
  await keepEscrow(config, storage, log);
  followStore(storage, guard, log, metrics);
  metrics.store.followClock(clockOffsetMs);
  if (Math.abs(clockOffsetMs()) > clockOffMs) log.warn('clock-off', { seconds: Math.round(clockOffsetMs() / 1000) });
  const watch = { publisher: metrics.rosters.watch, revocations: metrics.sessions.watch };
  return { services: createServices(storage, config, watch), guard };
}

async function keepEscrow(config: Config, { store }: Pick<Storage, 'store'>, log: Log): Promise<void> {
  if (config.STORE_ESCROW_KEY === undefined) return;
  const kept = keepServerEscrow(config, store, config.STORE_ESCROW_KEY);
  // A store that accepts no writes now gets it at the next start.
  const key = await kept.catch((failure) => void log.failure(failure));
  if (key !== undefined) log.info('escrow-made', { key });
}

function followStore({ store }: Pick<Storage, 'store'>, guard: StoreGuard, log: Log, metrics: Metrics): void {
  guard.onChange((health) =>
    health === 'whole'
      ? log.info('store-whole')
      : log.warn('store-fault', { fault: health, ...cause(guard.readOnlyReason()) }),
  );
  metrics.store.follow(store.ping);
}

const cause = (reason: string | undefined) => (reason === undefined ? {} : { cause: reason });

interface Start {
  /** From package.json. */
  readonly version?: string | undefined;
  readonly settings?: ShownSettings | undefined;
}

/** Adds the settings of this start to the audit log, where they differ from those of the start before. */
export async function recordStart({ storage, audit }: Services, { version, settings }: Start): Promise<void> {
  if (settings === undefined) return;
  const startedWith = { ...(version === undefined ? {} : { version }), ...settings };
  await recordSettings({ ...storage, ...audit, operator: readOperator() }, startedWith);
}
