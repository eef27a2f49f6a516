// What changed in a district's roster since a cursor, for the main product: the present state of whatever changed, and
// which of it is gone. A change may be told twice, none is left out.
import type { ChangeLog } from './change-log.ts';
import type { Difference } from './compare.ts';
import type { ReadCursor, RosterCursors } from './roster-cursor.ts';
import type { RosterLine, RosterLines } from './roster-lines.ts';
import type { Standing, Standings } from './standing.ts';

export interface RemovedLine {
  readonly type: Difference['type'];
  readonly id: string;
  readonly district: string;
  readonly removed: true;
}

/** The last line: without it the answer was cut short. */
export interface CursorLine {
  readonly type: 'cursor';
  readonly cursor: string;
  /** Whether there is more already; else ask again later. */
  readonly more: boolean;
}

export type ChangesBatch = readonly (RosterLine | RemovedLine | CursorLine)[];

export interface FollowRosterNeeds {
  readonly standings: Standings;
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

/** One answer ends with the batch that reaches this many changes. */
const changesPerAnswer = 10_000;

export function createFollowRoster({ standings, changes, cursors, lines }: FollowRosterNeeds): FollowRoster {
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
    let told = 0;
    for (;;) {
      const [batch] = told < changesPerAnswer ? await changes.read(districtId, after, 1) : [];
      if (batch === undefined) break;
      after = batch.cursor;
      told += batch.differences.length;
      yield await present(districtId, batch.differences);
    }
    const cursor = after === undefined ? given : cursors.show(epoch, after);
    yield [{ type: 'cursor', cursor, more: told >= changesPerAnswer }];
  }

  /** Only a state that was the same before and after looking: the table of a generation may be dropped in between. */
  async function present(districtId: string, differences: readonly Difference[]): Promise<ChangesBatch> {
    for (;;) {
      const { standing } = await standings.read(districtId, 0);
      const batch = await look(districtId, standing, differences);
      const { standing: after } = await standings.read(districtId, 0);
      if (activeOf(standing) === activeOf(after)) return batch;
    }
  }

  async function look(
    districtId: string,
    standing: Standing,
    differences: readonly Difference[],
  ): Promise<ChangesBatch> {
    const batch: (RosterLine | RemovedLine)[] = [];
    for (const type of ['account', 'class', 'enrollment'] as const) {
      const ids = [...new Set(differences.filter((each) => each.type === type).map(({ id }) => id))];
      const found = (await lines.find(districtId, standing, type, ids)).map(({ line }) => line);
      const present = new Set(found.map(({ id }) => id));
      batch.push(...found);
      for (const id of ids) if (!present.has(id)) batch.push({ type, id, district: districtId, removed: true });
    }
    return batch;
  }
}

const activeOf = ({ feeds }: Standing): string =>
  JSON.stringify(Object.entries(feeds).map(([method, { active }]) => [method, active?.id]));
