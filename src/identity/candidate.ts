// An account as the matcher and the explainer see it. roster/account.ts makes it.
import type { Kind } from './identity.ts';

/** The order of an account's sources for its id and names. */
export const methods = ['sftp', 'manual', 'secure-sync'] as const;

export type Method = (typeof methods)[number];

export interface CandidateSource {
  readonly method: Method;
  /** Exactly the characters of the roster cell, surrounding white space removed at import; `undefined` if empty. */
  readonly email: string | undefined;
  /** Clever's id of the person, where the method gives one (Secure Sync). */
  readonly cleverId: string | undefined;
}

export interface Candidate {
  readonly accountId: string;
  readonly kind: Kind;
  readonly sisId: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly sources: readonly CandidateSource[];
  /** The rosters give this id to two people, so the account's owner cannot be determined. */
  readonly isOfTwoPeople?: boolean | undefined;
}
