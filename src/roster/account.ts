// One account as one feed gives it, its stored form in a page, and how the rows of several feeds are merged into one
// account with one position.

import {
  type AccountRow,
  isAddressKey,
  type Place,
  type Position,
  type RecordType,
  type Role,
} from '../formats/feed.ts';
import { type Candidate, type Method, methods } from '../identity/candidate.ts';
import { readEmail } from '../identity/email.ts';
import { foldings, foldName, simplifyName } from '../identity/folding.ts';
import type { Kind } from '../identity/identity.ts';
import type { ToHash } from '../store/hash-thread.ts';
import type { Vault } from '../store/vault.ts';

/** The positions that a role can have, highest first. */
const positionsOf: Readonly<Record<Role, readonly Position[]>> = {
  administrator: ['district_admin', 'school_admin'],
  teacher: ['lead_teacher', 'support_teacher'],
  staff: [],
  student: [],
};

/** An administrator is a School Admin unless a roster gives a higher position. */
const defaultPosition = (role: Role): Position | undefined => (role === 'administrator' ? 'school_admin' : undefined);

/** The highest of the given positions that the role can have, otherwise the role's default. */
export const highestPosition = (role: Role, given: readonly (Position | undefined)[]): Position | undefined =>
  positionsOf[role].find((position) => given.includes(position)) ?? defaultPosition(role);

/** One feed's row of one account. */
export interface FeedAccount {
  readonly accountId: string;
  readonly record: RecordType;
  readonly sisId: string;
  readonly role: Role;
  readonly position?: Position | undefined;
  readonly givenName: string;
  readonly familyName: string;
  readonly email: string | undefined;
  readonly cleverId: string | undefined;
  readonly schoolIds: readonly string[];
  readonly grade: string | undefined;
  /** Other ids of the user: used as evidence only, and only if unique. */
  readonly furtherIds?: readonly string[] | undefined;
  readonly place: Place;
}

/**
 * One account with all its sources. Id and names are those of its first source by `methods` that has an id; role and
 * position are the highest of all.
 */
export interface Account extends Candidate {
  readonly record: RecordType;
  readonly role: Role;
  /** Undefined if no roster gives one. An administrator always has one. */
  readonly position?: Position | undefined;
  readonly schoolIds: readonly string[];
  readonly grade: string | undefined;
  /** Of all sources. */
  readonly furtherIds: readonly string[];
  readonly sources: readonly AccountSource[];
}

export interface AccountSource {
  readonly method: Method;
  readonly email: string | undefined;
  readonly cleverId: string | undefined;
  readonly place: Place;
}

export const kindOf = (record: RecordType): Kind => (record === 'student' ? 'student' : 'employee');

const ranks: readonly Role[] = ['administrator', 'teacher', 'staff', 'student'];

/** Of several roles the first of administrator, teacher, staff counts: contract section 2. */
export const highestRole = (roles: readonly Role[]): Role => ranks.find((role) => roles.includes(role)) ?? 'staff';

/**
 * The account id: permanently the same for one (district, record, SIS id), in every import by every method. A keyed
 * hash in the form of a UUID (RFC 9562 section 5.8, version 8), so that it reveals nothing and needs no table.
 */
export const accountIdOf = (vault: Vault, district: string, record: RecordType, sisId: string): string =>
  toAccountId(vault.blind('account', district, record, sisId));

/** @param hex the keyed hash of its record */
export function toAccountId(hex: string): string {
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

export const isAccountId = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);

export function toFeedAccount(row: AccountRow, accountId: string): FeedAccount {
  const { record, sisId, role, givenName, familyName, email, cleverId, schoolId, grade, furtherIds, place } = row;
  const schoolIds = schoolId === undefined ? [] : [schoolId];
  const position = row.position === undefined ? defaultPosition(role) : highestPosition(role, [row.position]);
  // Each member by name: copying the rest of a row costs as much as a hash.
  return {
    accountId,
    record,
    sisId,
    role,
    position,
    givenName,
    familyName,
    email,
    cleverId,
    schoolIds,
    grade,
    furtherIds,
    place,
  };
}

/** Whether two rows of one account, in two feeds or one after the other, are of two people: name and address differ. */
export function isAnotherPerson(one: PersonFields, other: PersonFields): boolean {
  if (one.email === other.email) return false;
  return foldName(one.givenName, one.familyName) !== foldName(other.givenName, other.familyName);
}

