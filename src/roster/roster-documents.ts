// A publish, a switch and a district's rosters as JSON, the same for the command and HTTP. Names files, lines and
// columns; never a value of the district's files.

import type { AuditEntry, AuditLog } from '../audit/audit-log.ts';
import { type District, timeZoneOf } from '../district/district.ts';
import type { LastSync, SyncLog } from '../district/sync-log.ts';
import type { Finding, Place } from '../formats/feed.ts';
import { methods } from '../identity/candidate.ts';
import type { SwitchResult } from './activate-kept.ts';
import type { RemovedRosters } from './compare-removal.ts';
import { describeFinding } from './finding-text.ts';
import type { PublishResult } from './publish.ts';
import type { Generation, PublishedRoster, PublishedRosters } from './published-roster.ts';
import type { Report } from './report.ts';

/** Contract section 7: the output of `roster check` and `roster publish`. */
export function describeResult(districtId: string, result: PublishResult) {
  const { kind, report, findings } = result;
  return {
    district: districtId,
    result: kind,
    ...(result.kind === 'refused' ? { code: result.code } : { generation: result.generation, held: result.holds }),
    ...report,
    findings: findings.list.map(describeOne),
  };
}

function describeOne(finding: Finding) {
  const { cleverIds, other, ...place } = finding.place;
  const { meant } = finding;
  return {
    severity: finding.severity,
    code: finding.code,
    ...place,
    ...(cleverIds === undefined ? {} : { clever_ids: cleverIds }),
    ...(meant === undefined ? {} : { meant }),
    ...(other === undefined ? {} : { other: describeOther(other) }),
    row_left_out: finding.rowLeftOut === true,
    message: describeFinding(finding),
  };
}

const describeOther = ({ cleverIds, other: _none, ...place }: Place) => ({
  ...place,
  ...(cleverIds === undefined ? {} : { clever_ids: cleverIds }),
});

type SwitchVerb = 'approve' | 'rollback';

export function describeSwitch(
  districtId: string,
  verb: SwitchVerb,
  { generation, report }: Extract<SwitchResult, { kind: 'done' }>,
) {
  return { district: districtId, result: verb === 'approve' ? 'published' : 'rolled_back', generation, ...report };
}

export const describeDistrict = ({ id, cleverId, name, rostering, settings }: District) => ({
  id,
  clever_id: cleverId,
  name,
  rostering,
  oneroster_email: settings?.oneRosterEmail ?? 'email',
  oneroster_id: settings?.oneRosterId ?? 'sourcedId',
  district_admins: settings?.districtAdmins ?? 'deny',
  school_admins: settings?.schoolAdmins ?? 'deny',
  time_zone: timeZoneOf({ settings }),
});

/** Part of the output of `district put`: what a district lost, or would lose, with its rostering methods. */
export const describeRemoved = ({ methods: removed, accounts }: RemovedRosters) => ({
  removed_rosters: { methods: removed, accounts_losing_access: accounts },
});

export function describeFeeds(published: PublishedRoster) {
  return methods.flatMap((method) => {
    const feed = published.feeds[method];
    if (feed === undefined) return [];
    const { active, former, held } = feed;
    return [
      {
        method,
        active: active === undefined ? null : describeGeneration(active, 'published_at'),
        former: former === undefined ? null : describeGeneration(former, 'published_at'),
        held: held === undefined ? null : describeGeneration(held.generation, 'staged_at'),
      },
    ];
  });
}

type Described<Time extends string> = { readonly generation: string } & Readonly<Record<Time, string>> & Report;

function describeGeneration<Time extends 'published_at' | 'staged_at'>(
  { id, at, report }: Generation,
  time: Time,
): Described<Time> {
  const times = { [time]: new Date(at).toISOString() } as Readonly<Record<Time, string>>;
  return { generation: id, ...times, ...report };
}

/**
 * Licences a Secure Sync district uses: with full roster integration its students in at least one class; with Roster
 * Account Provisioning teachers enroll students in the product, which does its own count; null without Secure Sync.
 */
function licencesUsed({ rostering }: Pick<District, 'rostering'>, published: PublishedRoster) {
  if (rostering.includes('secure-sync:provisioning')) return 'counted in Summit';
  if (!rostering.includes('secure-sync:full')) return null;
  return published.feeds['secure-sync']?.active?.report.students_enrolled ?? 0;
}

export interface RosterState {
  readonly district: District;
  readonly published: PublishedRoster;
  readonly lastSync: LastSync | undefined;
  /** Newest first. */
  readonly trail: readonly AuditEntry[];
}

/** The output of `roster status`; GET /districts/{id} adds the district itself. */
export function describeStatus({ district, published, lastSync, trail }: RosterState) {
  return {
    district: district.id,
    feeds: describeFeeds(published),
    licences_used: licencesUsed(district, published),
    last_sync: lastSync === undefined ? null : describeSync(lastSync),
    trail: trail.map(describeEntry),
  };
}

function describeSync({ startedAt, finishedAt, by, result, code, reason, generation, says }: LastSync) {
  return {
    started_at: new Date(startedAt).toISOString(),
    finished_at: new Date(finishedAt).toISOString(),
    by,
    result,
    code: code ?? null,
    reason: reason ?? null,
    generation: generation ?? null,
    says:
      says === undefined
        ? null
        : { error: says.error ?? null, pause_start: says.pauseStart ?? null, pause_end: says.pauseEnd ?? null },
  };
}

const describeEntry = ({ at, ...entry }: AuditEntry) => ({ at: new Date(at).toISOString(), ...entry });

interface RosterStateNeeds {
  readonly rosters: PublishedRosters;
  readonly syncLog: SyncLog;
  readonly auditLog: AuditLog;
}

/** What is published, held and synced, and the last audit log entries. */
export type ReadRosterState = (district: District) => Promise<RosterState>;

const entriesShown = 20;
/** Includes page reads by the district's own administrators; /district/trail and the staff audit log show those. */
const entriesRead = 200;
const reads: readonly string[] = ['district_page_read', 'report_exported', 'template_read', 'mismatches_exported'];

export function createReadRosterState({ rosters, syncLog, auditLog }: RosterStateNeeds): ReadRosterState {
  return async (district) => {
    const [{ published }, sync, entries] = await Promise.all([
      rosters.read(district.id, 0),
      syncLog.read(district.id),
      auditLog.list(district.id, entriesRead),
    ]);
    return {
      district,
      published,
      lastSync: sync.last,
      trail: entries.filter(({ action }) => !reads.includes(action)).slice(0, entriesShown),
    };
  };
}
