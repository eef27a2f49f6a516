// Verifies Clever's signature of an id_token: OpenID Connect Core 3.1.3.7 steps 6 to 8, by jose. oauth4webapi checks
// the claims. Separate, because oauth4webapi imports the key for every token; here a key is imported once per set. A
// header that jose has judged is not judged again: docs/adr/0051.
import { KeyObject, verify } from 'node:crypto';
import { type CompactVerifyGetKey, compactVerify, errors } from 'jose';
import { carry } from '../trace/request-context.ts';
import type { KeyCache, KeySet } from './key-cache.ts';
import { CleverFailure, type CleverReason } from './refusal.ts';

/**
 * Resolves if the token is signed by one of Clever's keys with one of `algorithms`.
 * @throws CleverFailure if not, or if the keys are not available
 */
export async function verifySignature(
  idToken: string,
  algorithms: readonly string[],
  keys: KeyCache,
  signal: AbortSignal,
): Promise<void> {
  if (!isSignedAsBefore(idToken, algorithms, keys.fresh()))
    await carry(() => verifyByJose(idToken, algorithms, keys, signal));
}

async function verifyByJose(
  idToken: string,
  algorithms: readonly string[],
  keys: KeyCache,
  signal: AbortSignal,
): Promise<void> {
  // The algorithm is checked before a key is selected (RFC 8725 section 3.1).
  const options = { algorithms: [...algorithms] };
  const verify = (find: (kid: string | undefined) => Promise<KeySet>) => verifyOnce(idToken, find, options);
  let used: KeySet | undefined;
  const failed = await verify(async (kid) => {
    used = await keys.keysFor(kid, signal);
    return used;
  });
  if (failed === undefined) return;
  const again = used !== undefined && isAboutTheKey(failed) ? await keys.keysAfter(used, signal) : used;
  const reason = again === undefined || again === used ? failed : await verify(async () => again);
  if (reason !== undefined) throw new CleverFailure(reason);
}

/**
 * Whether jose has accepted exactly this header before, and the same key signed this token too. False is no verdict:
 * jose decides. node:crypto verifies in place, jose in another thread at three times the processor time.
 */
function isSignedAsBefore(idToken: string, algorithms: readonly string[], set: KeySet | undefined): boolean {
  const [header = '', payload, signature, ...more] = idToken.split('.');
  const known = set?.judged.get(header);
  if (known === undefined || signature === undefined || more.length > 0 || !algorithms.includes(known.alg))
    return false;
  // RS256: RFC 7518 section 3.3, over the signing input of RFC 7515 section 5.2.
  return verify('RSA-SHA256', Buffer.from(`${header}.${payload}`), known.key, Buffer.from(signature, 'base64url'));
}

/** Clever's tokens have one header per key. */
const maxJudged = 32;

/** The effect of a key that was replaced under the same name; one of another type is not even found. */
const isAboutTheKey = (reason: CleverReason): boolean => reason === 'bad-signature' || reason === 'unknown-key';

async function verifyOnce(
  idToken: string,
  find: (kid: string | undefined) => Promise<KeySet>,
  options: { readonly algorithms: string[] },
): Promise<CleverReason | undefined> {
  let set: KeySet | undefined;
  const findKey: CompactVerifyGetKey = async (header, token) => {
    set = await find(header.kid);
    return set.select(header, token);
  };
  try {
    const { protectedHeader, key } = await compactVerify(idToken, findKey, options);
    const isKept = protectedHeader.alg === 'RS256' && !(key instanceof Uint8Array);
    if (isKept && set !== undefined && set.judged.size < maxJudged)
      set.judged.set(idToken.slice(0, idToken.indexOf('.')), { alg: 'RS256', key: KeyObject.from(key) });
    return undefined;
  } catch (error) {
    const reason = nameError(error);
    if (reason === undefined) throw error;
    return reason;
  }
}

/** jose's messages may quote the token; only the word is passed on. `undefined`: not about the token. */
function nameError(error: unknown): CleverReason | undefined {
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'bad-signature';
  if (error instanceof errors.JOSEAlgNotAllowed) return 'unsupported-alg';
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys)
    return 'unknown-key';
  if (error instanceof errors.JOSEError) return 'malformed-token';
  // Web Cryptography rejected the key: too short, or not of its type (importKey).
  if (error instanceof DOMException || error instanceof TypeError) return 'unknown-key';
  return undefined;
}
