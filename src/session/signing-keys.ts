// The keys that sign session tokens: created at first start, sealed in the store, rotated without interruption for
// verifiers. A next key is published one JWKS cache lifetime before it signs; the old one stays until its last token
// has expired.
import { createPrivateKey, type KeyObject } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import * as z from 'zod';
import { createRecentReads } from '../store/recent-reads.ts';
import { sealedJson, storedObject } from '../store/sealed.ts';
import { type Address, type Store, waitForReplica } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';

/** Age at which a signing key is rotated, in days. */
export const keyMaxAgeDays = 90;

/** How long verifiers may cache the JWKS: its Cache-Control max-age, in seconds. */
export const jwksLifeSeconds = 300;

/** How long a server caches the keys by default. */
export const keyCacheMs = 500;

export interface SigningKey {
  readonly kid: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** The key signs from here until the next key's `signsFrom`. */
  readonly signsFrom: number;
  readonly privateJwk: JWK;
}

export interface KeyStatus {
  readonly kid: string;
  readonly status: 'next' | 'current' | 'retiring';
  readonly created_at: string;
  readonly signs_from: string;
}

export interface SigningKeys {
  /** The key to sign with now. */
  current(): Promise<{ readonly kid: string; readonly key: KeyObject }>;
  /** Public keys of all tokens that may still be valid, and the next one: RFC 7517. */
  jwks(): Promise<{ readonly keys: readonly JWK[] }>;
  /** The same with their private halves, the signing key first. */
  dangerouslyPrivate(): Promise<readonly JWK[]>;
  list(): Promise<KeyStatus[]>;
  /** Publishes a next key, which signs after one JWKS cache lifetime; refused while one is pending. */
  rotate(): Promise<
    | { readonly kind: 'done'; readonly key: KeyStatus }
    | { readonly kind: 'refused'; readonly code: 'rotation_under_way'; readonly key: KeyStatus }
  >;
  /** Rotates if the current key has signed for `keyMaxAgeDays` and none is pending; one of many servers does it. */
  rotateByAge(): Promise<KeyStatus | undefined>;
  /**
   * Deletes all keys and signs with a new one at once: for a private key that may be compromised. The bridge rejects
   * all earlier tokens; the caller ends the sessions for offline verifiers.
   */
  dangerouslyReplaceAll(): Promise<KeyStatus>;
}

export interface SigningKeysOptions {
  readonly sessionTtlSeconds: number;
  /** Milliseconds since the epoch. */
  readonly clock?: () => number;
  /** Maximum age of the cached key set; a command takes effect within a second. */
  readonly maxAgeMs?: number;
}

const keysShape: z.ZodType<readonly SigningKey[]> = z.array(
  z.object({ kid: z.string(), createdAt: z.number(), signsFrom: z.number(), privateJwk: storedObject<JWK>() }),
);

const at: Address = { partition: 'keys', id: 'signing' };

