// What staff looked at or did, as programs read it. Holds no address of a person: references and opaque ids alone.
import type { Credential } from '../../session/credentials.ts';
import type { StaffTrailEntry } from '../../support/staff-trail.ts';

/** What credentials are called, by id. */
export type CredentialNames = ReadonlyMap<string, string>;

export const namesOf = (credentials: readonly Credential[]): CredentialNames =>
  new Map(credentials.map(({ id, name }) => [id, name]));

/** `by_name` where a credential did it, revoked since or not. */
export function describeStaffEntry({ at, action, by, why, ...facts }: StaffTrailEntry, names: CredentialNames) {
  const name = names.get(by);
  return {
    at: new Date(at).toISOString(),
    ...{ action, by },
    ...(name === undefined ? {} : { by_name: name }),
    why,
    ...facts,
  };
}
