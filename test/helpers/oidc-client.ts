// A product on another origin, as its server side is written with openid-client: it keeps what a request must be compared
// with, and nothing of the bridge.
import * as oidc from 'openid-client';
import type { Fixture } from './bridge.ts';
import type { Client } from './bridge-client.ts';

export interface OidcClientOptions {
  readonly id?: string;
  readonly scopes?: string;
  readonly isPublic?: boolean;
  /** Further words of `client put`. */
  readonly words?: readonly string[];
  readonly redirectUri?: string;
}

/** One open authorization request. */
export interface OpenRequest {
  readonly address: URL;
  readonly checks: oidc.AuthorizationCodeGrantChecks;
}

export interface OidcClient {
  readonly id: string;
  readonly secret: string | undefined;
  readonly redirectUri: string;
  readonly configuration: oidc.Configuration;
  begin(parameters?: Readonly<Record<string, string>>): Promise<OpenRequest>;
  /** Follows the request up to, not into, the redirect address. */
  follow(browser: Client, address: URL): Promise<URL>;
  redeem(back: URL, checks: OpenRequest['checks']): ReturnType<typeof oidc.authorizationCodeGrant>;
  /** All of it. */
  signIn(
    browser: Client,
    parameters?: Readonly<Record<string, string>>,
  ): ReturnType<typeof oidc.authorizationCodeGrant>;
}

/** Registers a client with the command and reads the provider's metadata. */
export async function createOidcClient(fixture: Fixture, options: OidcClientOptions = {}): Promise<OidcClient> {
  const { id = 'coach', scopes = 'openid,profile,email', isPublic = false, words = [] } = options;
  const { redirectUri = 'http://127.0.0.1:9/callback' } = options;
  const put = await fixture.command(
    ...['client', 'put', id, '--redirect-uri', redirectUri, '--scopes', scopes],
    ...(isPublic ? ['--public'] : []),
    ...words,
  );
  if (put.exitCode !== 0) throw new Error(`client put: ${put.stdout}${put.stderr}`);
  const secret = put.json['secret'] === undefined ? undefined : String(put.json['secret']);
  const configuration = await discover(fixture.publicUrl, id, secret);
  const client: OidcClient = {
    id,
    secret,
    redirectUri,
    configuration,
    async begin(parameters = {}) {
      const pkceCodeVerifier = oidc.randomPKCECodeVerifier();
      const [expectedState, expectedNonce] = [oidc.randomState(), oidc.randomNonce()];
      const address = oidc.buildAuthorizationUrl(configuration, {
        redirect_uri: redirectUri,
        scope: scopes.replaceAll(',', ' ').replace(' offline_access', ''),
        code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
        code_challenge_method: 'S256',
        state: expectedState,
        nonce: expectedNonce,
        ...parameters,
      });
      return { address, checks: { pkceCodeVerifier, expectedState, expectedNonce, idTokenExpected: true } };
    },
    async follow(browser, address) {
      const { location, status, body } = await browser.open(address, {
        stopBefore: (url) => url.href.startsWith(redirectUri),
      });
      if (location === undefined) throw new Error(`the request ended with ${status}: ${body.slice(0, 500)}`);
      return location;
    },
    redeem: (back, checks) => oidc.authorizationCodeGrant(configuration, back, checks),
    async signIn(browser, parameters) {
      const { address, checks } = await client.begin(parameters);
      return client.redeem(await client.follow(browser, address), checks);
    },
  };
  return client;
}

export const discover = (issuer: string, id: string, secret: string | undefined): Promise<oidc.Configuration> =>
  oidc.discovery(new URL(issuer), id, secret, secret === undefined ? oidc.None() : undefined, {
    execute: [oidc.allowInsecureRequests],
  });
