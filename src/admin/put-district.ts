// Creates or changes a district on request. If its Clever district changes, sessions opened through the former one end.
// If it loses a rostering method, that roster is retired, as if an empty one were published.
import { setTimeout as sleep } from 'node:timers/promises';
import type { StaffAuditLog } from '../audit/audit-log.ts';
import type { CleverDistrictTaken, District, DistrictPut, DistrictSettings, Districts } from '../district/district.ts';
import { methodsOf } from '../roster/adopt-methods.ts';
import type { Removal, RemovedRosters } from '../roster/compare-removal.ts';
import type { Hold } from '../roster/guard.ts';
import { totalOf } from '../roster/lock-outs.ts';
import { lockOutsOf } from '../roster/report.ts';
import type { RosterPublisher } from '../roster/roster-publisher.ts';
import { type AuditContext, approvalOf, type EndSessionsBecause } from './ending-sessions.ts';

export type PutResult =
  /** With the updated district. */
  | (DistrictPut & { readonly district: District; readonly removed: RemovedRosters })
  | CleverDistrictTaken
  /** Nothing was changed: the change needs approval. */
  | { readonly kind: 'held'; readonly removed: RemovedRosters; readonly holds: readonly Hold[] };

export interface PutOptions {
  /** Also retires rosters that the guard would hold. */
  readonly approve?: boolean;
  /** For the audit log; with a second person. */
  readonly reason?: string;
  readonly approvedBy?: AuditContext['approvedBy'];
}

/**
 * Settings that are not given stay as they are.
 * @param by as in the audit log
 */
export type PutDistrict = (district: District, by: string, options?: PutOptions) => Promise<PutResult>;

interface PutDistrictNeeds {
  readonly districts: Pick<Districts, 'put' | 'find'>;
  readonly publisher: Pick<RosterPublisher, 'compareRemoval' | 'finish'>;
  readonly endSessionsBecause: EndSessionsBecause;
  readonly staffAuditLog: Pick<StaffAuditLog, 'record'>;
  /** Longer than any server caches a district. Milliseconds. */
  readonly propagationMs?: number;
  /** Milliseconds since the epoch. */
  readonly clock?: () => number;
}

/**
 * Links stay: users of the former Clever district who are linked to an account get `identity_changed` until released.
 */
export function createPutDistrict(needs: PutDistrictNeeds): PutDistrict {
  const { districts, publisher, endSessionsBecause, staffAuditLog, propagationMs = 1_000, clock = Date.now } = needs;

  return async (given, by, { approve = false, reason, approvedBy } = {}) => {
    // Finishes an earlier change first: a method that is added again starts without its former roster.
    await publisher.finish(given.id);
    const former = await districts.find(given.id);
    const district = { ...given, settings: mergeSettings(former, given) };
    const removal = await publisher.compareRemoval(district.id, methodsOf(district));
    const removed = removedBy(removal);
    if (removal.holds.length > 0 && !approve) return { kind: 'held', removed, holds: removal.holds };
    const result = await districts.put(district);
    if (result.kind === 'refused') return result;
    const facts = { district: district.id, clever_id: district.cleverId, rostering: district.rostering.join(',') };
    const why = reason ?? (former === undefined ? 'linked' : 'changed');
    await staffAuditLog.record({
      action: 'district_put',
      at: clock(),
      by,
      why,
      ...facts,
      ...approvalOf({ approvedBy }),
    });
    await publisher.finish(district.id, by);
    for (const method of removed.methods) {
      const why = 'rostering method removed';
      await staffAuditLog.record({ action: 'roster_retired', at: clock(), by, why, district: district.id, method });
    }
    if (result.isRelinked) await endSessionsOfFormer(district.id, by);
    return { ...result, district, removed };
  };

  async function endSessionsOfFormer(districtId: string, by: string): Promise<void> {
    // Until then, a server with the former link in its cache may open a session.
    await sleep(propagationMs);
    await endSessionsBecause(districtId, undefined, { by, reason: 'linked to another Clever district' });
  }
}

function mergeSettings(before: District | undefined, { settings = {} }: District): DistrictSettings | undefined {
  const stated = Object.entries(settings).filter(([, value]) => value !== undefined);
  const merged = { ...before?.settings, ...Object.fromEntries(stated) };
  return Object.keys(merged).length === 0 ? undefined : merged;
}

const removedBy = ({ methods, changes: { student, employee } }: Removal): RemovedRosters => ({
  methods,
  accounts: { student: totalOf(lockOutsOf(student)), employee: totalOf(lockOutsOf(employee)) },
});
