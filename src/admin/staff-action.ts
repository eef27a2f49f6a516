// What staff can do to a district, as data: to be done at once, or to wait for a second person. docs/adr/0043.

import type { Actor } from '../audit/audit-log.ts';
import type { District } from '../district/district.ts';
import type { Method } from '../identity/candidate.ts';

export type StaffAction =
  | { readonly kind: 'release_link'; readonly account: string }
  | { readonly kind: 'release_links' }
  /** @see MoveLinks.one */
  | { readonly kind: 'move_link'; readonly from: string; readonly to: string }
  | {
      readonly kind: 'approve_roster' | 'roll_back_roster';
      readonly method: Method;
      /** The one that was seen: another is not put into force in its place. */
      readonly generation?: string;
    }
  /** Also where many accounts lose access with a rostering method. */
  | { readonly kind: 'put_district'; readonly district: District }
  | { readonly kind: 'remove_district' }
  /** Of one account, or of the whole district. */
  | { readonly kind: 'end_sessions'; readonly account?: string };

export type ActionKind = StaffAction['kind'];

/** Why an action changed nothing. */
export type ActionRefusal =
  | 'account_unknown'
  | 'not_linked'
  | 'link_not_moved'
  | 'nothing_held'
  | 'nothing_to_roll_back_to'
  | 'roster_changed_since'
  | 'clever_district_taken'
  | 'district_unknown';

/** Ids and counts. No name, no address. */
export type ActionFacts = Readonly<Record<string, string | number>>;

/**
 * Where STAFF_FOUR_EYES is on: what may open an account to another person, and what puts a roster into force that the guard
 * held, that was replaced, or that would be compared with none. Ending sessions takes nothing that a sign-in does not bring back.
 */
export const needsSecondPerson = ({ kind }: StaffAction): boolean => kind !== 'end_sessions';

/** A credential and its maker, or two addresses of one subject, are one person. */
export const isSamePerson = (one: Pick<Actor, 'identities'>, other: Pick<Actor, 'identities'>): boolean =>
  one.identities.some((identity) => other.identities.includes(identity));

/** What the audit log and a page say it is about, in ids. */
export function subjectOf(action: StaffAction): ActionFacts {
  switch (action.kind) {
    case 'release_link':
      return { account: action.account };
    case 'end_sessions':
      return { account: action.account ?? 'all' };
    case 'move_link':
      return { from: action.from, to: action.to };
    case 'approve_roster':
    case 'roll_back_roster':
      return { method: action.method };
    case 'put_district':
      return { rostering: action.district.rostering.join(',') || 'none' };
    case 'release_links':
    case 'remove_district':
      return { account: 'all' };
  }
}