export function createSigningKeys(store: Store, vault: Vault, options: SigningKeysOptions): SigningKeys {
  // Long because of its verbs over one set of keys and its cache; each is short.
  const { sessionTtlSeconds, clock = Date.now, maxAgeMs = keyCacheMs } = options;
  const sealedKeys = sealedJson(vault, keysShape);
  const imported = new Map<string, KeyObject>();

  async function readNow(): Promise<{ keys: readonly SigningKey[]; value: Buffer | undefined }> {
    const [value] = await store.get([at]);
    return { keys: sealedKeys.openFound(at, value) ?? [], value };
  }

  const write = async (value: Buffer | undefined, keys: readonly SigningKey[]): Promise<boolean> =>
    store.commit([{ at, oneOf: [value] }], [{ kind: 'put', at, value: sealedKeys.seal(at, keys) }]);

  async function readOrMake(): Promise<readonly SigningKey[]> {
    const { keys, value } = await readNow();
    if (keys.length > 0) return keys;
    const first = [await makeKey(clock(), clock())];
    return (await write(value, first)) ? first : readOrMake();
  }

  const recent = createRecentReads(readOrMake, clock, 1);
  const read = () => recent.read(at.id, maxAgeMs);

  /** Keys that may have signed a token that is still valid; a key retires at its successor's `signsFrom`. */
  const alive = (keys: readonly SigningKey[]) =>
    keys.filter((_key, index) => {
      const successor = keys[index + 1];
      return successor === undefined || successor.signsFrom + (sessionTtlSeconds + 60) * 1000 > clock();
    });

  const signing = (keys: readonly SigningKey[]): SigningKey => {
    const key = keys.findLast(({ signsFrom }) => signsFrom <= clock()) ?? keys[0];
    if (key === undefined) throw new TypeError('there is no signing key');
    return key;
  };

  function statuses(keys: readonly SigningKey[]): KeyStatus[] {
    const current = signing(keys);
    return alive(keys).map((key) => ({
      kid: key.kid,
      status: key === current ? 'current' : key.signsFrom > clock() ? 'next' : 'retiring',
      created_at: new Date(key.createdAt).toISOString(),
      signs_from: new Date(key.signsFrom).toISOString(),
    }));
  }

  const keys: SigningKeys = {
    async current() {
      const { kid, privateJwk } = signing(await read());
      const key = imported.get(kid) ?? createPrivateKey({ key: privateJwk, format: 'jwk' });
      imported.set(kid, key);
      return { kid, key };
    },
    async jwks() {
      return { keys: alive(await read()).map(toPublic) };
    },
    async dangerouslyPrivate() {
      const known = await read();
      const current = signing(known);
      const others = alive(known).filter((key) => key !== current);
      return [current, ...others].map(({ kid, privateJwk }) => ({ ...privateJwk, kid, alg: 'ES256', use: 'sig' }));
    },
    list: async () => statuses(await readOrMake()),
    rotate: rotateKeys,
    async rotateByAge() {
      const current = signing(await readOrMake());
      if (clock() - current.signsFrom < keyMaxAgeDays * 86_400_000) return undefined;
      const rotated = await rotateKeys();
      return rotated.kind === 'done' ? rotated.key : undefined;
    },
    async dangerouslyReplaceAll() {
      const fresh = await makeKey(clock(), clock());
      // A failover that loses it would restore the old key.
      const isDone = await waitForReplica(store, [at.partition], async () => write((await readNow()).value, [fresh]));
      if (!isDone) return keys.dangerouslyReplaceAll();
      recent.forgetAll();
      const [key] = statuses([fresh]);
      if (key === undefined) throw new TypeError('the new key is not listed');
      return key;
    },
  };
  return keys;

  async function rotateKeys(): ReturnType<SigningKeys['rotate']> {
    await readOrMake();
    const { keys: known, value } = await readNow();
    const waiting = statuses(known).find(({ status }) => status === 'next');
    if (waiting !== undefined) return { kind: 'refused', code: 'rotation_under_way', key: waiting };
    // Another server may serve keys that it read maxAgeMs ago, and a verifier caches those for a whole lifetime.
    const next = await makeKey(clock(), clock() + maxAgeMs + jwksLifeSeconds * 1000);
    if (!(await write(value, [...alive(known), next]))) return rotateKeys();
    const key = statuses([...alive(known), next]).find(({ kid }) => kid === next.kid);
    if (key === undefined) throw new TypeError('the new key is not listed');
    return { kind: 'done', key };
  }
}

async function makeKey(createdAt: number, signsFrom: number): Promise<SigningKey> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const privateJwk = await exportJWK(privateKey);
  return { kid: await calculateJwkThumbprint(privateJwk), createdAt, signsFrom, privateJwk };
}

const publicKeys = new WeakMap<SigningKey, JWK>();

/** Made once for each key that was read: every check of a token asks for it. */
function toPublic(key: SigningKey): JWK {
  const known = publicKeys.get(key);
  if (known !== undefined) return known;
  const {
    kid,
    privateJwk: { d: _secret, ...publicJwk },
  } = key;
  const made: JWK = { ...publicJwk, kid, alg: 'ES256', use: 'sig' };
  publicKeys.set(key, made);
  return made;
}
