// Reads Clever's OpenID Provider metadata (OpenID Connect Discovery 1.0 section 4) and caches it: refreshed hourly, the
// last good one for a day. Takes over only the members in use.
import * as z from 'zod';
import type { CleverEvent, CleverHttp } from './clever-http.ts';
import { withDeadline } from './deadline.ts';
import { createLastGood, type LastGood } from './last-good.ts';
import { CleverFailure } from './refusal.ts';

const hourMs = 3_600_000;

/**
 * RFC 8725 section 3.1: an allow-list. No symmetric algorithms, which would turn the public key into the secret; no
 * `none`.
 */
export const acceptedAlgs = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'Ed25519',
  'EdDSA',
];

const metadataSchema = z.object({
  issuer: z.string(),
  authorization_endpoint: z.string(),
  token_endpoint: z.string(),
  jwks_uri: z.string(),
  id_token_signing_alg_values_supported: z.array(z.string()).catch(acceptedAlgs),
  authorization_response_iss_parameter_supported: z.boolean().catch(false),
});

export type Metadata = z.infer<typeof metadataSchema>;

interface DiscoveryOptions {
  readonly issuer: string;
  readonly http: CleverHttp;
  readonly deadlineMs: number;
  readonly clock: () => number;
  readonly onEvent: (event: CleverEvent) => void;
}

export function createDiscovery({ issuer, http, deadlineMs, clock, onEvent }: DiscoveryOptions): LastGood<Metadata> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const load = async (signal: AbortSignal) => {
    const request = { endpoint: 'discovery', url, method: 'GET', headers: { accept: 'application/json' } } as const;
    return readMetadata(issuer, (await http.call(request, signal)).json);
  };
  return createLastGood({
    load: () => withDeadline(deadlineMs, load),
    freshMs: hourMs,
    clock,
    onKept: ({ reason }, ageMs) =>
      onEvent({ kind: 'kept', endpoint: 'discovery', reason, ageSeconds: Math.round(ageMs / 1000) }),
  });
}

function readMetadata(issuer: string, json: unknown): Metadata {
  const parsed = metadataSchema.safeParse(json);
  if (!parsed.success) throw new CleverFailure('bad-metadata');
  const metadata = parsed.data;
  // Discovery section 4.3: the issuer MUST be identical; anything else is another issuer's document.
  if (metadata.issuer !== issuer) throw new CleverFailure('bad-metadata');
  if (!haveAllowedAddresses(metadata, issuer)) throw new CleverFailure('bad-metadata');
  const algs = metadata.id_token_signing_alg_values_supported.filter((alg) => acceptedAlgs.includes(alg));
  return { ...metadata, id_token_signing_alg_values_supported: algs };
}

/** Whether the client's secret and its users may be sent to all endpoints in use. */
export const haveAllowedAddresses = (
  {
    authorization_endpoint,
    token_endpoint,
    jwks_uri,
  }: Pick<Metadata, 'authorization_endpoint' | 'token_endpoint' | 'jwks_uri'>,
  issuer: string,
): boolean =>
  [authorization_endpoint, token_endpoint, jwks_uri].every((url) => isAllowedAddress(url, isPlainHttp(issuer)));

export function isPlainHttp(url: string): boolean {
  return url.startsWith('http:');
}

/** https anywhere; http, where allowed at all, on this machine only: the client's secret is sent there. */
export function isAllowedAddress(address: string, allowLoopbackHttp: boolean): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  if (protocol === 'https:') return true;
  return allowLoopbackHttp && protocol === 'http:' && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}
