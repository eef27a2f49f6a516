// Syncs one district from Clever: checks its state, reads it from end to end, publishes through the same guard as every
// roster. After any failure the last good roster stays published and the result has the reason.

import type { AuditEntry, AuditLog } from '../audit/audit-log.ts';
import { type District, partitionOf } from '../district/district.ts';
import type { LastSync, SyncLog } from '../district/sync-log.ts';
import type { Progress } from '../formats/feed.ts';
import type { PublishResult } from '../roster/publish.ts';
import { publishEntry } from '../roster/publish-entry.ts';
import type { RosterPublisher } from '../roster/roster-publisher.ts';
import { type LeaseTimes, takeLease } from '../store/lease.ts';
import type { Store } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';
import { type CleverDistrict, codeOf, type DataApi, DataApiFailure, type DataApiReason } from './ports.ts';
import { readSnapshot, type SyncOption } from './snapshot.ts';

/**
 * Clever has stopped the district: `paused` over the summer, `pending` until the district acts, `error` until Clever
 * fixes it.
 */
interface DistrictStopped {
  readonly kind: 'refused';
  readonly code: 'clever_district_paused' | 'clever_district_pending' | 'clever_district_error';
  readonly clever: CleverDistrict;
}

interface SyncFailed {
  readonly kind: 'failed';
  readonly code: 'clever_unavailable' | 'clever_misconfigured';
  readonly reason: DataApiReason;
}

/** `sync_running`: another server or a command is syncing it; nothing was done. */
export type SyncResult =
  | PublishResult
  | DistrictStopped
  | SyncFailed
  | { readonly kind: 'refused'; readonly code: 'sync_running' };

interface SyncOptions {
  /** Who requested it, for the audit log. */
  readonly by: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  /** Called when no other sync of the district can run; if false, this one ends. */
  readonly isStillDue?: () => Promise<boolean>;
}

/**
 * @returns undefined if it was no longer due. @throws errors of neither Clever nor the roster, such as StoreUnavailable
 */
export type SyncDistrict = (district: District, options: SyncOptions) => Promise<SyncResult | undefined>;

interface SyncNeeds {
  readonly dataApi: DataApi;
  readonly publisher: RosterPublisher;
  readonly leases: SyncLeases;
  readonly syncLog: SyncLog;
  /** The write of an entry into the district's audit log. */
  readonly auditWrite: AuditLog['write'];
  readonly store: Pick<Store, 'commit'>;
  /** Milliseconds since the epoch. */
  readonly clock?: () => number;
}

/** How a district is rostered by Secure Sync, if it is. */
export function syncOptionOf({ rostering }: District): SyncOption | undefined {
  if (rostering.includes('secure-sync:full')) return 'full';
  return rostering.includes('secure-sync:provisioning') ? 'provisioning' : undefined;
}

export function createSyncDistrict(needs: SyncNeeds): SyncDistrict {
  const { dataApi, publisher, leases, syncLog, auditWrite, store, clock = Date.now } = needs;

  async function readAndPublish(district: District, run: Run): Promise<SyncResult> {
    try {
      const connection = dataApi.connect(district.cleverId, run.signal);
      const stopped = findStop(await connection.district());
      if (stopped !== undefined) return stopped;
      return await publisher.publish(
        district.id,
        'secure-sync',
        readSnapshot(connection, syncOptionOf(district) ?? 'full'),
        {
          // Within the publishing commit: after a crash right behind it, another sync would push out the former roster.
          alongside: (result) => recordOf(district.id, run, result),
          ...(run.onProgress === undefined ? {} : { onProgress: run.onProgress }),
        },
      );
    } catch (failure) {
      if (!(failure instanceof DataApiFailure)) throw failure;
      return { kind: 'failed', code: codeOf(failure.reason), reason: failure.reason };
    }
  }

  async function recordOf(districtId: string, { by, startedAt }: Run, result: SyncResult) {
    const at = clock();
    const log = await syncLog.recordAlongside(districtId, { startedAt, finishedAt: at, by, ...summaryOf(result) });
    const auditLog = auditWrite(districtId, entryOf(result, at, by));
    return { conditions: log.conditions, writes: [...log.writes, auditLog] };
  }

  async function recordUnpublished(districtId: string, run: Run, result: SyncResult): Promise<void> {
    if (!isUnrecorded(result)) return;
    const { conditions, writes } = await recordOf(districtId, run, result);
    if (!(await store.commit(conditions, writes))) await recordUnpublished(districtId, run, result);
  }

  async function sync(district: District, run: Run): Promise<SyncResult> {
    try {
      const result = await readAndPublish(district, run);
      await recordUnpublished(district.id, run, result);
      return result;
    } catch (failure) {
      const { startedAt, by } = run;
      const last: LastSync = { startedAt, finishedAt: clock(), by, result: 'failed', code: 'internal' };
      await syncLog.record(district.id, last).catch(() => undefined);
      throw failure;
    }
  }

  return async (district, { signal = new AbortController().signal, isStillDue = async () => true, ...options }) => {
    const held = await leases.hold(district.id, signal, async (whileHeld) =>
      (await isStillDue()) ? sync(district, { ...options, signal: whileHeld, startedAt: clock() }) : undefined,
    );
    return held === 'busy' ? { kind: 'refused', code: 'sync_running' } : held;
  };
}

