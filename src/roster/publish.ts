// Publishing: stage, check, compare, guard, activate by one atomic switch. The one path for every method and every way
// in. Readers see the old roster or the new one, never half; a crash at any point leaves one of the two.
import type { Method } from '../identity/candidate.ts';
import { type Condition, StoreUnavailable, type Write } from '../store/store.ts';
import { toFeedAccount } from './account.ts';
import { createAccountIds } from './account-ids.ts';
import { type AftermathBook, type AftermathNeeds, finishAftermath, openAftermathBook } from './aftermath.ts';
import { type Compared, compareGenerations } from './compare.ts';
import { partitionOf } from './district.ts';
import type { AccountRow, BatchedFeed, Feed, Progress } from './feed.ts';
import { findHolds, type Hold } from './guard.ts';
import { replaceAccount } from './replace-account.ts';
import { type Findings, noChanges, type Report } from './report.ts';
import { type Room, type Staged, stageFeed } from './stage.ts';
import {
  accountTable,
  type FeedStanding,
  type Generation,
  type SeenStanding,
  type Standing,
  tablesOf,
} from './standing.ts';
import { createTableRegister, freshName, generationName } from './table-register.ts';

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

export interface Alongside {
  readonly conditions: readonly Condition[];
  readonly writes: readonly Write[];
}

const nothingAlongside: Alongside = { conditions: [], writes: [] };

export type AlongsideSwitch = (switched: Extract<SwitchResult, { kind: 'done' }>) => readonly Write[];

export type PublishResult =
  | {
      readonly kind: 'published' | 'checked';
      readonly generation: string;
      readonly report: Report;
      readonly findings: Findings;
      readonly holds: readonly Hold[];
    }
  | {
      readonly kind: 'held';
      readonly generation: string;
      readonly report: Report;
      readonly findings: Findings;
      readonly holds: readonly Hold[];
    }
  | { readonly kind: 'refused'; readonly code: 'errors_found'; readonly report: Report; readonly findings: Findings };

export type SwitchResult =
  | { readonly kind: 'done'; readonly generation: string; readonly report: Report }
  | { readonly kind: 'refused'; readonly code: 'nothing_held' | 'nothing_to_roll_back_to' | 'roster_changed_since' };

export interface RosterPublisher {
  publish(
    districtId: string,
    method: Method,
    feed: Feed | BatchedFeed,
    options?: PublishOptions,
  ): Promise<PublishResult>;
  /** Makes the held generation active. @param alongside is written in the commit that switches */
  approve(districtId: string, method: Method, alongside?: AlongsideSwitch): Promise<SwitchResult>;
  /** Makes the generation before the active one active again; it can be done once. */
  rollback(districtId: string, method: Method, alongside?: AlongsideSwitch): Promise<SwitchResult>;
  /** Brings one person of the active generation up to date, as an event would; false if nothing is active. */
  refreshPerson(districtId: string, method: Method, row: AccountRow): Promise<boolean>;
  /** Does what a crash left undone after a switch. Called by every publish; a server calls it at start. */
  finish(districtId: string): Promise<void>;
}

export interface PublisherNeeds extends Omit<AftermathNeeds, 'register' | 'clock'> {
  /** Milliseconds since the epoch. */
  readonly clock?: () => number;
}

