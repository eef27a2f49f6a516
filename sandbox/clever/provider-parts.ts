// The parts of the stand-in Clever's protocol side, and the constants that its modules share.
import type { App, Person } from './person.ts';
import type { Signing } from './signing.ts';
import type { Switches } from './switches.ts';

export interface AppSettings {
  readonly clientId: string;
  readonly clientSecret: string;
  /** The first is the primary one: launches from the portal always arrive there. */
  readonly redirectUris: readonly string[];
}

export interface ProviderParts {
  readonly issuer: string;
  readonly apps: Readonly<Partial<Record<App, AppSettings>>>;
  readonly findPerson: (id: string) => Person | undefined;
  readonly signing: Signing;
  readonly switches: Switches;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly renderError: (title: string, explanation: string) => string;
}

export const sessionCookie = 'clever_sandbox';
/** The life of Clever's own session, by hearsay. */
export const sessionSeconds = 2 * 60 * 60;
