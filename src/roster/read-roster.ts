// The whole roster of a district for the main product, batch by batch: one consistent state however long the reading
// takes. Memory stays flat.
import type { Store } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';
import { fromLineId } from './account.ts';
import { partitionOf } from './district.ts';
import { idOf, scanLines } from './pages.ts';
import type { RosterCursors } from './roster-cursor.ts';
import type { RosterLine, RosterLines, RosterTable } from './roster-lines.ts';
import type { Standing, Standings } from './standing.ts';

/** The first line: whoever follows the changes after this cursor misses nothing. */
export interface RosterHead {
  readonly type: 'roster';
  readonly district: string;
  readonly cursor: string;
}

/** The last line: without it the answer was cut short. */
export interface RosterEnd {
  readonly type: 'end';
  readonly accounts: number;
  readonly classes: number;
  readonly enrollments: number;
}

export type RosterBatch = readonly (RosterHead | RosterLine | RosterEnd)[];

/** What was being read is gone: two publishes overtook the reader. The answer must be cut, not ended. */
export class RosterOvertaken extends Error {
  readonly code = 'ROSTER_OVERTAKEN';
  constructor() {
    super('the roster was published twice while it was read');
    this.name = 'RosterOvertaken';
  }
}

export interface ReadRosterNeeds {
  readonly store: Store;
  readonly vault: Vault;
  readonly standings: Standings;
  readonly cursors: RosterCursors;
  readonly lines: RosterLines;
}

/** @throws RosterOvertaken */
export type ReadRoster = (districtId: string) => AsyncGenerator<RosterBatch>;

export function createReadRoster({ store, vault, standings, cursors, lines }: ReadRosterNeeds): ReadRoster {
  return async function* readRoster(districtId) {
    // The cursor first: what is switched between the two is told again by the changes, and nothing is missed.
    const cursor = await cursors.now(districtId);
    const { standing } = await standings.read(districtId, 0);
    yield [{ type: 'roster', district: districtId, cursor }];
    const counts = { account: 0, class: 0, enrollment: 0 };
    for (const table of lines.tables(standing)) {
      for await (const batch of readTable(districtId, standing, table)) {
        counts[table.type] += batch.length;
        yield batch;
      }
    }
    yield [{ type: 'end', accounts: counts.account, classes: counts.class, enrollments: counts.enrollment }];
  };

  async function* readTable(
    districtId: string,
    standing: Standing,
    { type, method, table }: RosterTable,
  ): AsyncGenerator<readonly RosterLine[]> {
    const room = { store, vault, partition: partitionOf(vault, districtId) };
    for await (const some of scanLines(room, table)) {
      const ids = some.map((line) => (type === 'account' ? fromLineId(line) : idOf(line)));
      const found = await lines.find(districtId, standing, type, ids);
      // What several feeds have is told with the first of them.
      yield found.filter((each) => each.method === method).map(({ line }) => line);
      await checkStillKept(districtId, standing);
    }
    await checkStillKept(districtId, standing);
  }

  /** A dropped table reads as an empty one; its generation left the standing before it was dropped. */
  async function checkStillKept(districtId: string, { feeds }: Standing): Promise<void> {
    const { standing: now } = await standings.read(districtId, 0);
    const isKept = Object.entries(feeds).every(([method, feed]) => {
      const { active, former } = now.feeds[method as keyof typeof feeds] ?? {};
      return feed.active === undefined || [active?.id, former?.id].includes(feed.active.id);
    });
    if (!isKept) throw new RosterOvertaken();
  }
}
