// Compares a staged generation of a feed with the active one, and writes down what would have to follow its switch.
import type { Method } from '../identity/candidate.ts';
import type { Kind } from '../identity/identity.ts';
import { type AftermathBook, openAftermathBook, type PublishingNeeds } from './aftermath.ts';
import { compareGenerations } from './compare.ts';
import { partitionOf } from './district.ts';
import type { Changes } from './report.ts';
import { otherAccountTables, type Standing, tablesOf } from './standing.ts';

export interface Comparison {
  readonly changes: Readonly<Record<Kind, Changes>>;
  /** Ended; for the switch, or to be dropped. */
  readonly book: AftermathBook;
}

/** @param namesCleverIds whether any account of the generation may have a Clever id */
export async function compareToActive(
  needs: PublishingNeeds,
  districtId: string,
  method: Method,
  standing: Standing,
  generation: string,
  namesCleverIds = true,
): Promise<Comparison> {
  const { store, vault } = needs;
  const active = standing.feeds[method]?.active;
  const book = await openAftermathBook(needs, districtId, namesCleverIds);
  const changes = await compareGenerations(
    {
      ...{ store, vault, partition: partitionOf(vault, districtId) },
      next: tablesOf(method, generation),
      active: active && tablesOf(method, active.id),
      others: otherAccountTables(standing, method),
    },
    book.write,
  );
  await book.end();
  return { changes, book };
}