export function createRosterPublisher({ clock = Date.now, ...given }: PublisherNeeds): RosterPublisher {
  const { store, vault, standings } = given;
  const register = createTableRegister({ store, vault, standings, clock });
  const needs: AftermathNeeds = { ...given, register, clock };

  async function finish(districtId: string): Promise<void> {
    await finishAftermath(needs, districtId);
    await register.clean(districtId);
  }

  const drop = (districtId: string, method: Method, id: string) =>
    register.clean(districtId, generationName(method, id));

  const isThere = (districtId: string, method: Method, { id }: { readonly id: string }) =>
    register.isKept(districtId, generationName(method, id));

  const giveUp = (districtId: string, method: Method, generations: readonly (Generation | undefined)[]): Write[] =>
    generations.flatMap((generation) =>
      generation === undefined ? [] : [register.giveUp(districtId, generationName(method, generation.id))],
    );

  function roomOf(districtId: string, method: Method, standing: Standing): Room {
    const others = Object.entries(standing.feeds).flatMap(([other, feed]) =>
      other === method || feed.active === undefined ? [] : [accountTable(other as Method, feed.active.id)],
    );
    return { store, vault, districtId, others };
  }

  function comparedTo(districtId: string, method: Method, standing: Standing, next: string): Compared {
    const active = standing.feeds[method]?.active;
    const { others } = roomOf(districtId, method, standing);
    const partition = partitionOf(vault, districtId);
    return {
      store,
      vault,
      partition,
      next: tablesOf(method, next),
      active: active && tablesOf(method, active.id),
      others,
    };
  }

  async function publish(
    districtId: string,
    method: Method,
    feed: Feed | BatchedFeed,
    options: PublishOptions = {},
  ): Promise<PublishResult> {
    await finish(districtId);
    const id = freshName(clock);
    const { standing } = await standings.read(districtId, 0);
    await register.enter(districtId, generationName(method, id));
    try {
      const staged = await stageFeed(
        roomOf(districtId, method, standing),
        tablesOf(method, id),
        feed,
        options.onProgress,
      );
      return await decide(districtId, method, id, staged, options);
    } catch (failure) {
      // Whether the switch happened may be unknown; what the standing uses stays. If this fails too, the next publish cleans.
      await drop(districtId, method, id).catch(() => undefined);
      throw failure;
    }
  }

  async function decide(
    districtId: string,
    method: Method,
    id: string,
    staged: Staged,
    options: PublishOptions,
  ): Promise<PublishResult> {
    const { findings } = staged;
    if (findings.errors > 0) {
      await drop(districtId, method, id);
      const report = reportOf(method, staged, { student: noChanges, employee: noChanges });
      return { kind: 'refused', code: 'errors_found', report, findings };
    }
    const seen = await standings.read(districtId, 0);
    const book = await openAftermathBook(needs, districtId, staged.namesCleverIds);
    const changes = await compareGenerations(comparedTo(districtId, method, seen.standing, id), book.write);
    await book.end();
    const report = reportOf(method, staged, changes);
    const holds = findHolds(changes);
    const told = { generation: id, report, findings, holds };
    if (options.dryRun) {
      await book.drop();
      await drop(districtId, method, id);
      return { kind: 'checked', ...told };
    }
    const generation = { id, at: clock(), report };
    const isHeld = holds.length > 0 && !options.approve;
    const result: PublishResult = { kind: isHeld ? 'held' : 'published', ...told };
    const also = (await options.alongside?.(result)) ?? nothingAlongside;
    const done = await (isHeld ? hold : activate)(districtId, method, seen, generation, book, also);
    if (done) return result;
    if (!(await isThere(districtId, method, { id }))) {
      throw new StoreUnavailable(new Error('what was staged was cleaned away'));
    }
    // Somebody published meanwhile: what was compared is no longer what is active.
    return decide(districtId, method, id, staged, options);
  }

  async function hold(
    districtId: string,
    method: Method,
    { standing, unchanged }: SeenStanding,
    generation: Generation,
    book: AftermathBook,
    also: Alongside,
  ): Promise<boolean> {
    await book.drop();
    const feed = standing.feeds[method] ?? {};
    const next = { ...feed, held: { generation, base: feed.active?.id } };
    const done = await store.commit(
      [unchanged, register.kept(districtId, generationName(method, generation.id)), ...also.conditions],
      [
        standings.write(districtId, withFeed(standing, method, next)),
        ...giveUp(districtId, method, [feed.held?.generation]),
        ...also.writes,
      ],
    );
    if (done) await register.clean(districtId);
    return done;
  }

  /** One switch: the new generation is active and the active one is kept as the former. */
  async function activate(
    districtId: string,
    method: Method,
    seen: SeenStanding,
    generation: Generation,
    book: AftermathBook,
    also: Alongside,
  ): Promise<boolean> {
    const feed = seen.standing.feeds[method] ?? {};
    const next = { active: generation, former: feed.active };
    return switchTo(districtId, method, seen, next, book, [feed.former, feed.held?.generation], also);
  }

  async function switchTo(
    districtId: string,
    method: Method,
    { standing, unchanged }: SeenStanding,
    next: FeedStanding & { readonly active: Generation },
    book: AftermathBook,
    useless: readonly (Generation | undefined)[],
    also: Alongside = nothingAlongside,
  ): Promise<boolean> {
    const serial = standing.serial + 1;
    const aftermath = {
      ...{ table: book.table, serial, at: clock(), accounts: accountTable(method, next.active.id) },
      ...(book.namesCleverIds ? {} : { withoutCleverIds: true }),
    };
    const switched = { ...withFeed(standing, method, next), serial, aftermath };
    const kept = [generationName(method, next.active.id), book.table].map((name) => register.kept(districtId, name));
    const gone = useless.filter((generation) => generation?.id !== next.active.id);
    // An aftermath still to be finished must not be lost: finish it first, then look again.
    const done =
      standing.aftermath === undefined &&
      (await store.commit(
        [unchanged, ...kept, ...also.conditions],
        [standings.write(districtId, switched), ...giveUp(districtId, method, gone), ...also.writes],
      ));
    if (!done) await book.drop();
    await finish(districtId);
    return done;
  }

  async function compareAgain(
    districtId: string,
    method: Method,
    { standing }: SeenStanding,
    next: string,
  ): Promise<{ readonly book: AftermathBook; readonly changes: Report['changes'] }> {
    const book = await openAftermathBook(needs, districtId);
    const changes = await compareGenerations(comparedTo(districtId, method, standing, next), book.write);
    await book.end();
    return { book, changes };
  }

  async function approve(
    districtId: string,
    method: Method,
    alongside: AlongsideSwitch = () => [],
  ): Promise<SwitchResult> {
    await finish(districtId);
    const seen = await standings.read(districtId, 0);
    const feed = seen.standing.feeds[method];
    if (feed?.held === undefined || !(await isThere(districtId, method, feed.held.generation)))
      return { kind: 'refused', code: 'nothing_held' };
    const { generation, base } = feed.held;
    if (base !== feed.active?.id) return { kind: 'refused', code: 'roster_changed_since' };
    const next = { active: { ...generation, at: clock() }, former: feed.active };
    const { book } = await compareAgain(districtId, method, seen, generation.id);
    const result = { kind: 'done', generation: generation.id, report: generation.report } as const;
    const also = { conditions: [], writes: alongside(result) };
    const done = await switchTo(districtId, method, seen, next, book, [feed.former], also);
    return done ? result : approve(districtId, method, alongside);
  }

  async function rollback(
    districtId: string,
    method: Method,
    alongside: AlongsideSwitch = () => [],
  ): Promise<SwitchResult> {
    await finish(districtId);
    const seen = await standings.read(districtId, 0);
    const feed = seen.standing.feeds[method];
    if (feed?.former === undefined || !(await isThere(districtId, method, feed.former)))
      return { kind: 'refused', code: 'nothing_to_roll_back_to' };
    const next = { active: feed.former, ...(feed.held === undefined ? {} : { held: feed.held }) };
    const { book, changes } = await compareAgain(districtId, method, seen, feed.former.id);
    const report = { ...feed.former.report, changes };
    const result = { kind: 'done', generation: feed.former.id, report } as const;
    const also = { conditions: [], writes: alongside(result) };
    const done = await switchTo(districtId, method, seen, next, book, [feed.active], also);
    return done ? result : rollback(districtId, method, alongside);
  }

  async function refreshPerson(districtId: string, method: Method, row: AccountRow): Promise<boolean> {
    const { standing, unchanged } = await standings.read(districtId, 0);
    const active = standing.feeds[method]?.active;
    if (active === undefined) return false;
    const room = roomOf(districtId, method, standing);
    const table = accountTable(method, active.id);
    const ids = await createAccountIds(room);
    const [accountId = ''] = await ids.resolve([row]);
    const account = toFeedAccount(row, accountId);
    if (!(await replaceAccount({ ...room, partition: partitionOf(vault, districtId) }, table, account))) return false;
    if (!(await store.commit([unchanged], [])) && !(await isStillActive(districtId, method, active))) return false;
    await ids.remember([account]);
    await needs.changes.append(districtId, [{ type: 'account', id: accountId, op: 'put' }]);
    return true;
  }

  /** The roster was switched while a person was written into it. What was written to a table that is gone must go too. */
  async function isStillActive(districtId: string, method: Method, generation: Generation): Promise<boolean> {
    const { standing } = await standings.read(districtId, 0);
    if (!(await isThere(districtId, method, generation))) {
      await store.drop(partitionOf(vault, districtId), accountTable(method, generation.id));
    }
    return standing.feeds[method]?.active?.id === generation.id;
  }

  return { publish, approve, rollback, refreshPerson, finish };
}

const withFeed = (standing: Standing, method: Method, feed: FeedStanding): Standing => ({
  ...standing,
  feeds: { ...standing.feeds, [method]: feed },
});

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
