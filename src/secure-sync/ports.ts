// What Secure Sync needs of Clever's Data API (v3.1), in the words of a roster: one district read from end to end, one
// person read by id. The adapter is clever/data-api.ts.

/** The ones Summit keeps accounts for; Clever's fifth, `contact`, is never asked for. */
export type UserRole = 'student' | 'teacher' | 'staff' | 'district_admin';

/** `unknown` for a word Clever did not document, and for none. */
export type CleverDistrictState = 'running' | 'success' | 'pending' | 'error' | 'paused' | 'unknown';

export interface CleverDistrict {
  readonly id: string;
  readonly state: CleverDistrictState;
  /** As Clever writes times. */
  readonly pauseStart: string | undefined;
  readonly pauseEnd: string | undefined;
  /** Clever's words, for people. */
  readonly error: string | undefined;
  readonly lastSync: string | undefined;
}

/** A value Clever left out, sent as null or as an empty text is `undefined`. */
export interface CleverUser {
  readonly id: string;
  readonly district: string | undefined;
  readonly email: string | undefined;
  readonly givenName: string | undefined;
  readonly familyName: string | undefined;
  /** A contact, and a user with an unknown role, has none of these. */
  readonly roles: {
    readonly student?: {
      readonly sisId: string | undefined;
      readonly school: string | undefined;
      readonly grade: string | undefined;
    };
    readonly teacher?: { readonly sisId: string | undefined; readonly school: string | undefined };
    readonly staff?: {
      readonly staffId: string | undefined;
      readonly school: string | undefined;
      /** The district's words for what they do: `roles` and `title`. */
      readonly duties: readonly string[];
    };
    readonly districtAdmin?: true;
  };
}

/** Names people by their Clever ids. */
export interface CleverSection {
  readonly id: string;
  readonly sisId: string | undefined;
  readonly name: string | undefined;
  readonly school: string | undefined;
  /** The primary teacher first, each once. */
  readonly teachers: readonly string[];
  readonly students: readonly string[];
  /** Clever ids. */
  readonly course: string | undefined;
  readonly term: string | undefined;
  readonly subject: string | undefined;
  readonly period: string | undefined;
  readonly grade: string | undefined;
}

export interface CleverCourse {
  readonly id: string;
  readonly name: string | undefined;
  readonly number: string | undefined;
}

export interface CleverTerm {
  readonly id: string;
  readonly name: string | undefined;
  /** Dates, `2026-08-17`. */
  readonly start: string | undefined;
  readonly end: string | undefined;
}

export interface CleverSchool {
  readonly id: string;
  readonly sisId: string | undefined;
  readonly name: string | undefined;
}

/**
 * One district, read with its own token, which is fetched when needed and again when Clever has changed it. Lists go to
 * their end, repeat what failed for a passing reason, and keep to Clever's rate; `user` and `school` ask once.
 *
 * Every verb rejects with DataApiFailure.
 */
export interface DistrictConnection {
  district(): Promise<CleverDistrict>;
  schools(): AsyncIterable<CleverSchool>;
  users(role: UserRole): AsyncIterable<CleverUser>;
  courses(): AsyncIterable<CleverCourse>;
  terms(): AsyncIterable<CleverTerm>;
  sections(): AsyncIterable<CleverSection>;
  /** `undefined`: not shared with us, or gone; never for want of the right to read, which is `not-allowed`. */
  user(id: string): Promise<CleverUser | undefined>;
  school(id: string): Promise<CleverSchool | undefined>;
}

export interface DataApi {
  /** @param signal ends whatever is under way, with the reason `stopped` */
  connect(cleverDistrict: string, signal: AbortSignal): DistrictConnection;
  /** A person's own record by their own token, asked once. @throws DataApiFailure */
  readUser(accessToken: string, id: string, signal: AbortSignal): Promise<CleverUser | undefined>;
  close(): Promise<void>;
}

const outages = [
  'timeout',
  'refused-connection',
  'reset',
  'no-address',
  'untrusted-certificate',
  'connection-failed',
  'not-http',
  'too-large',
  'status-5xx',
  'redirect',
  'unexpected-status',
  'not-json',
  'wrong-shape',
  'rate-limited',
  'next-loop',
  'next-elsewhere',
] as const;

const setUp = ['invalid-client', 'no-token', 'token-refused', 'not-allowed'] as const;

/**
 * Why Clever could not be read; fit for logs, reports and metrics.
 * - `wrong-shape`: JSON, but no answer of the Data API
 * - `next-loop`, `next-elsewhere`: a `next` link leads in a circle, or to another host, which would get the token
 * - `invalid-client`: Clever refuses the client id and secret
 * - `no-token`: the district is not connected to the Secure Sync app
 * - `token-refused`: also the token fetched a moment ago; `not-allowed`: not what this app may read
 * - `stopped`: the caller's signal
 */
export type DataApiReason = (typeof outages)[number] | (typeof setUp)[number] | 'stopped';

/** Whose matter it is, in the codes of contract section 3. */
export function codeOf(reason: DataApiReason): 'clever_unavailable' | 'clever_misconfigured' {
  return setUp.some((one) => one === reason) ? 'clever_misconfigured' : 'clever_unavailable';
}

/** Carries no cause and no message of Clever's: an answer may quote a token or a child. */
export class DataApiFailure extends Error {
  readonly code = 'DATA_API_FAILURE';
  readonly reason: DataApiReason;
  constructor(reason: DataApiReason) {
    super(reason);
    this.name = 'DataApiFailure';
    this.reason = reason;
  }
}
