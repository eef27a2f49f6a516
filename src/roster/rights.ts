// What an account may do, as far as a session token says it, and whether a change takes some of it away. The one place
// that orders rights: whatever else comes to give rights is compared here.
import type { Position } from '../formats/feed.ts';
import { type FeedAccount, highestRole } from './account.ts';
import { highestPosition } from './position.ts';

/** What one feed says of an account that gives it rights. */
export type Rights = Pick<FeedAccount, 'role' | 'position'>;

/** A teacher without a position may do what a Lead Teacher may. */
const ranks: readonly (Position | FeedAccount['role'])[] = [
  'student',
  'staff',
  'support_teacher',
  'lead_teacher',
  'administrator',
  'district_admin',
];

function rankOf(given: readonly Rights[]): number {
  const role = highestRole(given.map((each) => each.role));
  const position = highestPosition(
    role,
    given.map((each) => each.position),
  );
  if (role === 'teacher') return ranks.indexOf(position ?? 'lead_teacher');
  return ranks.indexOf(position === 'district_admin' ? position : role);
}

/**
 * True if the account could do more before than after. No feed that has it is the least of all: an account that comes
 * loses nothing.
 * @param before what each feed said of the account
 * @param after what each feed says of it now
 */
export function losesRights(before: readonly Rights[], after: readonly Rights[]): boolean {
  if (before.length === 0) return false;
  if (after.length === 0) return true;
  return rankOf(after) < rankOf(before);
}

/**
 * Whether a change of one feed can take rights, whatever the other feeds say. A feed that makes a Support Teacher of a
 * teacher whose position no other feed gives does.
 */
export function canTakeRights(before: Rights | undefined, after: Rights | undefined): boolean {
  if (before === undefined) return after?.position === 'support_teacher';
  return before.role !== after?.role || before.position !== after.position;
}
