// A district's roster for the main product: the whole of it, batch by batch, as one consistent state however long it
// takes; and its changes since a cursor, as the current state of each changed object or its removal, delivered at least
// once. Memory stays constant.

import { partitionOf } from '../district/district.ts';
import { idOf, scanLines } from '../paged-table/pages.ts';
import type { Store } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';
import { fromLineId } from './account.ts';
import type { ChangeLog, ReadCursor, RosterCursors } from './change-log.ts';
import type { Difference } from './compare.ts';
import type { PublishedRoster, PublishedRosters, RosterHandle } from './published-roster.ts';
import type { RosterLine, RosterLines, RosterTable } from './roster-lines.ts';

/** The first line: following the changes from this cursor misses nothing. */
interface RosterHead {
  readonly type: 'roster';
  readonly district: string;
  readonly cursor: string;
}

/** The last line: without it the response was truncated. */
interface RosterEnd {
  readonly type: 'end';
  readonly accounts: number;
  readonly classes: number;
  readonly enrollments: number;
}

export type RosterBatch = readonly (RosterHead | RosterLine | RosterEnd)[];

/** The tables being read are gone: two publishes overtook the reader. The response must be aborted, not completed. */
export class RosterOvertaken extends Error {
  readonly code = 'ROSTER_OVERTAKEN';
  constructor() {
    super('the roster was published twice while it was read');
    this.name = 'RosterOvertaken';
  }
}

interface ReadRosterNeeds {
  readonly store: Store;
  readonly vault: Vault;
  readonly rosters: PublishedRosters;
  readonly cursors: RosterCursors;
  readonly lines: RosterLines;
}

/** @throws RosterOvertaken */
export type ReadRoster = (districtId: string) => AsyncGenerator<RosterBatch>;

export function createReadRoster({ store, vault, rosters, cursors, lines }: ReadRosterNeeds): ReadRoster {
  return async function* readRoster(districtId) {
    // Reads the cursor first: a switch between the two reads is in the changes after the cursor.
    const cursor = await cursors.now(districtId);
    const roster = await rosters.read(districtId, 0);
    yield [{ type: 'roster', district: districtId, cursor }];
    const counts = { account: 0, class: 0, enrollment: 0 };
    for (const table of lines.tables(roster.published)) {
      for await (const batch of readTable(roster, table)) {
        counts[table.type] += batch.length;
        yield batch;
      }
    }
    yield [{ type: 'end', accounts: counts.account, classes: counts.class, enrollments: counts.enrollment }];
  };

  async function* readTable(
    roster: RosterHandle,
    { type, method, table }: RosterTable,
  ): AsyncGenerator<readonly RosterLine[]> {
    const context = { store, vault, partition: partitionOf(vault, roster.districtId) };
    for await (const some of scanLines(context, table)) {
      const ids = some.map((line) => (type === 'account' ? fromLineId(line) : idOf(line)));
      const found = await lines.find(roster, type, ids);
      // A row of several feeds is sent with the first of them.
      yield found.filter((each) => each.method === method).map(({ line }) => line);
      await checkStillKept(roster);
    }
    await checkStillKept(roster);
  }

  /** A dropped table reads as an empty one; its generation left the published roster before it was dropped. */
  async function checkStillKept({ districtId, published: { feeds } }: RosterHandle): Promise<void> {
    const { published: now } = await rosters.read(districtId, 0);
    const isKept = Object.entries(feeds).every(([method, feed]) => {
      const { active, former } = now.feeds[method as keyof typeof feeds] ?? {};
      return feed.active === undefined || [active?.id, former?.id].includes(feed.active.id);
    });
    if (!isKept) throw new RosterOvertaken();
  }
}

interface RemovedLine {
  readonly type: Difference['type'];
  readonly id: string;
  readonly district: string;
  readonly removed: true;
}

/** The last line: without it the response was truncated. */
interface CursorLine {
  readonly type: 'cursor';
  readonly cursor: string;
  /** Whether more is available now; otherwise poll later. */
  readonly more: boolean;
}

export type ChangesBatch = readonly (RosterLine | RemovedLine | CursorLine)[];

interface FollowRosterNeeds {
  readonly rosters: PublishedRosters;
  readonly changes: ChangeLog;
  readonly cursors: RosterCursors;
  readonly lines: RosterLines;
}

export type FollowRoster = (
  districtId: string,
  cursor: string,
) => Promise<
  | { readonly kind: 'changes'; readonly batches: AsyncGenerator<ChangesBatch> }
  | Extract<ReadCursor, { kind: 'refused' }>
>;

/** A response ends with the batch that reaches this many changes. */
const changesPerAnswer = 10_000;

export function createFollowRoster({ rosters, changes, cursors, lines }: FollowRosterNeeds): FollowRoster {
  return async (districtId, cursor) => {
    const place = await cursors.read(districtId, cursor);
    if (place.kind === 'refused') return place;
    return { kind: 'changes', batches: follow(districtId, place.epoch, place.after, cursor) };
  };

  async function* follow(
    districtId: string,
    epoch: string,
    from: string | undefined,
    given: string,
  ): AsyncGenerator<ChangesBatch> {
    let after = from;
    let sent = 0;
    for (;;) {
      const [batch] = sent < changesPerAnswer ? await changes.read(districtId, after, 1) : [];
      if (batch === undefined) break;
      after = batch.cursor;
      sent += batch.differences.length;
      yield await present(districtId, batch.differences);
    }
    const cursor = after === undefined ? given : cursors.show(epoch, after);
    yield [{ type: 'cursor', cursor, more: sent >= changesPerAnswer }];
  }

  /** Reads again if the roster changed meanwhile: the table of a generation may have been dropped in between. */
  async function present(districtId: string, differences: readonly Difference[]): Promise<ChangesBatch> {
    for (;;) {
      const before = await rosters.read(districtId, 0);
      const batch = await readBatch(before, differences);
      const after = await rosters.read(districtId, 0);
      if (activeOf(before.published) === activeOf(after.published)) return batch;
    }
  }

  async function readBatch(roster: RosterHandle, differences: readonly Difference[]): Promise<ChangesBatch> {
    const batch: (RosterLine | RemovedLine)[] = [];
    for (const type of ['account', 'class', 'enrollment'] as const) {
      const ids = [...new Set(differences.filter((each) => each.type === type).map(({ id }) => id))];
      const found = (await lines.find(roster, type, ids)).map(({ line }) => line);
      const present = new Set(found.map(({ id }) => id));
      batch.push(...found);
      for (const id of ids) if (!present.has(id)) batch.push({ type, id, district: roster.districtId, removed: true });
    }
    return batch;
  }
}

const activeOf = ({ feeds }: PublishedRoster): string =>
  JSON.stringify(Object.entries(feeds).map(([method, { active }]) => [method, active?.id]));
