// The token endpoint of OAuth 2.0: client authentication (RFC 6749 section 2.3.1), also for Clever's list of tokens and
// the staff's provider; and Clever's response (section 5): an id_token, or why there is none. Does not verify the
// id_token.
import type { CleverAnswer } from './clever-http.ts';
import { CleverFailure, type CleverReason } from './refusal.ts';

/**
 * The value of `Authorization`. Characters that form encoding leaves alone (letters, digits, `-._*`) stay unchanged.
 * oauth4webapi writes them as %2D and so on: a server that does not decode would then reject a correct secret, and
 * Clever does not document that theirs decodes.
 */
export function clientBasic(clientId: string, clientSecret: string): string {
  return `Basic ${Buffer.from(`${formEncode(clientId)}:${formEncode(clientSecret)}`).toString('base64')}`;
}

const formEncode = (text: string): string => new URLSearchParams([['', text]]).toString().slice(1);

const reasonOfError: ReadonlyMap<unknown, CleverReason> = new Map([
  ['invalid_client', 'invalid-client'],
  ['unauthorized_client', 'unauthorized-client'],
  ['invalid_grant', 'invalid-grant'],
]);

/**
 * @returns the id_token, not yet verified
 * @throws CleverFailure for a refusal, and for a response without an id_token: OpenID Connect is not enabled for the
 * app
 */
export function readIdToken(answer: CleverAnswer): string {
  const { status, json } = answer;
  // Some servers send refusals with status 200: a response with `error` is one, whatever else it contains.
  if (status !== 200 || isPresent(json?.['error'])) throw new CleverFailure(nameTokenRefusal(answer));
  const idToken = json?.['id_token'];
  if (idToken === undefined || idToken === null || idToken === '') throw new CleverFailure('no-id-token');
  if (typeof idToken !== 'string') throw new CleverFailure('malformed-token');
  return idToken;
}

/** The user's own token for Clever's API, opaque; absent if it is not usable in a header (RFC 6750 section 2.1). */
export function readAccessToken({ json }: CleverAnswer): string | undefined {
  const token = json?.['access_token'];
  return typeof token === 'string' && /^[\w.~+/-]{1,4096}=*$/.test(token) ? token : undefined;
}

const isPresent = (value: unknown): boolean => value !== undefined && value !== null && value !== '' && value !== false;

/** RFC 6749 section 5.2 has `error`; Clever documents `Invalid grant: invalid code` and `{message}` (API errors). */
function nameTokenRefusal({ status, json }: CleverAnswer): CleverReason {
  // Clever answers 401 for bad client credentials, sometimes in HTML (dev.clever.com, API errors).
  if (status === 401) return 'invalid-client';
  const named = [json?.['error'], json?.['message'], json?.['error_description']].map(readErrorWord);
  const reason = named.map((word) => reasonOfError.get(word)).find((one) => one !== undefined);
  return reason ?? (status === 200 ? 'token-error' : 'status-4xx');
}

/** `Invalid grant: invalid code` as `invalid_grant`. */
const readErrorWord = (value: unknown): unknown =>
  typeof value === 'string'
    ? value.slice(0, 64).split(':', 1)[0]?.trim().toLowerCase().replaceAll(' ', '_')
    : undefined;
