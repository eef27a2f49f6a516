// Compares a staged generation of a feed with the active one, and writes the follow-up of its switch.

import { partitionOf } from '../district/district.ts';
import type { Method } from '../identity/candidate.ts';
import { type Comparison, compareGenerations } from './compare.ts';
import { type FollowUpOutbox, openFollowUpOutbox } from './follow-up.ts';
import { otherAccountTables, type RosterHandle, tablesOf } from './published-roster.ts';
import type { PublishingNeeds } from './publishing-needs.ts';

export interface ActiveComparison extends Comparison {
  /** Complete; for the switch, or to be dropped. */
  readonly outbox: FollowUpOutbox;
}

/** @param hasToRemember whether any account of the generation may have to be remembered */
export async function compareToActive(
  needs: PublishingNeeds,
  roster: RosterHandle,
  method: Method,
  generation: string,
  hasToRemember = true,
): Promise<ActiveComparison> {
  const { store, vault, links } = needs;
  const { districtId, published } = roster;
  const active = published.feeds[method]?.active;
  const outbox = await openFollowUpOutbox(needs, districtId, hasToRemember);
  const compared = await compareGenerations(
    {
      store,
      vault,
      partition: partitionOf(vault, districtId),
      next: tablesOf(method, generation),
      active: active && tablesOf(method, active.id),
      others: otherAccountTables(published, method),
      findLinkedToOthers: method === 'secure-sync' ? (given) => links.findLinkedToOthers(roster, given) : undefined,
    },
    outbox.write,
  );
  await outbox.end();
  return { ...compared, outbox };
}
