// The position of an account within its role: which positions a role can have, and which of several counts.
import type { Position, Role } from '../formats/feed.ts';

/** Highest first. */
const positionsOf: Readonly<Record<Role, readonly Position[]>> = {
  administrator: ['district_admin', 'school_admin'],
  teacher: ['lead_teacher', 'support_teacher'],
  staff: [],
  student: [],
};

/** An administrator is a School Admin unless a roster gives a higher position. */
export const defaultPosition = (role: Role): Position | undefined =>
  role === 'administrator' ? 'school_admin' : undefined;

/** The highest of the given positions that the role can have, otherwise the role's default. */
export const highestPosition = (role: Role, given: readonly (Position | undefined)[]): Position | undefined =>
  positionsOf[role].find((position) => given.includes(position)) ?? defaultPosition(role);
