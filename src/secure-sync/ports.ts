// What Secure Sync needs of Clever's Data API (v3.1), in the terms of a roster: one district read from end to end, one
// user read by id. The adapter is clever/data-api.ts.

/** The roles that get accounts; Clever's fifth, `contact`, is never requested. */
export type UserRole = 'student' | 'teacher' | 'staff' | 'district_admin';

/** `unknown` for an undocumented value, and for none. */
export type CleverDistrictState = 'running' | 'success' | 'pending' | 'error' | 'paused' | 'unknown';

export interface CleverDistrict {
  readonly id: string;
  readonly state: CleverDistrictState;
  /** In Clever's time format. */
  readonly pauseStart: string | undefined;
  readonly pauseEnd: string | undefined;
  /** Clever's text, for display. */
  readonly error: string | undefined;
  readonly lastSync: string | undefined;
}

/** A value that Clever omitted, or sent as null or as an empty text, is `undefined`. */
export interface CleverUser {
  readonly id: string;
  readonly district: string | undefined;
  readonly email: string | undefined;
  readonly givenName: string | undefined;
  readonly familyName: string | undefined;
  /** Empty for a contact, and for a user with an unknown role. */
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
      /** The district's terms for the user's work: `roles` and `title`. */
      readonly duties: readonly string[];
    };
    readonly districtAdmin?: true;
  };
}

/** Refers to users by their Clever ids. */
export interface CleverSection {
  readonly id: string;
  readonly sisId: string | undefined;
  readonly name: string | undefined;
  readonly school: string | undefined;
  /** The primary teacher first, without duplicates. */
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
 * One district, read with its own token, which is fetched when needed and again when Clever has changed it. Lists are
 * read to their end, with retries of transient failures and within Clever's rate limit; `user` and `school` make a
 * single request.
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
  /** `undefined`: not shared with the app, or gone; a missing permission is `not-allowed` instead. */
  user(id: string): Promise<CleverUser | undefined>;
  school(id: string): Promise<CleverSchool | undefined>;
}

export interface DataApi {
  /** @param signal aborts all requests, with the reason `stopped` */
  connect(cleverDistrict: string, signal: AbortSignal): DistrictConnection;
  /** A user's own record by their own token, in a single request. @throws DataApiFailure */
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
 * Why Clever could not be read; safe for logs, reports and metrics.
 * - `wrong-shape`: JSON, but no response of the Data API
 * - `next-loop`, `next-elsewhere`: a `next` link leads in a circle, or to another host, which would receive the token
 * - `invalid-client`: Clever rejects the client id and secret
 * - `no-token`: the district is not connected to the Secure Sync app
 * - `token-refused`: even a newly fetched token is rejected; `not-allowed`: the app may not read this
 * - `stopped`: the caller's signal
 */
export type DataApiReason = (typeof outages)[number] | (typeof setUp)[number] | 'stopped';

/** The matching code of contract section 3. */
export function codeOf(reason: DataApiReason): 'clever_unavailable' | 'clever_misconfigured' {
  return setUp.some((one) => one === reason) ? 'clever_misconfigured' : 'clever_unavailable';
}

/** Has no cause and no message from Clever: a response may quote a token or a child. */
export class DataApiFailure extends Error {
  readonly code = 'DATA_API_FAILURE';
  readonly reason: DataApiReason;
  constructor(reason: DataApiReason) {
    super(reason);
    this.name = 'DataApiFailure';
    this.reason = reason;
  }
}
