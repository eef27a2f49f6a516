// What a publish, a switch and a district's rosters look like to programs: one and the same JSON from the command and
// over HTTP. Names files, lines and columns; never a value of the district's files.
import type { TrailEntry } from '../support/trail.ts';
import { methods } from './account.ts';
import type { SwitchResult } from './activate-kept.ts';
import type { District } from './district.ts';
import type { PublishResult } from './publish.ts';
import type { Report } from './report.ts';
import { tellFinding } from './report-text.ts';
import type { LastSync } from './secure-sync/sync-log.ts';
import type { Generation, Standing } from './standing.ts';

/** Contract section 7: the answer of `roster check` and `roster publish`. */
export function describeResult(districtId: string, result: PublishResult) {
  const { kind, report, findings } = result;
  return {
    district: districtId,
    result: kind,
    ...(result.kind === 'refused' ? { code: result.code } : { generation: result.generation, held: result.holds }),
    ...report,
    findings: findings.list.map((finding) => ({
      severity: finding.severity,
      code: finding.code,
      ...finding.place,
      row_left_out: finding.rowLeftOut === true,
      message: tellFinding(finding),
    })),
  };
}

export type SwitchVerb = 'approve' | 'rollback';

export function describeSwitch(
  districtId: string,
  verb: SwitchVerb,
  { generation, report }: Extract<SwitchResult, { kind: 'done' }>,
) {
  return { district: districtId, result: verb === 'approve' ? 'published' : 'rolled_back', generation, ...report };
}

export const describeDistrict = ({ id, cleverId, name, rostering }: District) => ({
  id,
  clever_id: cleverId,
  name,
  rostering,
});

export function describeFeeds(standing: Standing) {
  return methods.flatMap((method) => {
    const feed = standing.feeds[method];
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
 * Account Provisioning teachers enroll them in the product, which counts by itself; null without Secure Sync.
 */
function licencesUsed({ rostering }: Pick<District, 'rostering'>, standing: Standing) {
  if (rostering.includes('secure-sync:provisioning')) return 'counted in Summit';
  if (!rostering.includes('secure-sync:full')) return null;
  return standing.feeds['secure-sync']?.active?.report.students_enrolled ?? 0;
}

export interface RosterState {
  readonly district: District;
  readonly standing: Standing;
  readonly lastSync: LastSync | undefined;
  /** The newest first. */
  readonly trail: readonly TrailEntry[];
}

/** The answer of `roster status`, and of GET /districts/{id} together with the district itself. */
export function describeStatus({ district, standing, lastSync, trail }: RosterState) {
  return {
    district: district.id,
    feeds: describeFeeds(standing),
    licences_used: licencesUsed(district, standing),
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

const describeEntry = ({ at, ...entry }: TrailEntry) => ({ at: new Date(at).toISOString(), ...entry });
