// Clever's public keys: cached, refreshed, and reloaded when a token names an unknown one, at most once a minute in any
// case. Verifies nothing: verify-signature.ts does.
import type { KeyObject } from 'node:crypto';
import {
  type CompactVerifyGetKey,
  type CryptoKey,
  calculateJwkThumbprint,
  createLocalJWKSet,
  errors,
  exportJWK,
} from 'jose';
import * as z from 'zod';
import type { CleverEvent, CleverHttp } from './clever-http.ts';
import { withDeadline, within } from './deadline.ts';
import type { Metadata } from './discovery.ts';
import { createLastGood, type LastGood } from './last-good.ts';
import { CleverFailure } from './refusal.ts';

/** A key that Clever withdrew is trusted no longer than this while Clever answers; the same time as in oauth4webapi. */
const freshMs = 300_000;
const searchPauseMs = 60_000;

const text = z.string().exactOptional();

/** The members of a public key, RFC 7517 section 4 and RFC 7518 sections 6.2.1 and 6.3.1; others are dropped. */
const keySchema = z.object({
  kty: z.enum(['RSA', 'EC', 'OKP']),
  kid: text,
  use: text,
  alg: text,
  crv: text,
  x: text,
  y: text,
  n: text,
  e: text,
  key_ops: z.array(z.string()).exactOptional(),
});
const keySetSchema = z.object({ keys: z.array(z.unknown()) });

/** JWK Set (RFC 7517 section 5) with only public keys of known types; unknown types are ignored, as the RFC says. */
export interface KeySet {
  readonly keys: readonly z.infer<typeof keySchema>[];
  /** The key that a token's header names, imported once. */
  readonly select: CompactVerifyGetKey;
  /**
   * By a token's first part, as sent: the key that jose selected for it, once it has verified a token with this header.
   */
  readonly judged: Map<string, JudgedHeader>;
}

/** jose's result for a header, if it is RS256. */
interface JudgedHeader {
  readonly alg: 'RS256';
  readonly key: KeyObject;
}

export interface KeyCache {
  /** The cached keys, if they are recent enough to use without a reload. */
  fresh(): KeySet | undefined;
  /**
   * The keys, reloaded if `kid` is not among them.
   * @throws CleverFailure if Clever does not answer and there is no set recent enough, or it failed in the latest
   * search for a key
   */
  keysFor(kid: string | undefined, signal: AbortSignal): Promise<KeySet>;
  /**
   * Reloads the keys after `used` did not verify a signature, as Clever may have replaced a key under the same name.
   * Returns `used` itself if they are the same.
   * @throws CleverFailure as `keysFor`
   */
  keysAfter(used: KeySet, signal: AbortSignal): Promise<KeySet>;
}

interface KeyCacheOptions {
  readonly http: CleverHttp;
  readonly discovery: LastGood<Metadata>;
  readonly deadlineMs: number;
  readonly clock: () => number;
  readonly onEvent: (event: CleverEvent) => void;
}

export function createKeyCache({ http, discovery, deadlineMs, clock, onEvent }: KeyCacheOptions): KeyCache {
  const load = async (signal: AbortSignal): Promise<KeySet> => {
    const { jwks_uri: url } = await discovery.get(signal);
    const headers = { accept: 'application/json, application/jwk-set+json' };
    return readKeySet((await http.call({ endpoint: 'keys', url, method: 'GET', headers }, signal)).json);
  };
  const kept = createLastGood({
    load: () => withDeadline(deadlineMs, load),
    freshMs,
    clock,
    onKept: ({ reason }, ageMs) =>
      onEvent({ kind: 'kept', endpoint: 'keys', reason, ageSeconds: Math.round(ageMs / 1000) }),
  });
  const search = createSearch(() => withDeadline(deadlineMs, kept.reload), clock);

  return {
    fresh: kept.fresh,
    async keysFor(kid, signal) {
      const loadsBefore = kept.loads();
      const set = await kept.get(signal);
      if (kid === undefined || set.keys.some((key) => key.kid === kid)) return set;
      return search(set, kept.loads() > loadsBefore, signal);
    },
    async keysAfter(used, signal) {
      const set = await kept.get(signal);
      return set === used ? search(set, false, signal) : set;
    },
  };
}

/**
 * Searches for an unknown key. mod_auth_openidc once fetched per request while its cache was down: here the pause
 * begins before the fetch, so it also holds among concurrent callers and after a failure.
 */
function createSearch(reload: () => Promise<KeySet>, clock: () => number) {
  let startedAt = Number.NEGATIVE_INFINITY;
  let latest: Promise<KeySet> | undefined;

  return (set: KeySet, isJustLoaded: boolean, signal: AbortSignal): Promise<KeySet> => {
    if (latest === undefined || clock() - startedAt >= searchPauseMs) {
      startedAt = clock();
      latest = isJustLoaded ? Promise.resolve(set) : reload();
    }
    return within(latest, signal);
  };
}

function readKeySet(json: unknown): KeySet {
  const parsed = keySetSchema.safeParse(json);
  if (!parsed.success) throw new CleverFailure('bad-keys');
  const keys = parsed.data.keys.flatMap((key) => keySchema.safeParse(key).data ?? []);
  return { keys, select: createSelect(createLocalJWKSet({ keys })), judged: new Map() };
}

/** A key that occurs twice in the set is one key: RFC 7638 defines equality. Two different ones stay ambiguous. */
function createSelect(select: CompactVerifyGetKey): CompactVerifyGetKey {
  return async (header, token) => {
    try {
      return await select(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
      return takeOnlyKey(error);
    }
  };
}

/** No sign-in checks more copies of a key than these. */
const maxCopies = 16;

async function takeOnlyKey(matching: errors.JWKSMultipleMatchingKeys): Promise<CryptoKey> {
  const found = new Map<string, CryptoKey>();
  let copies = 0;
  for await (const key of matching) {
    found.set(await calculateJwkThumbprint(await exportJWK(key)), key);
    copies += 1;
    if (found.size > 1 || copies > maxCopies) throw matching;
  }
  const [only] = found.values();
  if (only === undefined) throw matching;
  return only;
}