/**
 * Whether two feeds give one id to two people, so that the account's owner cannot be determined: both have an address
 * and a name, and both differ. Blanks, and values that no sign-in can have, contradict nothing.
 */
export function areTwoPeople(one: PersonFields, other: PersonFields): boolean {
  return one.email !== other.email && hasPlainEmail(one) && hasPlainEmail(other) && !hasSameNames(one, other);
}

const hasPlainEmail = ({ email }: PersonFields): boolean => email !== undefined && readEmail(email).kind === 'plain';

/** Compares the parts of the name that both rows fill in. */
export const hasSameNames = (one: PersonFields, other: PersonFields): boolean =>
  agree(foldName(one.givenName, ''), foldName(other.givenName, '')) &&
  agree(foldName('', one.familyName), foldName('', other.familyName));

const agree = (one: string, other: string): boolean => one.trim() === '' || other.trim() === '' || one === other;

/** Whether any two of the feeds' rows of one account are of two people. */
export const areOfTwoPeople = (rows: readonly PersonFields[]): boolean =>
  rows.some((row, at) => rows.slice(at + 1).some((other) => areTwoPeople(row, other)));

type PersonFields = Pick<FeedAccount, 'givenName' | 'familyName' | 'email'>;

/** The index keys of an account's address. */
export const emailKeys = (vault: Vault, address: string): string[] =>
  foldings(address).map((folding) => vault.blind('email', folding));
/** Equal addresses have equal keys: the first key finds them all. */
export const firstEmailKey = (vault: Vault, address: string): string =>
  vault.blind('email', foldings(address)[0] ?? '');
export const nameKey = (vault: Vault, givenName: string, familyName: string): string =>
  vault.blind('name', foldName(givenName, familyName));
/** The index keys of an account's name. */
export const nameKeys = (vault: Vault, givenName: string, familyName: string): string[] => [
  nameKey(vault, givenName, familyName),
  ...(simplifyName(givenName, familyName) === foldName(givenName, familyName)
    ? []
    : [simpleNameKey(vault, givenName, familyName)]),
];
export const simpleNameKey = (vault: Vault, givenName: string, familyName: string): string =>
  vault.blind('simple-name', simplifyName(givenName, familyName));
export const cleverIdKey = (vault: Vault, cleverId: string): string => vault.blind('clever-id', cleverId);

/** Also of the SIS id, if an account with further ids is not stored under the id derived from it. */
export const furtherIdKey = (vault: Vault, id: string): string => vault.blind('further-id', id);

/** The texts whose keyed hashes are the index keys of an account. */
export interface LookUps {
  /** Those of its address come first. */
  readonly all: readonly ToHash[];
  readonly ofAddress: number;
}

/** @param further further ids by which it can be found */
export function lookUpsOf(
  { givenName, familyName, email, cleverId }: PersonFields & Pick<FeedAccount, 'cleverId'>,
  further: readonly string[],
): LookUps {
  const addresses = email === undefined ? [] : foldings(email);
  const all = addresses.map((folding): ToHash => ({ purpose: 'email', parts: [folding] }));
  const name = foldName(givenName, familyName);
  const simpleName = simplifyName(givenName, familyName);
  all.push({ purpose: 'name', parts: [name] });
  if (simpleName !== name) all.push({ purpose: 'simple-name', parts: [simpleName] });
  if (cleverId !== undefined) all.push({ purpose: 'clever-id', parts: [cleverId] });
  for (const id of further) all.push({ purpose: 'further-id', parts: [id] });
  return { all, ofAddress: addresses.length };
}

/** The id of the account's line; undefined if the text is not an account id. */
export const toLineId = (accountId: string): string | undefined =>
  isAccountId(accountId) ? accountId.replaceAll('-', '') : undefined;
export const fromLineId = (id: string): string =>
  `${id.slice(0, 8)}-${id.slice(8, 12)}-${id.slice(12, 16)}-${id.slice(16, 20)}-${id.slice(20, 32)}`;

export const recordTypes: readonly RecordType[] = ['student', 'teacher', 'staff'];

const records = { student: 's', teacher: 't', staff: 'f' } as const;
const roles = { student: 's', teacher: 't', staff: 'f', administrator: 'a' } as const;
const recordsBySign: Readonly<Record<string, RecordType>> = { s: 'student', t: 'teacher', f: 'staff' };
const rolesBySign: Readonly<Record<string, Role>> = { ...recordsBySign, a: 'administrator' };

