// Publishing: stage, check, compare, guard, activate by one atomic switch. The single path for every method and route.
// Readers see the old roster or the new one, never a mixture; a crash at any point leaves one of the two.

import type { BatchedFeed, Feed, Finding, FormatName, Progress } from '../formats/feed.ts';
import { errorAt, warningAt } from '../formats/finding.ts';
import type { Method } from '../identity/candidate.ts';
import { StoreUnavailable } from '../store/store.ts';
import type { Comparison } from './compare.ts';
import { compareToActive } from './compare-to-active.ts';
import { findEmptyClasses, findHolds, type Hold } from './guard.ts';
import { accountTable, otherAccountTables, tablesOf } from './published-roster.ts';
import type { PublishingNeeds } from './publishing-needs.ts';
import { collectFindings, type Findings, nothingChanges, type Report } from './report.ts';
import { type Staged, stageFeed } from './stage.ts';
import type { FindLinkedToOthers } from './staged-tables.ts';
import { type Alongside, finishSwitch, holdGeneration, switchGeneration } from './switch-generation.ts';
import { freshName, generationName } from './table-register.ts';

export interface PublishOptions {
  /** Also publishes what the guard would hold. */
  readonly approve?: boolean;
  /** Checks and compares; changes nothing. */
  readonly dryRun?: boolean;
  readonly onProgress?: (progress: Progress) => void;
  /**
   * Writes for the commit that publishes or holds, in the district's partition: for instance a record that makes the
   * publish happen exactly once. Called for each attempt; an error ends the publish with nothing changed.
   */
  readonly alongside?: (result: PublishResult) => Promise<Alongside>;
}

export type PublishResult =
  | {
      readonly kind: 'published' | 'checked' | 'held';
      readonly generation: string;
      readonly report: Report;
      readonly findings: Findings;
      readonly holds: readonly Hold[];
    }
  | { readonly kind: 'refused'; readonly code: 'errors_found'; readonly report: Report; readonly findings: Findings };

/** Stages the feed as a new generation and makes it active, unless it has errors or must be held. */
export async function publish(
  needs: PublishingNeeds,
  districtId: string,
  method: Method,
  feed: Feed | BatchedFeed,
  options: PublishOptions,
): Promise<PublishResult> {
  const { store, vault, rosters, register, clock } = needs;
  await finishSwitch(needs, districtId);
  const id = freshName(clock);
  const roster = await rosters.read(districtId, 0);
  const { published } = roster;
  await register.enter(districtId, generationName(method, id));
  try {
    const base = published.feeds[method]?.active?.id;
    const active = base === undefined ? undefined : accountTable(method, base);
    const others = otherAccountTables(published, method);
    const findLinkedToOthers: FindLinkedToOthers = (given) => needs.links.findLinkedToOthers(roster, given);
    const context = { store, vault, districtId, others, active, findLinkedToOthers };
    const staged = await stageFeed(context, tablesOf(method, id), feed, options.onProgress);
    return await activateOrHold(needs, districtId, method, id, { ...staged, base }, options);
  } catch (failure) {
    // It may be unknown whether the switch happened; tables in use are not dropped. If this fails too, the next publish
    // cleans up.
    await discardGeneration(needs, districtId, method, id).catch(() => undefined);
    throw failure;
  }
}

