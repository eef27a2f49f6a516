// The order of rights in a session token, and whether a change takes some of them away. The only place that orders
// rights: any new source of rights must be compared here.
import type { Position } from '../formats/feed.ts';
import { type FeedAccount, highestPosition, highestRole } from './account.ts';

/** The members of a feed's row that give rights. */
export type Rights = Pick<FeedAccount, 'role' | 'position'>;

/** A teacher without a position has the rights of a Lead Teacher. */
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
 * True if the account had more rights before than after. An account in no feed has the fewest: a new account loses
 * nothing.
 * @param before each feed's earlier row of the account
 * @param after each feed's current row
 */
export function losesRights(before: readonly Rights[], after: readonly Rights[]): boolean {
  if (before.length === 0) return false;
  if (after.length === 0) return true;
  return rankOf(after) < rankOf(before);
}

/**
 * Whether a change of one feed can take rights, whatever the other feeds have. Example: a feed makes a Support Teacher
 * of a teacher whose position no other feed gives.
 */
export function canTakeRights(before: Rights | undefined, after: Rights | undefined): boolean {
  if (before === undefined) return after?.position === 'support_teacher';
  return before.role !== after?.role || before.position !== after.position;
}