/** Its page is sealed: pages.ts. Record and role are at fixed positions, so that they can be read without the rest. */
export function toLine(account: FeedAccount): string {
  const { accountId, record, role, sisId, givenName, familyName, email, cleverId, schoolIds, grade, place } = account;
  const { furtherIds = [] } = account;
  // Without the role's default, so that lines of an earlier version read as unchanged.
  const position = account.position === defaultPosition(role) ? [] : [account.position];
  const further = furtherIds.length === 0 ? position : [position[0], furtherIds];
  const content = JSON.stringify([sisId, givenName, familyName, email, cleverId, schoolIds, grade, ...further]);
  return `${accountId.replaceAll('-', '')}${records[record]}${roles[role]}${content}\t${JSON.stringify(place)}`;
}

export const recordOf = (line: string): RecordType => recordsBySign[line.charAt(32)] ?? 'staff';
export const roleOf = (line: string): Role => rolesBySign[line.charAt(33)] ?? 'staff';
export const rightsOf = (line: string): Pick<FeedAccount, 'role' | 'position'> => {
  const [role, [, , , , , , , position]] = [roleOf(line), contentOf(line)];
  return { role, position: position ?? defaultPosition(role) };
};

/** Email and Clever id of a line whose first five members have no escape: nearly every line. */
const plainMembers = /^\["[^"\\]*","[^"\\]*","[^"\\]*",(?:"([^"\\]*)"|null),(?:"([^"\\]*)"|null),/;

/** Reads only the members by which an account is found. */
export const addressOf = (line: string): Pick<FeedAccount, 'email' | 'cleverId'> => {
  const plain = plainMembers.exec(line.slice(34));
  if (plain !== null) return { email: plain[1], cleverId: plain[2] };
  const [, , , email, cleverId] = contentOf(line);
  return { email: email ?? undefined, cleverId: cleverId ?? undefined };
};

type Content = [
  sisId: string,
  givenName: string,
  familyName: string,
  email: string | null,
  cleverId: string | null,
  schoolIds: readonly string[],
  grade: string | null,
  position?: Position | null,
  furtherIds?: readonly string[],
];

const contentOf = (line: string): Content => JSON.parse(line.slice(34, line.indexOf('\t')));

export function fromLine(line: string): FeedAccount {
  const [sisId, givenName, familyName, email, cleverId, schoolIds, grade, position, furtherIds] = contentOf(line);
  const role = roleOf(line);
  return {
    accountId: fromLineId(line),
    record: recordOf(line),
    role,
    position: position ?? defaultPosition(role),
    sisId,
    givenName,
    familyName,
    schoolIds,
    email: email ?? undefined,
    cleverId: cleverId ?? undefined,
    grade: grade ?? undefined,
    furtherIds,
    place: JSON.parse(line.slice(line.indexOf('\t') + 1)),
  };
}

/** @param given each feed's row of the same account, at least one */
export function toAccount(given: readonly [MethodAccount, ...MethodAccount[]]): Account {
  const sorted = given.toSorted((one, other) => methods.indexOf(one.method) - methods.indexOf(other.method));
  const { account } = sorted.find((each) => !isAddressKey(each.account.sisId)) ?? sorted[0] ?? given[0];
  const role = highestRole(given.map((each) => each.account.role));
  return {
    accountId: account.accountId,
    kind: kindOf(account.record),
    record: account.record,
    role,
    position: highestPosition(
      role,
      given.map((each) => each.account.position),
    ),
    sisId: account.sisId,
    givenName: account.givenName,
    familyName: account.familyName,
    schoolIds: [...new Set(sorted.flatMap((each) => each.account.schoolIds))],
    grade: sorted.find((each) => each.account.grade !== undefined)?.account.grade,
    furtherIds: [...new Set(sorted.flatMap((each) => each.account.furtherIds ?? []))],
    isOfTwoPeople: areOfTwoPeople(given.map((each) => each.account)),
    sources: sorted.map(({ method, account: { email, cleverId, place } }) => ({ method, email, cleverId, place })),
  };
}

export interface MethodAccount {
  readonly method: Method;
  readonly account: FeedAccount;
}
