// A certified client signs in against the stand-in Clever, with PKCE and nonce: what it issues is what it publishes.
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  ClientSecretBasic,
  calculatePKCECodeChallenge,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client';
import { demoPerson } from '../../sandbox/clever/people.ts';
import type { Clever } from '../../sandbox/clever/start-clever.ts';
import { app, createBrowser, locationOf, redirectUri, startTestClever } from './start.ts';

let clever: Clever;

beforeAll(async () => {
  clever = await startTestClever();
});
afterAll(() => clever.close());

function discover() {
  return discovery(new URL(clever.issuer), app.clientId, {}, ClientSecretBasic(app.clientSecret), {
    execute: [allowInsecureRequests, enableNonRepudiationChecks],
  });
}

it('signs a person in', async () => {
  const config = await discover();
  const checks = {
    pkceCodeVerifier: randomPKCECodeVerifier(),
    expectedState: randomState(),
    expectedNonce: randomNonce(),
  };
  const address = buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    state: checks.expectedState,
    nonce: checks.expectedNonce,
    code_challenge: await calculatePKCECodeChallenge(checks.pkceCodeVerifier),
    code_challenge_method: 'S256',
  });
  const browser = createBrowser();
  await browser.open(`${clever.url}/portal/sign-in?person=teacher`);
  const tokens = await authorizationCodeGrant(config, locationOf(await browser.open(address.href)), checks);
  const { id, email } = demoPerson('teacher');
  expect(tokens.claims()).toMatchObject({ sub: id, email, user_type: 'teacher' });
  expect(await fetchUserInfo(config, tokens.access_token, id)).toMatchObject({ sub: id, authorized_by: 'district' });
});
