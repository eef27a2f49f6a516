// An action of staff on a district, as data: done at once, or stored until a second person approves it. docs/adr/0043.

import type { Actor } from '../audit/audit-log.ts';
import type { District } from '../district/district.ts';
import type { Method } from '../identity/candidate.ts';

export type StaffAction =
  | {
      readonly kind: 'release_link';
      readonly account: string;
      /** A keyed hash of the Clever id that the reviewed link is to: no other link is released or moved in its place. */
      readonly holder?: string;
    }
  | { readonly kind: 'release_links' }
  /** @see MoveLinks.one */
  | { readonly kind: 'move_link'; readonly from: string; readonly to: string; readonly holder?: string }
  | {
      readonly kind: 'approve_roster' | 'roll_back_roster';
      readonly method: Method;
      /** The generation that was reviewed: no other one is activated in its place. */
      readonly generation?: string;
    }
  /** Also if many accounts lose access with a rostering method. */
  | { readonly kind: 'put_district'; readonly district: District }
  | { readonly kind: 'remove_district' }
  /** Of one account, or of the whole district. */
  | { readonly kind: 'end_sessions'; readonly account?: string };

/** As `holder`, of an account that is linked to no Clever id. */
export const noHolder = 'none';

/** Why an action changed nothing. */
export type ActionRefusal =
  | 'account_unknown'
  | 'not_linked'
  | 'link_changed_since'
  | 'link_not_moved'
  | 'nothing_held'
  | 'nothing_to_roll_back_to'
  | 'roster_changed_since'
  | 'clever_district_taken'
  | 'district_unknown';

/** Ids and counts. No names or addresses. */
export type ActionFacts = Readonly<Record<string, string | number>>;

/**
 * With STAFF_FOUR_EYES: actions that may give an account to another person, and those that activate a roster which the
 * guard held, which was replaced, or which has no roster to be compared with. Ending sessions needs none: users can
 * sign in again.
 */
export const needsSecondPerson = ({ kind }: StaffAction): boolean => kind !== 'end_sessions';

/** A credential and its maker, or two addresses of one subject, are one person. */
export const isSamePerson = (one: Pick<Actor, 'identities'>, other: Pick<Actor, 'identities'>): boolean =>
  one.identities.some((identity) => other.identities.includes(identity));

/** The subject of an action in ids, for the audit log and pages. */
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
