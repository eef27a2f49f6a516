// One account as one feed gives it, how it rests in a page, and how the rows of several feeds become one account.
import type { Candidate, Method } from '../identity/candidate.ts';
import { foldings } from '../identity/fold-email.ts';
import { foldName } from '../identity/fold-name.ts';
import type { Kind } from '../identity/identity.ts';
import type { Vault } from '../store/vault.ts';
import type { AccountRow, Place, RecordType, Role } from './feed.ts';

/** What one feed says of one account. */
export interface FeedAccount {
  readonly accountId: string;
  readonly record: RecordType;
  readonly sisId: string;
  readonly role: Role;
  readonly givenName: string;
  readonly familyName: string;
  readonly email: string | undefined;
  readonly cleverId: string | undefined;
  readonly schoolIds: readonly string[];
  readonly grade: string | undefined;
  readonly place: Place;
}

/** One account with all its sources. Role and names are those of its first source by `methods`, the role the highest of all. */
export interface Account extends Candidate {
  readonly record: RecordType;
  readonly role: Role;
  readonly schoolIds: readonly string[];
  readonly grade: string | undefined;
  readonly sources: readonly AccountSource[];
}

export interface AccountSource {
  readonly method: Method;
  readonly email: string | undefined;
  readonly cleverId: string | undefined;
  readonly place: Place;
}

export const methods: readonly Method[] = ['sftp', 'manual', 'secure-sync'];

export const kindOf = (record: RecordType): Kind => (record === 'student' ? 'student' : 'employee');

const ranks: readonly Role[] = ['administrator', 'teacher', 'staff', 'student'];

/** A person with several roles has the first of administrator, teacher, staff: contract section 2. */
export const highestRole = (roles: readonly Role[]): Role => ranks.find((role) => roles.includes(role)) ?? 'staff';

/**
 * The account id: the same for one (district, record, SIS id) in every import, by every method, for ever. A keyed hash
 * in the form of a UUID (RFC 9562 section 5.8, version 8), so that it says nothing and needs no table.
 */
export function accountIdOf(vault: Vault, district: string, record: RecordType, sisId: string): string {
  const hex = vault.blind('account', district, record, sisId);
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

export const isAccountId = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);

export function toFeedAccount(row: AccountRow, accountId: string): FeedAccount {
  const { record, sisId, role, givenName, familyName, email, cleverId, schoolId, grade, place } = row;
  const schoolIds = schoolId === undefined ? [] : [schoolId];
  // Each by its name: copying the rest of a row costs as much as a hash.
  return { accountId, record, sisId, role, givenName, familyName, email, cleverId, schoolIds, grade, place };
}

/** The keys under which an account is found. */
export const emailKeys = (vault: Vault, address: string): string[] =>
  foldings(address).map((folding) => vault.blind('email', folding));
export const nameKey = (vault: Vault, givenName: string, familyName: string): string =>
  vault.blind('name', foldName(givenName, familyName));
export const cleverIdKey = (vault: Vault, cleverId: string): string => vault.blind('clever-id', cleverId);

/** The id of the account's line; undefined for what is no account id. */
export const toLineId = (accountId: string): string | undefined =>
  isAccountId(accountId) ? accountId.replaceAll('-', '') : undefined;
export const fromLineId = (id: string): string =>
  `${id.slice(0, 8)}-${id.slice(8, 12)}-${id.slice(12, 16)}-${id.slice(16, 20)}-${id.slice(20, 32)}`;

const records = { student: 's', teacher: 't', staff: 'f' } as const;
const roles = { student: 's', teacher: 't', staff: 'f', administrator: 'a' } as const;
const recordsBySign: Readonly<Record<string, RecordType>> = { s: 'student', t: 'teacher', f: 'staff' };
const rolesBySign: Readonly<Record<string, Role>> = { ...recordsBySign, a: 'administrator' };

/** Its page is sealed: pages.ts. Record and role stand at fixed places, so that they are read without the rest. */
export function toLine(account: FeedAccount): string {
  const { accountId, record, role, sisId, givenName, familyName, email, cleverId, schoolIds, grade, place } = account;
  const content = JSON.stringify([sisId, givenName, familyName, email, cleverId, schoolIds, grade]);
  return `${accountId.replaceAll('-', '')}${records[record]}${roles[role]}${content}\t${JSON.stringify(place)}`;
}

export const recordOf = (line: string): RecordType => recordsBySign[line.charAt(32)] ?? 'staff';
export const roleOf = (line: string): Role => rolesBySign[line.charAt(33)] ?? 'staff';

type Content = [
  sisId: string,
  givenName: string,
  familyName: string,
  email: string | null,
  cleverId: string | null,
  schoolIds: readonly string[],
  grade: string | null,
];

export function fromLine(line: string): FeedAccount {
  const tab = line.indexOf('\t');
  const content: Content = JSON.parse(line.slice(34, tab));
  const [sisId, givenName, familyName, email, cleverId, schoolIds, grade] = content;
  return {
    accountId: fromLineId(line),
    record: recordOf(line),
    role: roleOf(line),
    ...{ sisId, givenName, familyName, schoolIds },
    email: email ?? undefined,
    cleverId: cleverId ?? undefined,
    grade: grade ?? undefined,
    place: JSON.parse(line.slice(tab + 1)),
  };
}

/** @param given what each feed says of the same account, at least one */
export function toAccount(given: readonly [MethodAccount, ...MethodAccount[]]): Account {
  const sorted = given.toSorted((one, other) => methods.indexOf(one.method) - methods.indexOf(other.method));
  const { account } = sorted[0] ?? given[0];
  return {
    accountId: account.accountId,
    kind: kindOf(account.record),
    record: account.record,
    role: highestRole(given.map((each) => each.account.role)),
    sisId: account.sisId,
    givenName: account.givenName,
    familyName: account.familyName,
    schoolIds: [...new Set(sorted.flatMap((each) => each.account.schoolIds))],
    grade: sorted.find((each) => each.account.grade !== undefined)?.account.grade,
    sources: sorted.map(({ method, account: { email, cleverId, place } }) => ({ method, email, cleverId, place })),
  };
}

export interface MethodAccount {
  readonly method: Method;
  readonly account: FeedAccount;
}
