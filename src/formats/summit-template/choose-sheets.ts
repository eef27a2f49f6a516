// Selects the sheets of a workbook that are the roster: instructions and examples are excluded by content, name and
// position.
import { isYourRoster, type SummitTable } from './summit-sheets.ts';

export type RosterTable = Exclude<SummitTable, { readonly kind: 'other' }>;

export interface ChosenSheets {
  readonly roster: readonly RosterTable[];
  /** They have the columns of a template, but are not read. */
  readonly leftAside: readonly RosterTable[];
  /** The sheet Your Roster exists and has no header. */
  readonly isEmpty: boolean;
}

const tableOf = (found: SummitTable) => (found.kind === 'known' ? found.known.table : found.table);
const isExample = (found: SummitTable): boolean => /\b(examples?|samples?|instructions?)\b/i.test(tableOf(found).name);

/**
 * Employees are on the sheet Your Roster, at any position; if no sheet has that name, on the last that has the columns,
 * since examples precede it. Students are on every sheet with the columns that is no example.
 * @param tables in the order of the book
 */
export function chooseSheets(tables: readonly SummitTable[]): ChosenSheets {
  const named = tables.filter((found) => isYourRoster(tableOf(found)));
  const found = tables.filter((each) => each.kind !== 'other');
  const employees = found.filter(({ lists }) => lists === 'employee');
  const last = employees.filter((each) => !isExample(each)).at(-1);
  const isRead = (each: RosterTable): boolean => {
    if (each.lists === 'student') return !isExample(each);
    return named.length > 0 ? named.includes(each) : each === last;
  };
  return {
    roster: found.filter(isRead),
    leftAside: found.filter((each) => !isRead(each)),
    isEmpty: named.some(({ kind }) => kind === 'other'),
  };
}
