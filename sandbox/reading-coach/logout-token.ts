// What the bridge posts when a session ends: a logout token of OpenID Connect Back-Channel Logout 1.0, checked as its section 2.6
// says.
import { createRemoteJWKSet, jwtVerify } from 'jose';

const event = 'http://schemas.openid.net/event/backchannel-logout';

/** How soon the keys are asked for again when a token names an unknown one: the bridge may have replaced them. */
const waitForKeysMs = 5_000;

/** The `sid` of the session that ended. */
export type ReadLogoutToken = (token: string) => Promise<string>;

/** @throws Error of jose for a token that is not the bridge's, or not for this client */
export function createReadLogoutToken(issuer: string, clientId: string): ReadLogoutToken {
  const keys = createRemoteJWKSet(new URL('/oidc/jwks', issuer), { cooldownDuration: waitForKeysMs });
  return async (token) => {
    const { payload } = await jwtVerify(token, keys, {
      issuer,
      audience: clientId,
      algorithms: ['ES256'],
      typ: 'logout+jwt',
      requiredClaims: ['iat', 'exp', 'jti', 'sid', 'events'],
    });
    if (!(event in Object(payload['events'])) || 'nonce' in payload) throw new TypeError('it is no logout token');
    return String(payload['sid']);
  };
}
