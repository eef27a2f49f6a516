// Publishing: stage, check, compare, guard, activate by one atomic switch. The one path for every method and every way
// in. Readers see the old roster or the new one, never half; a crash at any point leaves one of the two.
import { randomBytes } from 'node:crypto';
import type { Method } from '../identity/candidate.ts';
import type { Store } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';
import { type Compared, compareTables } from './compare.ts';
import { partitionOf } from './district.ts';
import type { Feed, Progress } from './feed.ts';
import { findHolds, type Hold } from './guard.ts';
import { type Findings, noChanges, type Report } from './report.ts';
import { type Staged, type StagedTables, stageFeed } from './stage.ts';
import {
  accountTable,
  classTable,
  enrollmentTable,
  type FeedStanding,
  type Generation,
  type SeenStanding,
  type Standing,
  type Standings,
} from './standing.ts';

export interface PublishOptions {
  /** Publish also what the guard would hold. */
  readonly approve?: boolean;
  /** Find out, change nothing. */
  readonly dryRun?: boolean;
  readonly onProgress?: (progress: Progress) => void;
}

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
  publish(districtId: string, method: Method, feed: Feed, options?: PublishOptions): Promise<PublishResult>;
  /** Makes the held generation active. */
  approve(districtId: string, method: Method): Promise<SwitchResult>;
  /** Makes the generation before the active one active again; it can be done once. */
  rollback(districtId: string, method: Method): Promise<SwitchResult>;
  /** Ends the sessions of accounts that left, where a crash left that undone. Called by every publish; a server calls it at start. */
  finishEndings(districtId: string): Promise<void>;
}

export interface PublisherNeeds {
  readonly store: Store;
  readonly vault: Vault;
  readonly standings: Standings;
  /** Ends all sessions of the accounts that were opened under an earlier serial. Idempotent. */
  readonly endSessions: (
    districtId: string,
    accountIds: readonly string[],
    serial: number,
    at: number,
  ) => Promise<void>;
  readonly clock?: () => number;
}

