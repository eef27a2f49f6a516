// The staff's own OpenID provider, by openid-client. Owns the protocol; who may come in is support/staff-sign-in.ts.
import * as oidc from 'openid-client';
import type { StaffIdentity, StaffIdentityProvider, StaffRefused } from '../support/staff-sign-in.ts';

export interface StaffProviderOptions {
  /** As an issuer identifier; `http:` for loopback hosts only. */
  readonly issuer: string;
  readonly clientId: string;
  /** The value of `Authorization` at the token endpoint: HTTP Basic (RFC 6749 section 2.3.1). */
  readonly clientAuthorization: string;
  readonly redirectUri: string;
  readonly onFailure: (failure: unknown) => void;
}

const timeoutSeconds = 10;
const metadataMs = 3_600_000;
const failed: StaffRefused = { kind: 'refused', reason: 'provider_failed' };

/** Asks the provider nothing before somebody signs in, so that the bridge starts without it. */
export function createOpenIdStaffProvider(options: StaffProviderOptions): StaffIdentityProvider {
  const { issuer, clientId, clientAuthorization, redirectUri, onFailure } = options;
  const authenticate: oidc.ClientAuth = (_server, _client, _body, headers) =>
    headers.set('authorization', clientAuthorization);
  let known: { readonly config: oidc.Configuration; readonly readAt: number } | undefined;

  async function configure(): Promise<oidc.Configuration> {
    if (known !== undefined && performance.now() - known.readAt < metadataMs) return known.config;
    const isPlain = new URL(issuer).protocol === 'http:';
    const config = await oidc.discovery(new URL(issuer), clientId, undefined, authenticate, {
      timeout: timeoutSeconds,
      // The id_token's signature is checked as well, not only where it came from.
      execute: [oidc.enableNonRepudiationChecks, ...(isPlain ? [oidc.allowInsecureRequests] : [])],
    });
    known = { config, readAt: performance.now() };
    return config;
  }

  return {
    makeChecks: () => ({
      state: oidc.randomState(),
      nonce: oidc.randomNonce(),
      codeVerifier: oidc.randomPKCECodeVerifier(),
    }),

    async authorizationUrl({ state, nonce, codeVerifier }) {
      try {
        return oidc.buildAuthorizationUrl(await configure(), {
          redirect_uri: redirectUri,
          scope: 'openid email',
          state,
          nonce,
          code_challenge: await oidc.calculatePKCECodeChallenge(codeVerifier),
          code_challenge_method: 'S256',
        });
      } catch (failure) {
        onFailure(failure);
        return failed;
      }
    },

    async exchange({ state, nonce, codeVerifier }, callback) {
      try {
        const config = await configure();
        const url = new URL(redirectUri);
        url.search = callback.toString();
        const tokens = await oidc.authorizationCodeGrant(config, url, {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: codeVerifier,
          idTokenExpected: true,
        });
        const claims = tokens.claims();
        if (claims === undefined) return failed;
        const hasEmail = claims['email'] !== undefined && claims['email_verified'] !== undefined;
        // Core section 5.3.2: what userinfo says counts only for the same subject, which openid-client checks.
        const facts = hasEmail ? claims : await oidc.fetchUserInfo(config, tokens.access_token, claims.sub);
        return identityOf(claims, facts);
      } catch (failure) {
        onFailure(failure);
        return failed;
      }
    },
  };
}

/** `email_verified` must be true itself: the text "true", or nothing, is no word of a provider that checked. */
function identityOf(claims: oidc.IDToken, facts: Readonly<Record<string, unknown>>): StaffIdentity {
  const email = facts['email'];
  const isVerified = facts['email_verified'] === true && typeof email === 'string';
  return {
    kind: 'verified',
    issuer: claims.iss,
    subject: claims.sub,
    verifiedEmail: isVerified ? email : undefined,
  };
}
