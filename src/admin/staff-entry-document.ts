// An entry of the staff audit log as JSON. Contains references and opaque ids, no addresses.

import type { StaffAuditEntry } from '../audit/audit-log.ts';
import type { Credential } from '../session/credentials.ts';

/** Names of credentials, by id. */
export type CredentialNames = ReadonlyMap<string, string>;

export const namesOf = (credentials: readonly Credential[]): CredentialNames =>
  new Map(credentials.map(({ id, name }) => [id, name]));

/** `by_name` if a credential did it, even one revoked since. */
export function describeStaffEntry({ at, action, by, why, ...facts }: StaffAuditEntry, names: CredentialNames) {
  const name = names.get(by);
  return {
    at: new Date(at).toISOString(),
    action,
    by,
    ...(name === undefined ? {} : { by_name: name }),
    why,
    ...facts,
  };
}
