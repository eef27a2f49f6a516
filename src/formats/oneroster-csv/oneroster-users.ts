// The users of users.csv, with their roles: who gets which account, and who gets none.

import { foldName } from '../../identity/folding.ts';
import { type EmailCell, readCell, readEmailCell } from '../clean-cell.ts';
import type { AccountRow, BatchedFeed, ContestedId, FeedItem, Finding, Place, Position, RecordType } from '../feed.ts';
import { type LeftOut, leavePersonOut, leftOutAt, warningAt } from '../finding.ts';
import type { RosterSettings } from '../format.ts';
import { readGrade } from '../known-words.ts';
import type { RosterFiles } from '../roster-files.ts';
import { createNumberList, createTextList } from '../text-list.ts';
import type { IdTable } from './id-table.ts';
import { isEnabled } from './in-force.ts';
import { oneRosterTables, usersWithRole } from './oneroster-files.ts';
import type { Orgs } from './oneroster-orgs.ts';
import { type RoleAt, type RolesByUser, readRoleWord, roleOf } from './oneroster-roles.ts';
import { isGone, leaveOut, type OneRosterRow, readIdOf, readRows, warnAt } from './oneroster-table.ts';

export interface Users {
  read(files: RosterFiles): BatchedFeed;
  /** @param position in the table of ids */
  has(position: number): boolean;
  /** `none` for a user who gets no account; undefined for one that users.csv lacks. */
  find(user: string): { readonly record: RecordType; readonly sisId: string } | 'none' | undefined;
}

export interface UsersNeeds {
  /** The ids of users, including those of roles.csv. */
  readonly ids: IdTable;
  readonly orgs: Orgs;
  /** Of 1.2; in 1.1 role and orgs are part of the user. */
  readonly roles: RolesByUser | undefined;
  readonly settings: RosterSettings;
}

/**
 * `unseen`: in roles.csv, but no row was read; `gone`: in no role that gets an account; `ended`: disabled or to be
 * deleted by one of the rows.
 */
const [unseen, gone, student, employee, contested, ended] = [0, 1, 2, 3, 4, 5] as const;

