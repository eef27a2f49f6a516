// The users of users.csv, with their roles: who gets which account, and who gets none.
import { readCell, readEmailCell } from '../clean-cell.ts';
import type { BatchedFeed, FeedItem, Finding, RecordType } from '../feed.ts';
import { type LeftOut, leavePersonOut, warningAt } from '../finding.ts';
import type { RosterSettings } from '../format.ts';
import type { RosterFiles } from '../roster-files.ts';
import type { IdTable } from './id-table.ts';
import { isEnabled } from './in-force.ts';
import { readAccounts } from './oneroster-accounts.ts';
import { oneRosterTables, usersWithRole } from './oneroster-files.ts';
import type { Orgs } from './oneroster-orgs.ts';
import { type RoleAt, type RolesByUser, readRoleWord, roleOf } from './oneroster-roles.ts';
import { isGone, leaveOut, type OneRosterRow, readIdOf, readRows, warnAt } from './oneroster-table.ts';
import { createUserRegister, type UserRegister } from './user-register.ts';

export interface Users extends Pick<UserRegister, 'has' | 'find'> {
  read(files: RosterFiles): BatchedFeed;
}

export interface UsersNeeds {
  /** The ids of users, including those of roles.csv. */
  readonly ids: IdTable;
  readonly orgs: Orgs;
  /** Of 1.2; in 1.1 role and orgs are part of the user. */
  readonly roles: RolesByUser | undefined;
  readonly settings: RosterSettings;
}

export function createUsers({ ids, orgs, roles, settings }: UsersNeeds): Users {
  const register = createUserRegister(ids, settings);
  const addresses = countAddresses(settings);
  const withoutAccount = { inactive: 0, guardians: 0 };

  function readUser(row: OneRosterRow): readonly FeedItem[] {
    const read = readIdOf(row, 'sourcedId');
    if (read.kind === 'finding') return leaveUserOut(row, read, ['student', 'teacher'], settings);
    const position = ids.enter(read.id);
    const given = roles === undefined ? rolesOfRow(row, orgs) : { roles: roles.of(position) ?? [], findings: [] };
    if (given.roles === undefined) return given.findings;
    const email = readEmailCell(row.raw(settings.oneRosterEmail));
    const withAccount = given.roles.filter(({ role }) => roleOf(role) !== undefined);
    const isActive = !isGone(row) && isEnabled(row) && given.roles.length > 0;
    if (!isActive || withAccount.length === 0) {
      withoutAccount[isActive ? 'guardians' : 'inactive'] += 1;
      return register.enter(row, position, isActive ? 'no_account' : 'inactive', email.email);
    }
    const record = withAccount.some(({ role }) => role === 'student') ? 'student' : 'teacher';
    const own = readIdOf(row, settings.oneRosterId);
    if (own.kind === 'finding') return leaveUserOut(row, own, [record], settings);
    const conflict = register.enter(row, position, record === 'student' ? 'student' : 'employee', email.email);
    if (conflict.length > 0) return conflict;
    addresses.see(row);
    const holder = { record, sisId: own.id, roles: withAccount, email } as const;
    return [...given.findings, ...readAccounts(row, holder, orgs, settings)];
  }

  return {
    async *read(files) {
      let file: string | undefined;
      const table = roles === undefined ? usersWithRole : oneRosterTables.users;
      for await (const items of readRows(files, table, readUser)) {
        yield items;
        file ??= items.flatMap((item) => (item.kind === 'progress' ? [item.file] : []))[0];
      }
      yield [{ kind: 'not_kept', ...withoutAccount }];
      if (file !== undefined && addresses.isElsewhere())
        yield [warningAt('address_elsewhere', { file, column: addresses.elsewhere })];
    },
    has: register.has,
    find: register.find,
  };
}

/** @param records student and teacher if the role is unknown, since roles refer to users by the lost id */
function leaveUserOut(
  row: OneRosterRow,
  flaw: LeftOut,
  records: readonly RecordType[],
  settings: RosterSettings,
): readonly FeedItem[] {
  if (flaw.code === 'row_without_id' || isGone(row) || !isEnabled(row)) return [flaw];
  const person = {
    kind: 'person_without_id',
    givenName: row.text('givenName') ?? '',
    familyName: row.text('familyName') ?? '',
    email: readEmailCell(row.raw(settings.oneRosterEmail)).email,
    cleverId: undefined,
    place: row.place,
  } as const;
  return records.flatMap((record, at) => {
    const items = leavePersonOut(flaw, { ...person, record });
    return at === 0 ? items : items.slice(1);
  });
}

interface RolesOfRow {
  /** Undefined if the row has to be left out. */
  readonly roles: readonly RoleAt[] | undefined;
  readonly findings: readonly Finding[];
}

function rolesOfRow(row: OneRosterRow, orgs: Orgs): RolesOfRow {
  const role = readRoleWord(row.text('role'));
  if (role === undefined) return { roles: undefined, findings: [leaveOut(row, 'role_unknown', 'role')] };
  const named = row.list('orgSourcedIds');
  const findings = named
    .filter((org) => orgs.typeOf(org) === undefined)
    .map(() => warnAt(row, 'unknown_school', 'orgSourcedIds'));
  return { roles: named.length === 0 ? [{ role, org: undefined }] : named.map((org) => ({ role, org })), findings };
}

/** Finds where addresses are: in the column that the district's setting names, or in the other. */
function countAddresses({ oneRosterEmail }: RosterSettings) {
  const elsewhere = oneRosterEmail === 'email' ? 'username' : 'email';
  let [users, here, there] = [0, 0, 0];
  const isAddress = (text: string) => readCell(text)?.includes('@') === true;
  return {
    elsewhere,
    see(row: OneRosterRow): void {
      users += 1;
      if (isAddress(row.raw(oneRosterEmail))) here += 1;
      if (isAddress(row.raw(elsewhere))) there += 1;
    },
    isElsewhere: () => here * 2 < users && there * 2 > users,
  };
}
