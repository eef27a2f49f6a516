// The staff's own OpenID provider, by openid-client. Owns the protocol; staff/staff-sign-in.ts decides who may sign in.

import type { CustomFetch } from 'openid-client';
import * as oidc from 'openid-client';
import { inSpan, traceHeaders } from '../trace/request-context.ts';
import type { StaffIdentity, StaffIdentityProvider, StaffRefused } from './staff-sign-in.ts';

interface StaffProviderOptions {
  /** With or without a trailing slash, as the provider's metadata decide; `http:` for loopback hosts only. */
  readonly issuer: string;
  readonly clientId: string;
  /** The value of `Authorization` at the token endpoint: HTTP Basic (RFC 6749 section 2.3.1). */
  readonly clientAuthorization: string;
  readonly redirectUri: string;
  /** Replaces Node's own, for example to use a proxy. */
  readonly fetch?: oidc.CustomFetch | undefined;
  readonly onFailure: (failure: unknown) => void;
}

const timeoutSeconds = 10;
const metadataMs = 3_600_000;
const failed: StaffRefused = { kind: 'refused', reason: 'provider_failed' };
const otherIssuer: StaffRefused = { kind: 'refused', reason: 'other_issuer' };

/** Makes no request before the first sign-in, so that the bridge starts without the provider. */
export function createOpenIdStaffProvider(options: StaffProviderOptions): StaffIdentityProvider {
  const { redirectUri, onFailure } = options;
  const configure = createConfigure(options);

  function refuse(failure: unknown): StaffRefused {
    if (isAboutCode(failure)) return { kind: 'refused', reason: 'expired' };
    onFailure(failure);
    return isAboutIssuer(failure) ? otherIssuer : failed;
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
        return refuse(failure);
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
        // Core section 5.3.2: userinfo counts only for the same subject, which openid-client checks.
        const isAllThereIs = hasEmail || config.serverMetadata().userinfo_endpoint === undefined;
        const facts = isAllThereIs ? claims : await oidc.fetchUserInfo(config, tokens.access_token, claims.sub);
        return identityOf(claims, facts);
      } catch (failure) {
        return refuse(failure);
      }
    },
  };
}

/** Reads the provider's metadata, at most once an hour. */
function createConfigure(options: StaffProviderOptions): () => Promise<oidc.Configuration> {
  const { issuer, clientId, clientAuthorization } = options;
  const authenticate: oidc.ClientAuth = (_server, _client, _body, headers) =>
    headers.set('authorization', clientAuthorization);
  let known: { readonly config: oidc.Configuration; readonly readAt: number } | undefined;

  function discover(identifier: string): Promise<oidc.Configuration> {
    const server = new URL(identifier);
    return oidc.discovery(server, clientId, undefined, authenticate, {
      timeout: timeoutSeconds,
      ...(options.fetch && { [oidc.customFetch]: options.fetch }),
      // The id_token's signature is checked too, not only the TLS connection it came over.
      execute: [oidc.enableNonRepudiationChecks, ...(server.protocol === 'http:' ? [oidc.allowInsecureRequests] : [])],
    });
  }

  return async () => {
    if (known !== undefined && performance.now() - known.readAt < metadataMs) return known.config;
    const config = await discover(issuer).catch((failure: unknown) => {
      if (!isAboutIssuer(failure)) throw failure;
      return discover(issuer.endsWith('/') ? issuer.slice(0, -1) : `${issuer}/`);
    });
    known = { config, readAt: performance.now() };
    return config;
  };
}

/** Metadata, an id_token or a response with an unexpected issuer. */
function isAboutIssuer(failure: unknown): boolean {
  const { code, cause } = Object(failure);
  // openid-client has oauth4webapi's error as the cause, whose cause has the compared values.
  const compared = [cause, Object(cause).cause].map(Object);
  return (
    /_COMPARISON_FAILED$/.test(String(code)) &&
    compared.some(({ attribute, claim }) => attribute === 'issuer' || claim === 'iss')
  );
}

/** The provider rejects the code: already used, as by a double click, or expired (RFC 6749 section 5.2). */
const isAboutCode = (failure: unknown): boolean =>
  failure instanceof oidc.ResponseBodyError && failure.error === 'invalid_grant';

/**
 * `email_verified` must be the boolean true: the text "true", or its absence, does not show that the provider verified
 * the address.
 */
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

/**
 * Traces calls to the provider as parts of their request: adds `traceparent` and, if traces are exported, a span
 * without the URL's path and query.
 */
export const traceFetch =
  (fetch: CustomFetch): CustomFetch =>
  (url, options) => {
    const facts = { 'http.request.method': options.method, 'server.address': new URL(url).hostname };
    return inSpan('staff-provider', facts, async (note) => {
      const response = await fetch(url, { ...options, headers: { ...options.headers, ...traceHeaders() } });
      note({ 'http.response.status_code': response.status });
      return response;
    });
  };
