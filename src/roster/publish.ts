// Publishing: stage, check, compare, guard, activate by one atomic switch. The one path for every method and every way
// in. Readers see the old roster or the new one, never half; a crash at any point leaves one of the two.
import type { Method } from '../identity/candidate.ts';
import { StoreUnavailable } from '../store/store.ts';
import type { PublishingNeeds } from './aftermath.ts';
import { compareToActive } from './compare-to-active.ts';
import type { BatchedFeed, Feed, Progress } from './feed.ts';
import { findHolds, type Hold } from './guard.ts';
import { type Findings, noChanges, type Report } from './report.ts';
import { type Staged, stageFeed } from './stage.ts';
import { otherAccountTables, tablesOf } from './standing.ts';
import { type Alongside, finishSwitch, holdGeneration, switchGeneration } from './switch-generation.ts';
import { freshName, generationName } from './table-register.ts';

export interface PublishOptions {
  /** Publish also what the guard would hold. */
  readonly approve?: boolean;
  /** Find out, change nothing. */
  readonly dryRun?: boolean;
  readonly onProgress?: (progress: Progress) => void;
  /**
   * What must be written in the very commit that publishes or holds, in the district's partition: a record that this was
   * done, so that a crash behind it cannot lead to doing it twice. Asked for each try; what it throws ends the publish
   * with nothing changed.
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
  const { store, vault, standings, register, clock } = needs;
  await finishSwitch(needs, districtId);
  const id = freshName(clock);
  const { standing } = await standings.read(districtId, 0);
  await register.enter(districtId, generationName(method, id));
  try {
    const room = { store, vault, districtId, others: otherAccountTables(standing, method) };
    const staged = await stageFeed(room, tablesOf(method, id), feed, options.onProgress);
    return await decide(needs, districtId, method, id, staged, options);
  } catch (failure) {
    // Whether the switch happened may be unknown; what the standing uses stays. If this fails too, the next publish cleans.
    await drop(needs, districtId, method, id).catch(() => undefined);
    throw failure;
  }
}

async function decide(
  needs: PublishingNeeds,
  districtId: string,
  method: Method,
  id: string,
  staged: Staged,
  options: PublishOptions,
): Promise<PublishResult> {
  const { findings, namesCleverIds } = staged;
  if (findings.errors > 0) {
    await drop(needs, districtId, method, id);
    const report = reportOf(method, staged, { student: noChanges, employee: noChanges });
    return { kind: 'refused', code: 'errors_found', report, findings };
  }
  const seen = await needs.standings.read(districtId, 0);
  const { changes, book } = await compareToActive(needs, districtId, method, seen.standing, id, namesCleverIds);
  const report = reportOf(method, staged, changes);
  const holds = findHolds(changes);
  const told = { generation: id, report, findings, holds };
  if (options.dryRun) {
    await book.drop();
    await drop(needs, districtId, method, id);
    return { kind: 'checked', ...told };
  }
  const generation = { id, at: needs.clock(), report };
  const isHeld = holds.length > 0 && !options.approve;
  const result: PublishResult = { kind: isHeld ? 'held' : 'published', ...told };
  const also = (await options.alongside?.(result)) ?? { conditions: [], writes: [] };
  const step = { districtId, method, seen, book, also };
  const former = seen.standing.feeds[method]?.active;
  const done = isHeld
    ? await holdGeneration(needs, step, generation)
    : await switchGeneration(needs, step, { active: generation, former });
  if (done) return result;
  if (!(await needs.register.isKept(districtId, generationName(method, id)))) {
    throw new StoreUnavailable(new Error('what was staged was cleaned away'));
  }
  // Somebody published meanwhile: what was compared is no longer what is active.
  return decide(needs, districtId, method, id, staged, options);
}

const drop = ({ register }: PublishingNeeds, districtId: string, method: Method, id: string): Promise<void> =>
  register.clean(districtId, generationName(method, id));

const reportOf = (method: Method, staged: Staged, changes: Report['changes']): Report => ({
  method,
  accounts: staged.accounts,
  schools: staged.schools,
  classes: staged.classes,
  enrollments: staged.enrollments,
  students_enrolled: staged.students_enrolled,
  changes,
  finding_counts: staged.findings.counts,
});