/** A published or held roster is recorded by its own commit. */
function isUnrecorded(result: SyncResult): boolean {
  // Aborted by the caller: neither an answer nor a failure of Clever, and the next run may begin at once.
  const isStopped = result.kind === 'failed' && result.reason === 'stopped';
  return result.kind !== 'published' && result.kind !== 'held' && !isStopped;
}

interface Run extends Pick<SyncOptions, 'by' | 'onProgress'> {
  readonly startedAt: number;
  readonly signal: AbortSignal;
}

function findStop(clever: CleverDistrict): DistrictStopped | undefined {
  switch (clever.state) {
    case 'paused':
    case 'pending':
    case 'error':
      return { kind: 'refused', code: `clever_district_${clever.state}`, clever };
    case 'running':
    case 'success':
    case 'unknown':
      return undefined;
  }
}

function summaryOf(result: SyncResult): Pick<LastSync, 'result' | 'code' | 'reason' | 'generation' | 'says'> {
  switch (result.kind) {
    case 'published':
    case 'checked':
      return { result: 'published', generation: result.generation };
    case 'held':
      return { result: 'held', code: 'held', generation: result.generation };
    case 'failed':
      return { result: 'failed', code: result.code, reason: result.reason };
    case 'refused':
      return {
        result: 'refused',
        code: result.code,
        ...('clever' in result ? { says: statementsOf(result.clever) } : {}),
      };
  }
}

function statementsOf({ error, pauseStart, pauseEnd }: CleverDistrict): NonNullable<LastSync['says']> {
  return {
    ...(error === undefined ? {} : { error }),
    ...(pauseStart === undefined ? {} : { pauseStart }),
    ...(pauseEnd === undefined ? {} : { pauseEnd }),
  };
}

function entryOf(result: SyncResult, at: number, by: string): AuditEntry {
  const given = { at, by, method: 'secure-sync' };
  if (result.kind !== 'refused' && result.kind !== 'failed') return publishEntry(result, given, {});
  const reason = result.kind === 'failed' ? { reason: result.reason } : {};
  return { ...given, action: 'roster_refused', code: result.code, ...reason };
}

/** One sync of a district at a time, across servers and commands. */
interface SyncLeases {
  /**
   * Runs the work while holding the district's lease; `busy` if another holder has it.
   * @param work its signal aborts when the lease is lost or the caller's signal aborts
   */
  hold<Value>(
    districtId: string,
    signal: AbortSignal,
    work: (signal: AbortSignal) => Promise<Value>,
  ): Promise<Value | 'busy'>;
}

/** It expires unless renewed, so that a server that crashes does not block others for long. */
const usualTimes: LeaseTimes = { ttlSeconds: 120, renewEverySeconds: 30 };

export function createSyncLeases(store: Store, vault: Vault, times: LeaseTimes = usualTimes): SyncLeases {
  return {
    async hold(districtId, signal, work) {
      const lease = await takeLease(store, { partition: partitionOf(vault, districtId), id: 'sync-lease' }, times);
      if (lease === undefined) return 'busy';
      try {
        return await work(AbortSignal.any([signal, lease.signal]));
      } finally {
        await lease.release();
      }
    },
  };
}