async function activateOrHold(
  needs: PublishingNeeds,
  districtId: string,
  method: Method,
  id: string,
  staged: Staged & { readonly base: string | undefined },
  options: PublishOptions,
): Promise<PublishResult> {
  if (staged.findings.errors > 0) {
    await discardGeneration(needs, districtId, method, id);
    const report = reportOf(method, staged, nothingChanges);
    return { kind: 'refused', code: 'errors_found', report, findings: staged.findings };
  }
  const seen = await needs.rosters.read(districtId, 0);
  if (seen.published.methods?.includes(method) === false) {
    await discardGeneration(needs, districtId, method, id);
    return refuseAs('method_removed', method, staged);
  }
  // A roster of one kind copies the rows of the other kind from the active generation: if that changed meanwhile, publishing
  // would revert it.
  if (staged.read?.replaces?.length === 1 && seen.published.feeds[method]?.active?.id !== staged.base) {
    await discardGeneration(needs, districtId, method, id);
    return refuseAs('roster_changed_since', method, staged);
  }
  const former = seen.published.feeds[method]?.active;
  const compared = await compareToActive(needs, seen, method, id, staged.hasToRemember);
  const { changes, outbox } = compared;
  const missing = findMissingFiles(method, staged, former?.report);
  const findings = addFindings(staged.findings, { ...compared, findings: [...missing, ...compared.findings] });
  const report = reportOf(method, { ...staged, findings }, changes);
  const holds = [...findHolds(changes), ...findEmptyClasses(report, former?.report)];
  const facts = { generation: id, report, findings, holds };
  if (options.dryRun) {
    await outbox.drop();
    await discardGeneration(needs, districtId, method, id);
    return { kind: 'checked', ...facts };
  }
  const generation = { id, at: needs.clock(), report };
  const isHeld = holds.length > 0 && !options.approve;
  const result: PublishResult = { kind: isHeld ? 'held' : 'published', ...facts };
  const also = (await options.alongside?.(result)) ?? { conditions: [], writes: [] };
  const step = { districtId, method, seen, outbox, also };
  const done = isHeld
    ? await holdGeneration(needs, step, generation)
    : await switchGeneration(needs, step, { active: generation, former });
  if (done) return result;
  if (!(await needs.register.isKept(districtId, generationName(method, id)))) {
    throw new StoreUnavailable(new Error('what was staged was cleaned away'));
  }
  // Another roster was published meanwhile: the comparison is out of date.
  return activateOrHold(needs, districtId, method, id, staged, options);
}

/**
 * Files of the active roster that this upload lacks. Names of spreadsheets are arbitrary, and a district may change its
 * format.
 */
function findMissingFiles(method: Method, { read, files }: Staged, active: Report | undefined): Finding[] {
  const isSame = read !== undefined && familyOf(read.format) === familyOf(active?.format);
  if (method !== 'sftp' || !isSame) return [];
  return (active?.files_read ?? [])
    .filter((file) => !files.includes(file))
    .map((file) => warningAt('file_gone', { file }));
}

const familyOf = (format: FormatName | undefined): string | undefined => format?.replace(/-.*/, '');

function addFindings(
  before: Findings,
  { findings, findingCounts }: Pick<Comparison, 'findings' | 'findingCounts'>,
): Findings {
  const counts = { ...before.counts };
  for (const { code } of findings) counts[code] = (counts[code] ?? 0) + 1;
  for (const [code, count] of Object.entries(findingCounts)) if (count > 0) Object.assign(counts, { [code]: count });
  return { ...before, list: [...before.list, ...findings], counts };
}

/** For a change of the district while the roster was being read. */
function refuseAs(code: 'method_removed' | 'roster_changed_since', method: Method, staged: Staged): PublishResult {
  const found = collectFindings();
  found.add(errorAt(code, { file: method }));
  const findings = found.result();
  const report = reportOf(method, { ...staged, findings }, nothingChanges);
  return { kind: 'refused', code: 'errors_found', report, findings };
}

const discardGeneration = (
  { register }: PublishingNeeds,
  districtId: string,
  method: Method,
  id: string,
): Promise<void> => register.clean(districtId, generationName(method, id));

const reportOf = (method: Method, staged: Staged, changes: Report['changes']): Report => ({
  method,
  ...staged.read,
  files_read: staged.files,
  ...(staged.notKept === undefined ? {} : { not_kept: staged.notKept }),
  accounts: staged.accounts,
  schools: staged.schools,
  classes: staged.classes,
  classes_without_students: staged.classes_without_students,
  enrollments: staged.enrollments,
  students_enrolled: staged.students_enrolled,
  changes,
  finding_counts: staged.findings.counts,
});
