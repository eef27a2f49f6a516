// The roles of OneRoster 1.1 and 1.2, and those of 1.2's separate file, by user and organisation.
import type { BatchedFeed, FeedItem, Role } from '../feed.ts';
import { warningAt } from '../finding.ts';
import type { RosterFiles } from '../roster-files.ts';
import { createNumberList } from '../text-list.ts';
import { createChains, createIdTable, type IdTable } from './id-table.ts';
import { isInForce, unreadDates } from './in-force.ts';
import { oneRosterTables } from './oneroster-files.ts';
import type { Orgs } from './oneroster-orgs.ts';
import { isGone, leaveOut, type OneRosterRow, readIdOf, readRows, warnAt } from './oneroster-table.ts';

/** A user's role in one organisation. */
export interface RoleAt {
  readonly role: OneRosterRole;
  readonly org: string | undefined;
}

export type OneRosterRole = keyof typeof roles;

const roles = {
  student: 'student',
  teacher: 'teacher',
  administrator: 'administrator',
  districtadministrator: 'administrator',
  principal: 'administrator',
  siteadministrator: 'administrator',
  systemadministrator: 'administrator',
  aide: 'staff',
  counselor: 'staff',
  proctor: 'staff',
  guardian: undefined,
  parent: undefined,
  relative: undefined,
} as const satisfies Record<string, Role | undefined>;

const words = Object.keys(roles) as readonly OneRosterRole[];

/** The bridge's role; undefined for users who get no account. */
export const roleOf = (role: OneRosterRole): Role | undefined => roles[role];

const byWord: ReadonlyMap<string, OneRosterRole> = new Map(words.map((word) => [word, word]));

export function readRoleWord(text: string | undefined): OneRosterRole | undefined {
  const word = text?.toLowerCase() ?? '';
  return byWord.get(word) ?? byWord.get(word.replace(/[\s_-]+/g, ''));
}

export interface RolesByUser {
  read(files: RosterFiles): BatchedFeed;
  /** Undefined if no row names the user; empty if none is in force. */
  of(position: number): readonly RoleAt[] | undefined;
  /** A warning for each user that a row names and users.csv lacks. */
  unknownUsers(isUser: (position: number) => boolean): Generator<FeedItem>;
}

/**
 * @param users the ids of the set's users; those that rows name are added
 * @param now milliseconds since the epoch
 */
export function createRolesByUser(users: IdTable, orgs: Orgs, now: number): RolesByUser {
  const orgIds = createIdTable();
  const rows = createChains();
  /** Of the first row that names the user; 0 if none does. */
  const lines = createNumberList();
  let place: OneRosterRow['place'] | undefined;

  function readRole(row: OneRosterRow): readonly FeedItem[] {
    const read = readIdOf(row, 'userSourcedId');
    if (read.kind === 'finding') return [read];
    const position = users.enter(read.id);
    if (lines.at(position) === 0) lines.set(position, row.place.line ?? 0);
    place ??= row.at('userSourcedId');
    if (isGone(row) || !isInForce(row, now)) return [];
    const role = readRoleWord(row.text('role'));
    if (role === undefined) return [leaveOut(row, 'role_unknown', 'role')];
    const org = row.text('orgSourcedId');
    rows.add(position, words.indexOf(role) + words.length * (org === undefined ? 0 : orgIds.enter(org) + 1));
    const isUnknown = org !== undefined && orgs.typeOf(org) === undefined;
    return [...unreadDates(row), ...(isUnknown ? [warnAt(row, 'unknown_school', 'orgSourcedId')] : [])];
  }

  return {
    async *read(files) {
      yield* readRows(files, oneRosterTables.roles, readRole);
    },
    of(position) {
      return lines.at(position) === 0
        ? undefined
        : rows.of(position).flatMap((packed) => {
            const role = words[packed % words.length];
            const org = Math.floor(packed / words.length);
            return role === undefined ? [] : [{ role, org: org === 0 ? undefined : orgIds.at(org - 1) }];
          });
    },
    *unknownUsers(isUser) {
      if (place === undefined) return;
      for (let position = 0; position < lines.size(); position += 1)
        if (lines.at(position) !== 0 && !isUser(position))
          yield warningAt('unknown_person', { ...place, line: lines.at(position) });
    },
  };
}
