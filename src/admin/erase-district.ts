// Erases a district and all its data, and returns the counts of what was erased. Its own audit log is erased too; the
// staff audit log keeps who did it.
import type { StaffAuditLog } from '../audit/audit-log.ts';
import { type District, type Districts, partitionOf } from '../district/district.ts';
import type { Links } from '../roster/links.ts';
import type { PublishedRosters, RosterHandle } from '../roster/published-roster.ts';
import type { Report } from '../roster/report.ts';
import type { Revocations } from '../session/revocations.ts';
import type { Store } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';
import type { AttemptLog } from '../support/attempt-log.ts';
import { type AuditContext, approvalOf } from './ending-sessions.ts';

export interface Erased {
  readonly generations: number;
  /** Accounts, classes and enrollments over all staged generations: published, former and held. */
  readonly accounts: number;
  readonly classes: number;
  readonly enrollments: number;
  /** One link per linked account. */
  readonly links: number;
  readonly attempts: number;
}

interface EraseDistrictNeeds {
  readonly store: Store;
  readonly vault: Vault;
  readonly districts: Districts;
  readonly rosters: PublishedRosters;
  readonly links: Pick<Links, 'count'>;
  readonly attempts: Pick<AttemptLog, 'eraseDistrict'>;
  readonly revocations: Pick<Revocations, 'append'>;
  /** Outside of the district's partition: its open incidents among those of all districts. */
  readonly forgetIncidents: (districtId: string) => Promise<void>;
  /** Outside of it too: the copy of its daily counts. */
  readonly forgetCounts: (districtId: string) => Promise<void>;
  /** Outside of it too: its requests that wait for a second person. */
  readonly forgetActions: (districtId: string) => Promise<void>;
  readonly staffAuditLog: Pick<StaffAuditLog, 'record'>;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

/** @param said as in the audit log */
export type EraseDistrict = (district: District, auditContext: AuditContext) => Promise<Erased>;

export function createEraseDistrict(needs: EraseDistrictNeeds): EraseDistrict {
  const { store, vault, districts, rosters, links, attempts, revocations, staffAuditLog, clock } = needs;
  const { forgetIncidents, forgetCounts, forgetActions } = needs;

  async function countOf(roster: RosterHandle): Promise<Omit<Erased, 'attempts'>> {
    const { published } = roster;
    const reports = Object.values(published.feeds).flatMap(({ active, former, held }) =>
      [active, former, held?.generation].flatMap((generation) => generation?.report ?? []),
    );
    const sum = (count: (report: Report) => number) => reports.reduce((total, report) => total + count(report), 0);
    return {
      generations: reports.length,
      accounts: sum(({ accounts }) => Object.values(accounts).reduce((total, count) => total + count, 0)),
      classes: sum(({ classes }) => classes),
      enrollments: sum(({ enrollments }) => enrollments),
      links: await links.count(roster),
    };
  }

  return async (district, auditContext) => {
    const partition = partitionOf(vault, district.id);
    const counts = await countOf(await rosters.read(district.id, 0));
    // From here on no request finds the district.
    await districts.remove(district);
    // The partition holds rosters, aliases, links, sessions, published roster, audit log, changes, syncs and drops.
    await store.erase(partition);
    const erasedAttempts = await attempts.eraseDistrict(district.id);
    // Again, for what a running publish has written meanwhile; its switch fails, since its conditions do not hold.
    await store.erase(partition);
    await Promise.all([forgetIncidents(district.id), forgetCounts(district.id), forgetActions(district.id)]);
    // The sessions are erased as well; the revocation informs offline verifiers.
    await revocations.append([{ kind: 'district', id: district.id }]);
    const { accounts, links: linked } = counts;
    const facts = { district: district.id, accounts, links: linked, attempts: erasedAttempts };
    const { by, reason: why } = auditContext;
    await staffAuditLog.record({
      action: 'district_removed',
      at: clock(),
      by,
      why,
      ...facts,
      ...approvalOf(auditContext),
    });
    return { ...counts, attempts: erasedAttempts };
  };
}
