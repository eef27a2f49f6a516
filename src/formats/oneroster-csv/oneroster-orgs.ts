// Schools and the organisations above them.
import type { BatchedFeed, FeedItem } from '../feed.ts';
import { errorAt } from '../finding.ts';
import type { RosterFiles } from '../roster-files.ts';
import { createNumberList, createTextList } from '../text-list.ts';
import { createIdTable } from './id-table.ts';
import { oneRosterTables } from './oneroster-files.ts';
import { isGone, type OneRosterRow, readIdOf, readRows } from './oneroster-table.ts';

export interface Orgs {
  /** `gone` for one that is to be deleted. */
  typeOf(id: string): 'school' | 'district' | 'other' | 'gone' | undefined;
  read(files: RosterFiles): BatchedFeed;
}

const types = ['school', 'district', 'other', 'gone'] as const;

export function createOrgs(): Orgs {
  const ids = createIdTable();
  const typeByOrg = createNumberList();
  const names = createTextList();

  function readOrg(row: OneRosterRow): readonly FeedItem[] {
    const read = readIdOf(row, 'sourcedId');
    if (read.kind === 'finding') return [read];
    const { id } = read;
    const name = row.text('name') ?? '';
    const before = ids.find(id);
    // A repeated row, or one without the name, adds nothing.
    if (before !== undefined)
      return ['', names.at(before)].includes(name) || names.at(before) === ''
        ? []
        : [errorAt('id_of_two_schools', row.at('sourcedId'))];
    ids.enter(id);
    names.push(name);
    const word = (row.text('type') ?? '').toLowerCase();
    const type = isGone(row) ? 'gone' : (types.find((each) => each === word) ?? 'other');
    typeByOrg.push(types.indexOf(type));
    return type === 'school' ? [{ kind: 'school', schoolId: id, name: row.text('name'), place: row.place }] : [];
  }

  return {
    typeOf(id) {
      const position = ids.find(id);
      return position === undefined ? undefined : types[typeByOrg.at(position)];
    },
    async *read(files) {
      yield* readRows(files, oneRosterTables.orgs, readOrg);
    },
  };
}
