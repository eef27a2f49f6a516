// Detects a template that was sent before it was filled in: it would remove all users that an earlier one added.
import { partitionOf } from '../district/district.ts';
import { type Finding, type FormatItem, isTemplate, type Place, type Role } from '../formats/feed.ts';
import { errorAt } from '../formats/finding.ts';
import type { Kind } from '../identity/identity.ts';
import { scanLines } from '../paged-table/pages.ts';
import { kindOf, recordOf } from './account.ts';
import type { StageContext } from './staged-tables.ts';

interface Filled {
  readonly accounts: Readonly<Record<Role, number>>;
  readonly classes: number;
}

/** An error if the template lists none of a kind that it replaces and that the active roster of the feed has. */
export async function findUnfilled(
  { store, vault, districtId, active }: StageContext,
  read: Pick<FormatItem, 'format' | 'replaces'> | undefined,
  filled: Filled,
  place: Place,
): Promise<readonly Finding[]> {
  const emptied = emptiedKinds(read, filled);
  if (active === undefined || emptied.length === 0) return [];
  for await (const lines of scanLines({ store, vault, partition: partitionOf(vault, districtId) }, active))
    if (lines.some((line) => emptied.includes(kindOf(recordOf(line)))))
      return [errorAt('template_not_filled_in', place)];
  return [];
}

function emptiedKinds(
  read: Pick<FormatItem, 'format' | 'replaces'> | undefined,
  { accounts: { student, teacher, staff, administrator }, classes }: Filled,
): readonly Kind[] {
  const counts = { student, employee: teacher + staff + administrator };
  const empty = (['student', 'employee'] as const).filter((kind) => counts[kind] === 0);
  if (read === undefined || !isTemplate(read.format)) return [];
  if (read.replaces !== undefined) return empty.filter((kind) => read.replaces?.includes(kind));
  // A template that replaces all kinds may list only one, or only classes.
  return empty.length === 2 && classes === 0 ? empty : [];
}
