// An id_token of the bridge that a client sends back to identify the session to end.
import { createLocalJWKSet, decodeJwt, errors, type JWK, jwtVerify } from 'jose';

interface IdTokenHint {
  readonly clientId: string;
  readonly sid: string;
  readonly district: string;
}

/**
 * Undefined if the text is no id_token of the bridge. An expired one is accepted: a client has no newer one (OpenID
 * Connect RP-Initiated Logout 1.0 section 2).
 */
export async function readIdTokenHint(
  token: string,
  issuer: string,
  keys: readonly JWK[],
): Promise<IdTokenHint | undefined> {
  try {
    const issuedAt = Number(decodeJwt(token).iat);
    const { payload } = await jwtVerify(token, createLocalJWKSet({ keys: [...keys] }), {
      issuer,
      typ: 'JWT',
      algorithms: ['ES256'],
      requiredClaims: ['iat', 'exp', 'sub'],
      currentDate: new Date(issuedAt * 1000),
    });
    const { aud: clientId, sid, district } = payload;
    if (typeof clientId !== 'string' || typeof sid !== 'string' || typeof district !== 'string') return undefined;
    return { clientId, sid, district };
  } catch (failure) {
    if (failure instanceof errors.JOSEError || failure instanceof RangeError) return undefined;
    throw failure;
  }
}
