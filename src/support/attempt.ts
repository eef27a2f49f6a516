// One failed sign-in, as stored for support. Sealed at rest; http/ decides what is shown.

import type { RecordType } from '../formats/feed.ts';
import type { Difference } from '../identity/explain-mismatch.ts';
import type { Language } from '../outcome/languages.ts';
import type { App } from '../outcome/outcome.ts';
import type { Code } from '../outcome/outcome-codes.ts';
import type { AccountSource } from '../roster/account.ts';

export interface Attempt {
  /** 8 characters, no dash. */
  readonly reference: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly code: Code;
  readonly app: App;
  /** The language in which the user first saw the refusal. */
  readonly language?: Language;
  readonly difference?: Difference;
  /** A word of a closed set about a refusal by Clever. */
  readonly reason?: string;
  /** What Clever sent; absent if no id_token was verified. */
  readonly clever?: CleverFacts;
  /** The district, if the token's is linked to one. */
  readonly district?: string;
  /** The accounts of the district that the refusal is about. */
  readonly about?: readonly AccountFacts[];
}

/** Without its reference. */
export type AttemptFacts = Omit<Attempt, 'reference'>;

export interface CleverFacts {
  readonly district?: string;
  readonly clever_id?: string;
  readonly user_type?: string;
  /** The claim as sent; a claim that is no string is stored as truncated JSON. */
  readonly email?: string;
  readonly given_name?: string;
  readonly family_name?: string;
}

export interface AccountFacts {
  readonly account: string;
  readonly record: RecordType;
  readonly sis_id: string;
  readonly sources: readonly AccountSource[];
}
