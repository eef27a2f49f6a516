// The cause that groups failed sign-ins of a district into one incident: the same code, difference, pair of domains,
// shared address, or publish that removed the accounts. Pure.
import type { Difference } from '../identity/explain-mismatch.ts';
import type { Code } from '../outcome/outcome-codes.ts';
import type { AttemptFacts } from '../support/attempt.ts';

export interface Cause {
  readonly code: Code;
  readonly difference?: Difference;
  /** The domains that Clever sends and that the roster has; lower case. */
  readonly fromDomain?: string;
  readonly toDomain?: string;
  /** A keyed hash of the address that several accounts share. */
  readonly address?: string;
  /** The generation of the roster that no longer has the accounts. */
  readonly generation?: string;
  /** For a district with more causes than are distinguished: all others of this code. */
  readonly isRest?: true;
}

/**
 * Undefined if the district is unknown.
 * @param blind a keyed hash of an address
 * @param generation of the active roster, for accounts that left with it
 */
export function causeOf(
  { district, code, difference, clever, about = [] }: AttemptFacts,
  blind: (address: string) => string,
  generation: string | undefined,
): Cause | undefined {
  if (district === undefined) return undefined;
  if (code === 'ambiguous' && clever?.email !== undefined) return { code, address: blind(clever.email) };
  if (code === 'account_inactive' && generation !== undefined) return { code, generation };
  if (difference === undefined) return { code };
  if (difference !== 'domain') return { code, difference };
  const rostered = about.flatMap(({ sources }) => sources.flatMap(({ email }) => email ?? []));
  const [fromDomain, toDomain] = [
    domainOf(clever?.email),
    domainOf(rostered.find((email) => domainOf(email) !== domainOf(clever?.email))),
  ];
  return fromDomain === undefined || toDomain === undefined
    ? { code, difference }
    : { code, difference, fromDomain, toDomain };
}

const domainOf = (address: string | undefined): string | undefined =>
  address?.split('@')[1]?.trim().toLowerCase().slice(0, 253);
