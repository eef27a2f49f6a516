// express, openid-client as its guide shows, with the check of the id_token's signature turned on, and express-session
// with connect-redis.
import { RedisStore } from 'connect-redis';
import express from 'express';
import session from 'express-session';
import * as oidc from 'openid-client';
import { createClient } from 'redis';
import { BASE_URL, CLIENT_ID, CLIENT_SECRET, callbackUrl, ISSUER, PORT, REDIS_URL, sayReady } from './settings.js';

const client = createClient({ url: REDIS_URL });
await client.connect();
const config = await oidc.discovery(
  new URL(ISSUER),
  CLIENT_ID,
  { client_secret: CLIENT_SECRET },
  oidc.ClientSecretBasic(CLIENT_SECRET),
  { execute: [oidc.allowInsecureRequests, oidc.enableNonRepudiationChecks] },
);

const app = express();
app.use(
  session({
    store: new RedisStore({ client, prefix: 'openid-client:' }),
    secret: 'only for this bench',
    resave: false,
    saveUninitialized: false,
  }),
);
app.get('/login', async (request, response) => {
  const checks = {
    codeVerifier: oidc.randomPKCECodeVerifier(),
    state: oidc.randomState(),
    nonce: oidc.randomNonce(),
  };
  request.session.checks = checks;
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri: callbackUrl,
    scope: 'openid profile email',
    code_challenge: await oidc.calculatePKCECodeChallenge(checks.codeVerifier),
    code_challenge_method: 'S256',
    state: checks.state,
    nonce: checks.nonce,
  });
  response.redirect(302, url.href);
});
app.get('/callback', async (request, response) => {
  const { codeVerifier, state, nonce } = request.session.checks ?? {};
  const tokens = await oidc.authorizationCodeGrant(config, new URL(request.originalUrl, BASE_URL), {
    pkceCodeVerifier: codeVerifier,
    expectedState: state,
    expectedNonce: nonce,
    idTokenExpected: true,
  });
  const { sub, email } = tokens.claims();
  // Prevents session fixation.
  await new Promise((resolve, reject) =>
    request.session.regenerate((failure) => (failure ? reject(failure) : resolve())),
  );
  request.session.person = { sub, email };
  response.redirect(303, '/');
});
app.get('/me', (request, response) => void response.sendStatus(request.session.person === undefined ? 401 : 200));
app.use((_failure, _request, response, _next) => void response.sendStatus(500));
app.listen(PORT, '127.0.0.1', sayReady);
