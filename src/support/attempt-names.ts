// The logs and lists that contain an attempt (of users, of its district, of its day): their names, keyed hashes if a name
// would identify a user, and their content, pointers in 22 bytes, which contain no personal data and can be sorted by
// time without reading a record.

import { foldings, foldName, simplifyName } from '../identity/folding.ts';
import type { Code } from '../outcome/outcome-codes.ts';
import type { Vault } from '../store/vault.ts';
import type { AttemptFacts } from './attempt.ts';

export interface PersonName {
  readonly given: string;
  readonly family: string;
}

export interface AttemptFilter {
  /** Exact match. */
  readonly email?: string;
  /** In any case, with surrounding white space or look-alike letters. */
  readonly emailAlike?: string;
  /** As Clever sent it, of users of `district`; ignores case and spacing. */
  readonly name?: PersonName;
  readonly cleverId?: string;
  readonly account?: string;
  readonly district?: string;
  readonly code?: Code;
  /** Milliseconds since the epoch, inclusive; default: the whole log. */
  readonly from?: number;
  readonly to?: number;
}

/** Clever's and the roster's, as sent. */
export const addressesOf = ({ clever, about = [] }: Pick<AttemptFacts, 'clever' | 'about'>): string[] => [
  ...new Set(
    [clever?.email, ...about.flatMap(({ sources }) => sources.map(({ email }) => email))].filter(
      (email) => email !== undefined,
    ),
  ),
];

/** Addresses that look alike share at least one. */
const foldedAddress = (address: string): readonly string[] => {
  const folded = foldings(address);
  return folded.length === 0 ? [address] : folded;
};

const ofName = (district: string, folded: string): string => `${district}\n${folded}`;

interface AttemptNames {
  ofPeople(attempt: AttemptFacts): string[];
  /** Empty if the district is unknown; else the district's log, and its log for this code. */
  ofDistrict(attempt: AttemptFacts): string[];
  ofDay(attempt: AttemptFacts): string[];
  /** The most selective one that contains every match of the filter. */
  ofFilter(filter: AttemptFilter): string;
}

export function createAttemptNames(vault: Vault): AttemptNames {
  const personName = (kind: 'email' | 'name' | 'clever' | 'account', id: string): string =>
    `person.${vault.blind(`attempt-${kind}`, id)}`;
  const districtName = (district: string, code?: string): string =>
    `district.${vault.blind('attempt-district', district)}${code === undefined ? '' : `.${code}`}`;

  return {
    ofPeople(attempt) {
      const { district, clever, about = [] } = attempt;
      const addresses = addressesOf(attempt).flatMap(foldedAddress);
      const { given_name: given, family_name: family } = clever ?? {};
      return [
        ...[...new Set(addresses)].map((email) => personName('email', email)),
        ...(district === undefined || given === undefined || family === undefined
          ? []
          : [...new Set([foldName(given, family), simplifyName(given, family)])].map((name) =>
              personName('name', ofName(district, name)),
            )),
        ...(clever?.clever_id === undefined ? [] : [personName('clever', clever.clever_id)]),
        ...about.map(({ account }) => personName('account', account)),
      ];
    },
    ofDistrict: ({ district, code }) =>
      district === undefined ? [] : [districtName(district), districtName(district, code)],
    ofDay: ({ code }) => ['all', `code.${code}`],
    ofFilter({ email, emailAlike, name, cleverId, account, district, code }) {
      const address = email ?? emailAlike;
      if (address !== undefined) return personName('email', foldedAddress(address)[0] ?? '');
      if (name !== undefined) return personName('name', ofName(district ?? '', foldName(name.given, name.family)));
      if (cleverId !== undefined) return personName('clever', cleverId);
      if (account !== undefined) return personName('account', account);
      if (district !== undefined) return districtName(district, code);
      return code === undefined ? 'all' : `code.${code}`;
    },
  };
}

/** Points to one attempt. */
export interface AttemptPointer {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** The blinded reference, 32 hex digits. */
  readonly id: string;
}

export const pointerBytes = 22;
const timeBytes = 6;

/** `YYYY-MM-DD`, UTC. */
export const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

export function packPointer({ at, id }: AttemptPointer): Buffer {
  const bytes = Buffer.alloc(pointerBytes);
  bytes.writeUIntBE(at, 0, timeBytes);
  bytes.write(id, timeBytes, 'hex');
  return bytes;
}

export const unpackPointer = (bytes: Buffer): AttemptPointer => ({
  at: bytes.readUIntBE(0, timeBytes),
  id: bytes.toString('hex', timeBytes, pointerBytes),
});
