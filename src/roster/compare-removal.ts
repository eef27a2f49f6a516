// Compares the feeds of methods to be removed with an empty roster, to find what would leave the district. Writes
// nothing.

import { partitionOf } from '../district/district.ts';
import type { Method } from '../identity/candidate.ts';
import type { Kind } from '../identity/identity.ts';
import { withMethods } from './adopt-methods.ts';
import { compareGenerations, type Difference } from './compare.ts';
import { findHolds, type Hold } from './guard.ts';
import { lockOutReasons, noLockOuts } from './lock-outs.ts';
import { accountTable, accountTables, type RetiredFeed, type RosterHandle, tablesOf } from './published-roster.ts';
import type { PublishingNeeds } from './publishing-needs.ts';
import {
  type Changes,
  lockOutsOf,
  type MemberChanges,
  noMemberChanges,
  nothingChanges,
  type RosterChanges,
} from './report.ts';
import { freshName } from './table-register.ts';

/** What a district loses with its removed methods. */
export interface RemovedRosters {
  readonly methods: readonly Method[];
  /** Accounts that can no longer sign in: what the guard counts. */
  readonly accounts: Readonly<Record<Kind, number>>;
}

export interface Removal {
  /** Methods whose feeds would be retired. */
  readonly methods: readonly Method[];
  readonly changes: RosterChanges;
  readonly holds: readonly Hold[];
}

/** What leaves with the feed that is retired next. The published roster has only the other feeds. */
export async function compareRetired(
  { store, vault, clock }: Pick<PublishingNeeds, 'store' | 'vault' | 'clock'>,
  { districtId, published: { retired: [next, ...later] = [], ...published } }: RosterHandle,
  sink: (differences: readonly Difference[]) => Promise<void>,
): Promise<RosterChanges> {
  const active = next?.feed.active;
  if (next === undefined || active === undefined) return nothingChanges;
  const others = accountTables(published, 'active').map(({ table }) => table);
  const { changes } = await compareGenerations(
    {
      store,
      vault,
      partition: partitionOf(vault, districtId),
      // Tables that do not exist: an empty roster.
      next: tablesOf(next.method, freshName(clock)),
      active: tablesOf(next.method, active.id),
      // Feeds that are retired later count their own accounts, so that an account of both is counted once.
      others: [...others, ...later.flatMap(tableOf)],
    },
    sink,
  );
  return changes;
}

function tableOf({ method, feed }: RetiredFeed): string[] {
  return feed.active === undefined ? [] : [accountTable(method, feed.active.id)];
}

export async function compareRemoval(
  needs: PublishingNeeds,
  districtId: string,
  wanted: readonly Method[],
): Promise<Removal> {
  const { published } = await needs.rosters.read(districtId, 0);
  const next = withMethods({ ...published, retired: undefined }, wanted);
  const { retired = [] } = next;
  let changes: RosterChanges = nothingChanges;
  for (const index of retired.keys()) {
    const left = { ...next, retired: retired.slice(index) };
    changes = add(changes, await compareRetired(needs, { districtId, published: left }, async () => undefined));
  }
  return { methods: retired.map(({ method }) => method), changes, holds: findHolds(changes) };
}

const add = (one: RosterChanges, other: RosterChanges): RosterChanges => ({
  student: addChanges(one.student, other.student),
  employee: addChanges(one.employee, other.employee),
  class: addMembers(one.class, other.class),
  enrollment: addMembers(one.enrollment, other.enrollment),
});

const addMembers = (one = noMemberChanges, other = noMemberChanges): MemberChanges => ({
  new: one.new + other.new,
  changed: one.changed + other.changed,
  unchanged: one.unchanged + other.unchanged,
  removed: one.removed + other.removed,
  before: one.before + other.before,
});

function addChanges(one: Changes, other: Changes): Changes {
  const [lost, lostToo] = [lockOutsOf(one), lockOutsOf(other)];
  return {
    new: one.new + other.new,
    changed: one.changed + other.changed,
    unchanged: one.unchanged + other.unchanged,
    removed: one.removed + other.removed,
    address_changed: one.address_changed + other.address_changed,
    // The first comparison counted every account of the district.
    before: Math.max(one.before, other.before),
    locked_out: {
      ...noLockOuts,
      ...Object.fromEntries(lockOutReasons.map((reason) => [reason, lost[reason] + lostToo[reason]])),
    },
  };
}
