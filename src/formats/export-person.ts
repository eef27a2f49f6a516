// A user as Clever would send them at the sign-in, known beforehand: from a list or from its Data API.
import type { Finding } from './feed.ts';

export interface ExportPerson {
  /** Of the list. */
  readonly line?: number;
  readonly cleverId: string | undefined;
  /** A value of the `user_type` claim, or of a type that cannot sign in. */
  readonly userType: string;
  /** Exactly as Clever has it. */
  readonly email: string | undefined;
  readonly givenName: string | undefined;
  readonly familyName: string | undefined;
  readonly sisId: string | undefined;
}

export type ExportItem = { readonly kind: 'person'; readonly person: ExportPerson } | Finding;
