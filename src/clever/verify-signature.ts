// Whether Clever signed an id_token: OpenID Connect Core 3.1.3.7 steps 6 to 8, by jose. oauth4webapi checks the claims.
// Beside it, because that imports the key anew for every token; here a key is imported once for each set.
import { type CompactVerifyGetKey, compactVerify, errors } from 'jose';
import type { KeyCache, KeySet } from './key-cache.ts';
import { CleverFailure, type CleverReason } from './refusal.ts';

/**
 * Resolves for a token signed by a key of Clever's, with one of `algorithms`.
 * @throws CleverFailure for any other, and where the keys could not be had
 */
export async function verifySignature(
  idToken: string,
  algorithms: readonly string[],
  keys: KeyCache,
  signal: AbortSignal,
): Promise<void> {
  // The algorithm is judged before a key is looked for (RFC 8725 section 3.1).
  const options = { algorithms: [...algorithms] };
  const verify = (find: (kid: string | undefined) => Promise<KeySet>) =>
    verifyOnce(idToken, async (header, token) => (await find(header.kid)).select(header, token), options);
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

/** What a key that was replaced under its old name looks like; of another kind, it is not even found. */
const isAboutTheKey = (reason: CleverReason): boolean => reason === 'bad-signature' || reason === 'unknown-key';

async function verifyOnce(
  idToken: string,
  findKey: CompactVerifyGetKey,
  options: { readonly algorithms: string[] },
): Promise<CleverReason | undefined> {
  try {
    await compactVerify(idToken, findKey, options);
    return undefined;
  } catch (error) {
    const reason = nameError(error);
    if (reason === undefined) throw error;
    return reason;
  }
}

/** jose's messages may quote the token; only the word leaves. `undefined`: not about the token. */
function nameError(error: unknown): CleverReason | undefined {
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'bad-signature';
  if (error instanceof errors.JOSEAlgNotAllowed) return 'unsupported-alg';
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys)
    return 'unknown-key';
  if (error instanceof errors.JOSEError) return 'malformed-token';
  // The platform refused the key of that name: too short, or not of its kind (Web Cryptography, importKey).
  if (error instanceof DOMException || error instanceof TypeError) return 'unknown-key';
  return undefined;
}
