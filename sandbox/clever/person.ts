// What the stand-in Clever knows of a person and a district. people.ts and districts.ts hold the ones of the demo;
// tests may bring their own.
import { createHash } from 'node:crypto';

export type App = 'summit-k12' | 'secure-sync';

export interface District {
  /** Clever's id, 24 hex. */
  readonly id: string;
  /** The id the bridge knows it by (`sso-bridge district put ID`); also the folder under sandbox/rosters. */
  readonly slug: string;
  readonly name: string;
  /** The apps this district has shared with its people. */
  readonly apps: readonly App[];
}

export interface Person {
  /** `sub` and `multi_role_user_id`: 24 hex, globally unique. */
  readonly id: string;
  /** `user_id`, the id of Clever's API before v3.0: equals `id` for students, differs for employees. */
  readonly legacyId: string;
  /** Clever id of the district. */
  readonly district: string;
  /** The claim `user_type`: student, teacher, staff, district_admin, contact, or what no one has heard of. */
  readonly userType: string;
  /** Left out of the claims when absent. Clever does not promise one plain address. */
  readonly email?: string;
  readonly givenName?: string;
  readonly familyName?: string;
  readonly sisId?: string;
  /** `staff_id` where it differs from `sisId`: an employee with two roles has a number for each. */
  readonly staffId?: string;
  /** Clever id of the school; the district's one school when absent. */
  readonly school?: string;
  readonly grade?: string;
  /** Of a staff role. */
  readonly title?: string;
  /** Every role of the person's Clever record; `[userType]` when absent. */
  readonly roles?: readonly string[];
  /** What the lists of the Data API still say while a record read by id says the above; `absent`: shared since. */
  readonly lastNight?: 'absent' | { readonly email: string };
  /** `unshared`: the district has not given them the app. `cancels`: presses Cancel when an app asks. */
  readonly atClever?: 'unshared' | 'cancels';
  /** One line for the portal page: what is awkward about them. */
  readonly about?: string;
}

/** A stable id in the shape of Clever's (24 hex, an ObjectId). */
export function cleverIdOf(name: string): string {
  return createHash('sha256').update(`clever:${name}`).digest('hex').slice(0, 24);
}

export function nameOf(person: Person): string {
  return [person.givenName, person.familyName].filter(Boolean).join(' ') || 'No name';
}
