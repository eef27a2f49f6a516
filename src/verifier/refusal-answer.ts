// The response to a refused request, for any framework.
import type { Refused } from './create-verifier.ts';

export interface RefusalAnswer {
  /** 401 if the token is at fault, 503 if the bridge did not answer. */
  readonly status: 401 | 503;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON: `{"error": code}`. */
  readonly body: string;
}

/** A challenge of RFC 6750 section 3, or Retry-After five seconds. Contains nothing of the request. */
export function answerRefusal({ code }: Refused): RefusalAnswer {
  const isOurs = code === 'keys_unavailable' || code === 'revocations_stale';
  // RFC 6750 section 3: a request without a token gets no error code.
  const error = code === 'token_missing' ? '' : ', error="invalid_token"';
  return {
    status: isOurs ? 503 : 401,
    headers: {
      ...(isOurs ? { 'retry-after': '5' } : { 'www-authenticate': `Bearer realm="session"${error}` }),
      'content-type': 'application/json',
      'cache-control': 'no-store',
    },
    body: JSON.stringify({ error: code }),
  };
}
