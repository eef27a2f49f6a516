// What each outcome code means to people and programs: contract section 3. Owns no words; those are in problem-texts.
import type { Code } from '../sign-in/outcome.ts';

/** Who must act before the sign-in can work. */
export type Owner = 'district' | 'summit' | 'clever' | 'user' | 'wait';

export interface Problem {
  readonly status: 400 | 403 | 429 | 502 | 503;
  readonly owner: Owner;
  readonly retryable: boolean;
  /** For the Retry-After header, where nobody knows better. */
  readonly retryAfterSeconds?: number;
}

export const problems = {
  user_type_unsupported: { status: 403, owner: 'district', retryable: false },
  district_not_linked: { status: 403, owner: 'summit', retryable: false },
  roster_pending: { status: 403, owner: 'wait', retryable: true },
  email_missing: { status: 403, owner: 'district', retryable: false },
  email_invalid: { status: 403, owner: 'district', retryable: false },
  ambiguous: { status: 403, owner: 'district', retryable: false },
  role_conflict: { status: 403, owner: 'district', retryable: false },
  account_inactive: { status: 403, owner: 'district', retryable: false },
  email_mismatch: { status: 403, owner: 'district', retryable: false },
  not_rostered: { status: 403, owner: 'district', retryable: false },
  identity_changed: { status: 403, owner: 'summit', retryable: false },
  app_not_shared: { status: 403, owner: 'district', retryable: false },
  clever_denied: { status: 403, owner: 'user', retryable: true },
  sign_in_expired: { status: 400, owner: 'user', retryable: true },
  cookies_blocked: { status: 400, owner: 'user', retryable: true },
  malformed_request: { status: 400, owner: 'user', retryable: false },
  clever_misconfigured: { status: 502, owner: 'summit', retryable: false },
  clever_rejected: { status: 502, owner: 'clever', retryable: true },
  clever_unavailable: { status: 503, owner: 'clever', retryable: true, retryAfterSeconds: 5 },
  service_unavailable: { status: 503, owner: 'summit', retryable: true, retryAfterSeconds: 5 },
  rate_limited: { status: 429, owner: 'wait', retryable: true, retryAfterSeconds: 60 },
} satisfies Readonly<Record<Code, Problem>>;

export function problemOf(code: Code): Problem {
  return problems[code];
}