export function createRosterPublisher({
  store,
  vault,
  standings,
  endSessions,
  clock = Date.now,
}: PublisherNeeds): RosterPublisher {
  const tablesOf = (method: Method, id: string): StagedTables => ({
    accounts: accountTable(method, id),
    classes: classTable(method, id),
    enrollments: enrollmentTable(method, id),
  });

  async function drop(
    districtId: string,
    method: Method,
    ...generations: readonly (Generation | { id: string } | undefined)[]
  ): Promise<void> {
    for (const generation of generations) {
      if (generation === undefined) continue;
      for (const table of Object.values(tablesOf(method, generation.id)))
        await store.drop(partitionOf(vault, districtId), table);
    }
  }

  function compared(districtId: string, method: Method, standing: Standing, next: string): Compared {
    const active = standing.feeds[method]?.active;
    const others = Object.entries(standing.feeds).flatMap(([other, feed]) =>
      other === method || feed.active === undefined ? [] : [accountTable(other as Method, feed.active.id)],
    );
    return {
      store,
      vault,
      partition: partitionOf(vault, districtId),
      next: accountTable(method, next),
      active: active === undefined ? undefined : accountTable(method, active.id),
      others,
    };
  }

  async function publish(
    districtId: string,
    method: Method,
    feed: Feed,
    options: PublishOptions = {},
  ): Promise<PublishResult> {
    await finishEndings(districtId);
    const id = `${clock().toString(36).padStart(9, '0')}${randomBytes(4).toString('hex')}`;
    const room = { store, vault, districtId };
    try {
      const staged = await stageFeed(room, tablesOf(method, id), feed, options.onProgress);
      return await decide(districtId, method, id, staged, options);
    } catch (failure) {
      await drop(districtId, method, { id });
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
    const seen = await standings.read(districtId, 0);
    const { findings } = staged;
    if (findings.errors > 0) {
      await drop(districtId, method, { id });
      return {
        kind: 'refused',
        code: 'errors_found',
        report: reportOf(method, staged, { student: noChanges, employee: noChanges }),
        findings,
      };
    }
    const comparison = await compareTables(compared(districtId, method, seen.standing, id));
    const report = reportOf(method, staged, comparison.changes);
    const holds = findHolds(comparison.changes);
    const told = { generation: id, report, findings, holds };
    if (options.dryRun) {
      await drop(districtId, method, { id });
      return { kind: 'checked', ...told };
    }
    const generation = { id, at: clock(), report };
    const done =
      holds.length > 0 && !options.approve
        ? await hold(districtId, method, seen, generation)
        : await activate(districtId, method, seen, generation);
    // Somebody published meanwhile: what was compared is no longer what is active.
    if (!done) return decide(districtId, method, id, staged, options);
    return { kind: holds.length > 0 && !options.approve ? 'held' : 'published', ...told };
  }

  async function hold(
    districtId: string,
    method: Method,
    { standing, unchanged }: SeenStanding,
    generation: Generation,
  ): Promise<boolean> {
    const feed = standing.feeds[method] ?? {};
    const next = { ...feed, held: { generation, base: feed.active?.id } };
    const done = await store.commit([unchanged], [standings.write(districtId, withFeed(standing, method, next))]);
    if (done) await drop(districtId, method, feed.held?.generation);
    return done;
  }

  /** One switch: the new generation is active, the active one is kept as the former, and who leaves is written down first. */
  async function activate(
    districtId: string,
    method: Method,
    { standing, unchanged }: SeenStanding,
    generation: Generation,
  ): Promise<boolean> {
    const feed = standing.feeds[method] ?? {};
    return switchTo(districtId, method, { standing, unchanged }, { active: generation, former: feed.active }, [
      feed.former,
      feed.held?.generation,
    ]);
  }

  async function switchTo(
    districtId: string,
    method: Method,
    { standing, unchanged }: SeenStanding,
    next: FeedStanding & { readonly active: Generation },
    useless: readonly (Generation | undefined)[],
  ): Promise<boolean> {
    const partition = partitionOf(vault, districtId);
    const { leavers } = await compareTables(compared(districtId, method, standing, next.active.id));
    const table = `endings.${randomBytes(8).toString('hex')}`;
    for await (const ids of leavers())
      await store.load(
        partition,
        table,
        ids.map((id) => ({ id, value: Buffer.alloc(0) })),
      );
    const serial = standing.serial + 1;
    const switched = { ...withFeed(standing, method, next), serial, endings: { table, serial, at: clock() } };
    const done = await store.commit([unchanged], [standings.write(districtId, switched)]);
    if (!done) await store.drop(partition, table);
    else {
      await finishEndings(districtId);
      await drop(districtId, method, ...useless.filter((generation) => generation?.id !== next.active.id));
    }
    return done;
  }

  async function finishEndings(districtId: string): Promise<void> {
    const { standing, unchanged } = await standings.read(districtId, 0);
    if (standing.endings === undefined) return;
    const partition = partitionOf(vault, districtId);
    const { table, serial, at } = standing.endings;
    for await (const rows of store.scan(partition, table))
      await endSessions(
        districtId,
        rows.map(({ id }) => id),
        serial,
        at,
      );
    const { endings: _done, ...rest } = standing;
    if (await store.commit([unchanged], [standings.write(districtId, rest)])) await store.drop(partition, table);
    else await finishEndings(districtId);
  }

  async function approve(districtId: string, method: Method): Promise<SwitchResult> {
    await finishEndings(districtId);
    const seen = await standings.read(districtId, 0);
    const feed = seen.standing.feeds[method];
    if (feed?.held === undefined) return { kind: 'refused', code: 'nothing_held' };
    const { generation, base } = feed.held;
    if (base !== feed.active?.id) return { kind: 'refused', code: 'roster_changed_since' };
    const next = { active: { ...generation, at: clock() }, former: feed.active };
    const done = await switchTo(districtId, method, seen, next, [feed.former]);
    return done ? { kind: 'done', generation: generation.id, report: generation.report } : approve(districtId, method);
  }

  async function rollback(districtId: string, method: Method): Promise<SwitchResult> {
    await finishEndings(districtId);
    const seen = await standings.read(districtId, 0);
    const feed = seen.standing.feeds[method];
    if (feed?.former === undefined) return { kind: 'refused', code: 'nothing_to_roll_back_to' };
    const next = { active: feed.former, ...(feed.held === undefined ? {} : { held: feed.held }) };
    const done = await switchTo(districtId, method, seen, next, [feed.active]);
    return done
      ? { kind: 'done', generation: feed.former.id, report: feed.former.report }
      : rollback(districtId, method);
  }

  return { publish, approve, rollback, finishEndings };
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
  changes,
  finding_counts: staged.findings.counts,
});
