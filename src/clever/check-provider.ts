// Checks Clever's OpenID Provider without a sign-in: its metadata, its keys, their algorithms, and whether it accepts
// the client ids and secrets. Requests each once and caches nothing; the command has the texts.
import * as z from 'zod';
import type { App } from '../outcome/outcome.ts';
import { type CleverHttp, createCleverHttp } from './clever-http.ts';
import type { OutgoingProxy } from './connection.ts';
import { withDeadline } from './deadline.ts';
import { acceptedAlgs, haveAllowedAddresses } from './discovery.ts';
import { type CleverReason, findFailure } from './refusal.ts';
import { clientBasic, readIdToken } from './token-endpoint.ts';

export type ProviderFinding =
  | { readonly check: 'discovery'; readonly ok: true; readonly url: string }
  | { readonly check: 'discovery'; readonly ok: false; readonly url: string; readonly reason: CleverReason }
  | { readonly check: 'issuer'; readonly ok: boolean; readonly expected: string }
  | { readonly check: 'algorithms'; readonly ok: boolean; readonly named: readonly string[] }
  | { readonly check: 'keys'; readonly ok: true; readonly kids: readonly string[] }
  | { readonly check: 'keys'; readonly ok: false; readonly reason: CleverReason | 'no-keys' }
  | { readonly check: 'credentials'; readonly app: App; readonly ok: true }
  | { readonly check: 'credentials'; readonly app: App; readonly ok: false; readonly reason: CleverReason };

export interface CheckedApp {
  readonly app: App;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUri: string;
}

interface ProviderCheckOptions {
  readonly issuer: string;
  readonly apps: readonly CheckedApp[];
  /** For each call. Milliseconds. */
  readonly deadlineMs?: number;
  readonly proxy?: OutgoingProxy | undefined;
}

const metadataSchema = z.looseObject({
  issuer: z.unknown(),
  token_endpoint: z.string(),
  jwks_uri: z.string(),
  authorization_endpoint: z.string(),
  id_token_signing_alg_values_supported: z.array(z.string()).exactOptional(),
});
type Seen = z.infer<typeof metadataSchema>;

const keysSchema = z.object({ keys: z.array(z.unknown()) });
/** As in key-cache.ts: a key of another type is skipped. */
const keySchema = z.looseObject({ kty: z.enum(['RSA', 'EC', 'OKP']), kid: z.string().exactOptional() });

/** Never rejects for any behaviour of Clever. Checks that depend on a failed one are omitted. */
export async function checkProvider(options: ProviderCheckOptions): Promise<readonly ProviderFinding[]> {
  const { issuer, apps, deadlineMs = 10_000, proxy } = options;
  const http = createCleverHttp({
    deadlineMs,
    connections: 4,
    proxy,
    clock: () => performance.now(),
    onEvent: () => {},
  });
  try {
    const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
    const read = await reasonOr(() => readMetadata(http, issuer, url, deadlineMs));
    if (typeof read === 'string') return [{ check: 'discovery', ok: false, url, reason: read }];
    const isOurs = read.issuer === issuer;
    const found: ProviderFinding[] = [
      { check: 'discovery', ok: true, url },
      { check: 'issuer', ok: isOurs, expected: issuer },
    ];
    // The secret is never sent to a URL from another issuer's document.
    if (!isOurs) return found;
    found.push(checkAlgorithms(read), await checkKeys(http, read, deadlineMs));
    for (const app of apps) found.push(await checkCredentials(http, read, app, deadlineMs));
    return found;
  } finally {
    await http.close();
  }
}

async function readMetadata(http: CleverHttp, issuer: string, url: string, ms: number): Promise<Seen | CleverReason> {
  const request = { endpoint: 'discovery', url, method: 'GET', headers: { accept: 'application/json' } } as const;
  const { json } = await withDeadline(ms, (signal) => http.call(request, signal));
  const parsed = metadataSchema.safeParse(json);
  return parsed.success && haveAllowedAddresses(parsed.data, issuer) ? parsed.data : 'bad-metadata';
}

/** If the metadata name none, RS256 is the one that Clever has to support (OpenID Connect Discovery 1.0 section 3). */
function checkAlgorithms({ id_token_signing_alg_values_supported: named = ['RS256'] }: Seen): ProviderFinding {
  return { check: 'algorithms', ok: named.some((alg) => acceptedAlgs.includes(alg)), named };
}

async function checkKeys(http: CleverHttp, { jwks_uri: url }: Seen, ms: number): Promise<ProviderFinding> {
  const request = { endpoint: 'keys', url, method: 'GET', headers: { accept: 'application/json' } } as const;
  const read = await reasonOr(async () => {
    const { json } = await withDeadline(ms, (signal) => http.call(request, signal));
    return keysSchema.safeParse(json).data ?? ('bad-keys' as const);
  });
  if (typeof read === 'string') return { check: 'keys', ok: false, reason: read };
  const usable = read.keys.flatMap((key) => keySchema.safeParse(key).data ?? []);
  if (usable.length === 0) return { check: 'keys', ok: false, reason: 'no-keys' };
  return { check: 'keys', ok: true, kids: [...new Set(usable.map(({ kid }) => kid ?? 'without a kid'))] };
}

/** With an invalid code: Clever rejects the code for a known client, and the client itself if unknown. */
async function checkCredentials(
  http: CleverHttp,
  { token_endpoint: url }: Seen,
  { app, clientId, clientSecret, redirectUri }: CheckedApp,
  ms: number,
): Promise<ProviderFinding> {
  const form = { grant_type: 'authorization_code', code: 'sso-bridge-clever-check', redirect_uri: redirectUri };
  const request = {
    endpoint: 'token',
    url,
    method: 'POST',
    headers: {
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
      authorization: clientBasic(clientId, clientSecret),
    },
    body: new URLSearchParams(form).toString(),
  } as const;
  const refused = await reasonOr(async () => {
    readIdToken(await withDeadline(ms, (signal) => http.call(request, signal)));
    return undefined;
  });
  const ok = refused === 'invalid-grant';
  return ok
    ? { check: 'credentials', app, ok }
    : { check: 'credentials', app, ok: false, reason: refused ?? 'token-error' };
}

async function reasonOr<Value>(work: () => Promise<Value>): Promise<Value | CleverReason> {
  try {
    return await work();
  } catch (error) {
    const failure = findFailure(error);
    if (failure === undefined) throw error;
    return failure.reason;
  }
}
