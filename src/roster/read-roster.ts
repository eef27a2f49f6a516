// The whole roster of a district for the main product, batch by batch: one consistent state however long it takes.
// Memory stays constant.

import { partitionOf } from '../district/district.ts';
import { idOf, scanLines } from '../paged-table/pages.ts';
import type { Store } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';
import { fromLineId } from './account.ts';
import type { RosterCursors } from './change-log.ts';
import type { PublishedRosters, RosterHandle } from './published-roster.ts';
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