export function createUsers({ ids, orgs, roles, settings }: UsersNeeds): Users {
  // Long because of what is asked of the users of one set, over the same tables; each is short.
  const kinds = createNumberList(8);
  const lines = createNumberList();
  /** Distinguishes two people with the same id: hashes of names and address; 0 if a row leaves one blank. */
  const prints = [createNumberList(16), createNumberList(16), createNumberList(16)] as const;
  /** If it differs from the id by which the files refer to users; at the position `sisIdAt` minus one. */
  const sisIds = createTextList();
  const sisIdAt = createNumberList();
  const address = countAddresses(settings);
  let [inactive, guardians] = [0, 0];

  /**
   * The finding that leaves out this row and the earlier ones, if they give the id to another person, or if one of them
   * ends the account.
   */
  function enter(row: OneRosterRow, position: number, kind: number, email: string | undefined): readonly FeedItem[] {
    const found = [
      printOf(foldName(row.raw('givenName'), '')),
      printOf(foldName('', row.raw('familyName'))),
      printOf(email ?? ''),
    ];
    if (kinds.at(position) === unseen) {
      kinds.set(position, kind);
      lines.set(position, row.place.line ?? 0);
      for (const [at, print] of found.entries()) prints[at]?.set(position, print);
      if (settings.oneRosterId === 'identifier') sisIdAt.set(position, sisIds.push(row.text('identifier') ?? '') + 1);
      return [];
    }
    const before = kinds.at(position);
    const isOther = prints.some(
      (list, at) => list.at(position) !== 0 && found[at] !== 0 && list.at(position) !== found[at],
    );
    const isOtherKind = hasAccount(before) && hasAccount(kind) && before !== kind;
    if (before === contested || isOther || isOtherKind) return contest(row, position);
    for (const [at, print] of found.entries()) if (print !== 0) prints[at]?.set(position, print);
    if (kind === ended || before === ended) return end(row, position, kind);
    if (before === gone) kinds.set(position, kind);
    return [];
  }

  /** Rows disagree on whether the user is active: access ends, and the rows are named. */
  function end(row: OneRosterRow, position: number, kind: number): readonly FeedItem[] {
    const before = kinds.at(position);
    kinds.set(position, ended);
    if (!hasAccount(before) && !hasAccount(kind)) return [];
    const other = { ...row.place, line: lines.at(position) };
    const column = isGone(row) ? 'status' : 'enabledUser';
    const finding = leftOutAt('user_active_and_not', { ...row.at(column), other });
    return hasAccount(before) ? [finding, contestedId(before, position, other)] : [finding];
  }

  function contest(row: OneRosterRow, position: number): readonly FeedItem[] {
    const before = kinds.at(position);
    const other = { ...row.place, line: lines.at(position) };
    const finding = leftOutAt('id_of_two_people', { ...row.at('sourcedId'), other });
    kinds.set(position, contested);
    return hasAccount(before) ? [finding, contestedId(before, position, other)] : [finding];
  }

  function contestedId(kind: number, position: number, place: Place): ContestedId {
    const record = kind === student ? 'student' : 'teacher';
    return { kind: 'contested_id', record, sisId: sisIdOf(position), place };
  }

  const sisIdOf = (position: number): string =>
    settings.oneRosterId === 'identifier' ? sisIds.at(sisIdAt.at(position) - 1) : ids.at(position);

  function readUser(row: OneRosterRow): readonly FeedItem[] {
    const read = readIdOf(row, 'sourcedId');
    if (read.kind === 'finding') return leaveUserOut(row, read, undefined);
    const position = ids.enter(read.id);
    const found = roles === undefined ? rolesOfRow(row) : { roles: roles.of(position) ?? [], findings: [] };
    if (found.roles === undefined) return found.findings;
    const ours = found.roles.filter(({ role }) => roleOf(role) !== undefined);
    const isActive = !isGone(row) && isEnabled(row) && found.roles.length > 0;
    const email = readEmailCell(row.raw(settings.oneRosterEmail));
    if (!isActive || ours.length === 0) {
      if (isActive) guardians += 1;
      else inactive += 1;
      return enter(row, position, isActive ? gone : ended, email.email);
    }
    const record = ours.some(({ role }) => role === 'student') ? 'student' : 'teacher';
    const own = readIdOf(row, settings.oneRosterId);
    if (own.kind === 'finding') return leaveUserOut(row, own, record);
    const clash = enter(row, position, record === 'student' ? student : employee, email.email);
    if (clash.length > 0) return clash;
    address.see(row);
    return [...found.findings, ...readAccount(row, record, own.id, ours, email)];
  }

  /** @param record undefined if unknown: roles refer to users by the lost id */
  function leaveUserOut(row: OneRosterRow, flaw: LeftOut, record: RecordType | undefined): readonly FeedItem[] {
    if (flaw.code === 'row_without_id' || isGone(row) || !isEnabled(row)) return [flaw];
    const names = { givenName: row.text('givenName') ?? '', familyName: row.text('familyName') ?? '' };
    const { email } = readEmailCell(row.raw(settings.oneRosterEmail));
    return (record === undefined ? (['student', 'teacher'] as const) : [record]).flatMap((each, at) => {
      const items = leavePersonOut(flaw, {
        kind: 'person_without_id',
        record: each,
        ...names,
        email,
        cleverId: undefined,
        place: row.place,
      });
      return at === 0 ? items : items.slice(1);
    });
  }

  /** Undefined if the row has to be left out. */
  function rolesOfRow(row: OneRosterRow): {
    readonly roles: readonly RoleAt[] | undefined;
    readonly findings: readonly Finding[];
  } {
    const role = readRoleWord(row.text('role'));
    if (role === undefined) return { roles: undefined, findings: [leaveOut(row, 'role_unknown', 'role')] };
    const named = row.list('orgSourcedIds');
    const findings = named
      .filter((org) => orgs.typeOf(org) === undefined)
      .map(() => warnAt(row, 'unknown_school', 'orgSourcedIds'));
    return { roles: named.length === 0 ? [{ role, org: undefined }] : named.map((org) => ({ role, org })), findings };
  }

  function readAccount(
    row: OneRosterRow,
    record: RecordType,
    sisId: string,
    at: readonly RoleAt[],
    { email, warnings }: EmailCell,
  ): FeedItem[] {
    const [givenName = '', familyName = ''] = [row.text('givenName'), row.text('familyName')];
    if (givenName === '' && familyName === '') return [leaveOut(row, 'row_without_name', 'givenName')];
    const furtherIds = furtherIdsOf(row, sisId);
    const named = at.flatMap(({ org }) => (org !== undefined && isSchool(org) ? [org] : []));
    const schools = named.length < 2 ? named : [...new Set(named)];
    const account = (schoolId: string | undefined): AccountRow => ({
      kind: 'account',
      record,
      sisId,
      role: record === 'student' ? 'student' : highestOf(at),
      position: record === 'student' ? undefined : positionOf(at),
      givenName,
      familyName,
      email,
      cleverId: undefined,
      schoolId,
      grade: row.list('grades').map(readGrade).join(', ') || undefined,
      furtherIds,
      place: row.place,
    });
    const nameless = [...(givenName === '' ? ['givenName'] : []), ...(familyName === '' ? ['familyName'] : [])];
    return [
      ...nameless.map((column) => warnAt(row, 'row_without_name', column)),
      ...warnings.map((code) => warnAt(row, code, settings.oneRosterEmail)),
      ...(schools.length === 0 ? [account(undefined)] : schools.map(account)),
    ];
  }

  /** Of an administrator; other roles have none here. */
  function positionOf(at: readonly RoleAt[]): Position | undefined {
    if (highestOf(at) !== 'administrator') return undefined;
    const isOfDistrict = at.some(
      ({ role, org }) =>
        role === 'districtadministrator' ||
        (role === 'administrator' && org !== undefined && orgs.typeOf(org) === 'district'),
    );
    return isOfDistrict && settings.districtAdmins === 'allow' ? 'district_admin' : 'school_admin';
  }

  const isSchool = (org: string): boolean => orgs.typeOf(org) === 'school';

  return {
    async *read(files) {
      let file: string | undefined;
      for await (const items of readRows(
        files,
        roles === undefined ? usersWithRole : oneRosterTables.users,
        readUser,
      )) {
        yield items;
        file ??= items.flatMap((item) => (item.kind === 'progress' ? [item.file] : []))[0];
      }
      yield [{ kind: 'not_kept', inactive, guardians }];
      if (file !== undefined && address.isElsewhere())
        yield [warningAt('address_elsewhere', { file, column: address.elsewhere })];
    },
    has: (position) => kinds.at(position) !== unseen,
    find(user) {
      const position = ids.find(user);
      const kind = position === undefined ? unseen : kinds.at(position);
      if (position === undefined || kind === unseen) return undefined;
      if (!hasAccount(kind)) return 'none';
      return { record: kind === student ? 'student' : 'teacher', sisId: sisIdOf(position) };
    },
  };
}

