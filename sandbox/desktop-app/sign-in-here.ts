// A program on a person's own machine signs in as a public client (RFC 8252): no secret, PKCE, the system's browser, and a
// server on the loopback interface that takes the one answer. Written with openid-client as its guide says.
import { createServer } from 'node:http';
import * as client from 'openid-client';
import { close, listen } from '../listen.ts';

export interface DesktopOptions {
  /** PUBLIC_URL of the bridge. */
  readonly issuer: string;
  /** Registered with `--public --redirect-uri http://127.0.0.1/callback`: the port is any. */
  readonly clientId: string;
  /** Opens the system's browser at the address. */
  readonly openBrowser: (address: string) => void;
}

/** The claims of the id_token. @throws Error when the sign-in is refused, or takes longer than ten minutes */
export async function signInHere({ issuer, clientId, openBrowser }: DesktopOptions): Promise<client.IDToken> {
  // The bridge of the sandbox has no TLS. Leave `execute` out in production.
  const execute = issuer.startsWith('http:') ? [client.allowInsecureRequests] : [];
  const config = await client.discovery(new URL(issuer), clientId, undefined, client.None(), { execute });
  const codeVerifier = client.randomPKCECodeVerifier();
  const state = client.randomState();
  const answer = await listenForAnswer(state);
  try {
    const address = client.buildAuthorizationUrl(config, {
      redirect_uri: answer.redirectUri,
      scope: 'openid',
      code_challenge: await client.calculatePKCECodeChallenge(codeVerifier),
      code_challenge_method: 'S256',
      state,
    });
    openBrowser(address.href);
    const checks = { pkceCodeVerifier: codeVerifier, expectedState: state, idTokenExpected: true };
    const tokens = await client.authorizationCodeGrant(config, await answer.address, checks);
    const claims = tokens.claims();
    if (claims === undefined) throw new TypeError('an id_token was expected');
    return claims;
  } finally {
    await answer.close();
  }
}

const maxWaitMs = 600_000;

/** Other pages may send requests here too: a request without our `state` is ignored. */
async function listenForAnswer(state: string) {
  const server = createServer();
  const port = await listen(server, 0, '127.0.0.1');
  const redirectUri = `http://127.0.0.1:${port}/callback`;
  const address = new Promise<URL>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('no sign-in in time')), maxWaitMs);
    server.on('request', (request, response) => {
      const url = new URL(request.url ?? '', redirectUri);
      if (url.pathname !== '/callback' || url.searchParams.get('state') !== state)
        return void response.writeHead(404).end();
      response.setHeader('Content-Type', 'text/plain; charset=utf-8');
      response.end('You can close this window and go back to the app.');
      clearTimeout(late);
      resolve(url);
    });
  });
  return { redirectUri, address, close: () => close(server) };
}
