// Changes of a district's roster since a cursor, for the main product: the current state of each changed object, or its
// removal. Delivered at least once.
import type { ChangeLog, ReadCursor, RosterCursors } from './change-log.ts';
import type { Difference } from './compare.ts';
import type { PublishedRoster, PublishedRosters, RosterHandle } from './published-roster.ts';
import type { RosterLine, RosterLines } from './roster-lines.ts';

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