const hasAccount = (kind: number): boolean => kind === student || kind === employee;

const mostFurtherIds = 4;
const longestId = 128;

/** The other one of sourcedId and identifier, and those of userIds, `{SIS:70010},{LDAP:amoss}`. */
function furtherIdsOf(row: OneRosterRow, sisId: string): readonly string[] | undefined {
  const ids: string[] = [];
  const add = (id: string | undefined): void => {
    if (id && id !== sisId && id.length <= longestId && ids.length < mostFurtherIds && !ids.includes(id)) ids.push(id);
  };
  add(row.text('sourcedId'));
  add(row.text('identifier'));
  for (const entry of row.list('userIds')) add(/^\{?(?:[^:{}]*:)?([^{}]*)\}?$/.exec(entry)?.[1]?.trim());
  return ids.length === 0 ? undefined : ids;
}

const highestOf = (at: readonly RoleAt[]): AccountRow['role'] => {
  const found = at.map(({ role }) => roleOf(role));
  return found.includes('administrator') ? 'administrator' : found.includes('teacher') ? 'teacher' : 'staff';
};

/** Finds where addresses are: in the column that the district's setting names, or in the other. */
function countAddresses({ oneRosterEmail }: RosterSettings) {
  const elsewhere = oneRosterEmail === 'email' ? 'username' : 'email';
  let [people, here, there] = [0, 0, 0];
  const isAddress = (text: string) => readCell(text)?.includes('@') === true;
  return {
    elsewhere,
    see(row: OneRosterRow): void {
      people += 1;
      if (isAddress(row.raw(oneRosterEmail))) here += 1;
      if (isAddress(row.raw(elsewhere))) there += 1;
    },
    isElsewhere: () => here * 2 < people && there * 2 > people,
  };
}

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
