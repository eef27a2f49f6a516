// How a product signs people in by OpenID Connect, with openid-client as its guide says: begin a request, redeem the code that
// comes back, ask who it is, sign out. Keeps nothing.
import * as client from 'openid-client';

export interface ProviderSettings {
  /** PUBLIC_URL of the bridge. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUri: string;
  readonly postLogoutRedirectUri: string;
}

/** What an answer is compared with. Keep it on the server, for the browser that was sent away and no other. */
export interface OpenRequest {
  readonly codeVerifier: string;
  readonly state: string;
  readonly nonce: string;
}

export interface Person {
  /** The account id. Know people by it, never by their address. */
  readonly sub: string;
  readonly name: string;
  readonly role: string;
  readonly district: string;
}

export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string | undefined;
}

export interface SignedIn {
  readonly person: Person;
  /** The bridge's session: a logout token names it. */
  readonly sid: string;
  readonly idToken: string;
  readonly tokens: Tokens;
}

export interface SignIn {
  begin(): Promise<{ readonly address: string; readonly request: OpenRequest }>;
  /** @param address of the callback, with its query @throws Error for an answer that is refused or does not fit the request */
  finish(address: URL, request: OpenRequest): Promise<SignedIn>;
  /** Who it is by today's roster; undefined when the session has ended. */
  ask(sub: string, tokens: Tokens): Promise<{ readonly person: Person; readonly tokens: Tokens } | undefined>;
  signOutAddress(idToken: string): Promise<string>;
}

const scope = 'openid profile offline_access';

export function createSignIn(settings: ProviderSettings): SignIn {
  let found: Promise<client.Configuration> | undefined;

  /** Read once; again after a failure. */
  function discover(): Promise<client.Configuration> {
    const { issuer, clientId, clientSecret } = settings;
    const server = new URL(issuer);
    // The bridge of the sandbox has no TLS. Leave this out in production: then openid-client insists on https.
    const execute = server.protocol === 'http:' ? [client.allowInsecureRequests] : [];
    if (found === undefined) {
      found = client.discovery(server, clientId, clientSecret, undefined, { execute });
      found.catch(() => {
        found = undefined;
      });
    }
    return found;
  }

  return {
    async begin() {
      const config = await discover();
      const request = {
        codeVerifier: client.randomPKCECodeVerifier(),
        state: client.randomState(),
        nonce: client.randomNonce(),
      };
      const address = client.buildAuthorizationUrl(config, {
        redirect_uri: settings.redirectUri,
        scope,
        code_challenge: await client.calculatePKCECodeChallenge(request.codeVerifier),
        code_challenge_method: 'S256',
        state: request.state,
        nonce: request.nonce,
      });
      return { address: address.href, request };
    },
    async finish(address, { codeVerifier, state, nonce }) {
      const config = await discover();
      const answer = await client.authorizationCodeGrant(config, address, {
        pkceCodeVerifier: codeVerifier,
        expectedState: state,
        expectedNonce: nonce,
        idTokenExpected: true,
      });
      const claims = answer.claims();
      const tokens = { accessToken: answer.access_token, refreshToken: answer.refresh_token };
      return {
        person: describe(await client.fetchUserInfo(config, answer.access_token, claims?.sub ?? '')),
        sid: String(claims?.['sid']),
        idToken: answer.id_token ?? '',
        tokens,
      };
    },
    async ask(sub, tokens) {
      const config = await discover();
      try {
        return { person: describe(await client.fetchUserInfo(config, tokens.accessToken, sub)), tokens };
      } catch (failure) {
        if (!(failure instanceof client.WWWAuthenticateChallengeError)) throw failure;
      }
      // The access token has run out, or the session has ended: the refresh token knows.
      if (tokens.refreshToken === undefined) return undefined;
      try {
        const answer = await client.refreshTokenGrant(config, tokens.refreshToken);
        const person = describe(await client.fetchUserInfo(config, answer.access_token, sub));
        return {
          person,
          tokens: { accessToken: answer.access_token, refreshToken: answer.refresh_token ?? tokens.refreshToken },
        };
      } catch (failure) {
        if (failure instanceof client.ResponseBodyError && failure.error === 'invalid_grant') return undefined;
        throw failure;
      }
    },
    async signOutAddress(idToken) {
      const parameters = { id_token_hint: idToken, post_logout_redirect_uri: settings.postLogoutRedirectUri };
      return client.buildEndSessionUrl(await discover(), parameters).href;
    },
  };
}

function describe({ sub, given_name, family_name, role, district }: client.UserInfoResponse): Person {
  return { sub, name: [given_name, family_name].join(' ').trim(), role: String(role), district: String(district) };
}
