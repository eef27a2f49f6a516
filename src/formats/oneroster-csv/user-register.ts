// The ids of users.csv met so far: what each stands for, and rows that disagree about one.
import { foldName } from '../../identity/folding.ts';
import type { ContestedId, FeedItem, Place, RecordType, WarningCode } from '../feed.ts';
import { leftOutAt } from '../finding.ts';
import type { RosterSettings } from '../format.ts';
import { createNumberList, createTextList } from '../text-list.ts';
import type { IdTable } from './id-table.ts';
import { isGone, type OneRosterRow } from './oneroster-table.ts';

export interface UserRegister {
  /**
   * Returns nothing, or the finding that leaves out this row and the earlier ones, if they give the id to another person,
   * or if one of them ends the account.
   * @param position in the table of ids
   */
  enter(row: OneRosterRow, position: number, state: EnteredState, email: string | undefined): readonly FeedItem[];
  has(position: number): boolean;
  /** `none` for a user who gets no account; undefined for one that users.csv lacks. */
  find(user: string): { readonly record: RecordType; readonly sisId: string } | 'none' | undefined;
}

/** `no_account`: in no role that gets an account; `inactive`: disabled or to be deleted by one of the rows. */
export type EnteredState = 'no_account' | 'student' | 'employee' | 'inactive';

/** `unseen`: in roles.csv, but no row was read; `contested`: the id of two people. */
const states = { unseen: 0, no_account: 1, student: 2, employee: 3, contested: 4, inactive: 5 } as const;

export function createUserRegister(ids: IdTable, settings: RosterSettings): UserRegister {
  const stateAt = createNumberList(8);
  const lines = createNumberList();
  const people = createPersonPrints();
  const sisIds = createSisIds(ids, settings);

  /** Leaves out the row, and the account that an earlier row gave to the id. */
  function withdraw(row: OneRosterRow, position: number, code: WarningCode, column: string): readonly FeedItem[] {
    const before = stateAt.at(position);
    const other = { ...row.place, line: lines.at(position) };
    const finding = leftOutAt(code, { ...row.at(column), other });
    return hasAccount(before) ? [finding, contestedId(recordOf(before), sisIds.at(position), other)] : [finding];
  }

  /** Two people have the id: it stands for neither. */
  function contest(row: OneRosterRow, position: number): readonly FeedItem[] {
    const items = withdraw(row, position, 'id_of_two_people', 'sourcedId');
    stateAt.set(position, states.contested);
    return items;
  }

  /** Rows disagree on whether the user is active: access ends, and the rows are named. */
  function end(row: OneRosterRow, position: number, state: number): readonly FeedItem[] {
    const hadAccount = hasAccount(stateAt.at(position)) || hasAccount(state);
    const column = isGone(row) ? 'status' : 'enabledUser';
    const items = hadAccount ? withdraw(row, position, 'user_active_and_not', column) : [];
    stateAt.set(position, states.inactive);
    return items;
  }

  return {
    enter(row, position, entered, email) {
      const state = states[entered];
      const before = stateAt.at(position);
      const person = printsOfPerson(row, email);
      if (before === states.unseen) {
        stateAt.set(position, state);
        lines.set(position, row.place.line ?? 0);
        people.add(position, person);
        sisIds.add(position, row);
        return [];
      }
      const isOtherKind = hasAccount(before) && hasAccount(state) && before !== state;
      if (before === states.contested || isOtherKind || people.isOther(position, person)) return contest(row, position);
      people.add(position, person);
      if (state === states.inactive || before === states.inactive) return end(row, position, state);
      if (before === states.no_account) stateAt.set(position, state);
      return [];
    },
    has: (position) => stateAt.at(position) !== states.unseen,
    find(user) {
      const position = ids.find(user);
      const state = position === undefined ? states.unseen : stateAt.at(position);
      if (position === undefined || state === states.unseen) return undefined;
      return hasAccount(state) ? { record: recordOf(state), sisId: sisIds.at(position) } : 'none';
    },
  };
}

const hasAccount = (state: number): boolean => state === states.student || state === states.employee;

const recordOf = (state: number): RecordType => (state === states.student ? 'student' : 'teacher');

const contestedId = (record: RecordType, sisId: string, place: Place): ContestedId => ({
  kind: 'contested_id',
  record,
  sisId,
  place,
});

/** The ids of accounts, where the district's setting takes them from another column than that by which files refer to users. */
function createSisIds(ids: IdTable, { oneRosterId }: RosterSettings) {
  const identifiers = createTextList();
  /** One plus the place in `identifiers`. */
  const placeAt = createNumberList();
  const isIdentifier = oneRosterId === 'identifier';
  return {
    add(position: number, row: OneRosterRow): void {
      if (isIdentifier) placeAt.set(position, identifiers.push(row.text('identifier') ?? '') + 1);
    },
    at: (position: number): string => (isIdentifier ? identifiers.at(placeAt.at(position) - 1) : ids.at(position)),
  };
}

/** Distinguishes two people with the same id: hashes of names and address; 0 for what a row leaves blank. */
function createPersonPrints() {
  const lists = [createNumberList(16), createNumberList(16), createNumberList(16)] as const;
  return {
    add(position: number, prints: readonly number[]): void {
      for (const [at, print] of prints.entries()) if (print !== 0) lists[at]?.set(position, print);
    },
    isOther: (position: number, prints: readonly number[]): boolean =>
      lists.some((list, at) => list.at(position) !== 0 && prints[at] !== 0 && list.at(position) !== prints[at]),
  };
}

const printsOfPerson = (row: OneRosterRow, email: string | undefined): readonly number[] => [
  printOf(foldName(row.raw('givenName'), '')),
  printOf(foldName('', row.raw('familyName'))),
  printOf(email ?? ''),
];

/**
 * A 16-bit hash (FNV-1a) that distinguishes two texts; it is not a security measure. 0 for a blank, which is ignored. Rows of
 * different people with equal hashes are found later, when their texts are compared (roster/join-rows.ts).
 */
function printOf(text: string): number {
  if (text.trim() === '') return 0;
  let print = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) print = Math.imul(print ^ text.charCodeAt(at), 0x01000193);
  return (print >>> 16) ^ (print & 0xffff) || 1;
}
