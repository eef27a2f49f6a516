// The staff's OpenID provider over loopback: whose issuer is taken, and what counts as a verified address.
import { createServer, type Server } from 'node:http';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { close, listen } from '../../sandbox/listen.ts';
import { createOpenIdStaffProvider } from '../../src/staff/openid-staff-provider.ts';

const checks = { state: 'state', nonce: 'nonce', codeVerifier: 'v'.repeat(43) };
const verified = { email: 'casey@support.example', email_verified: true };

let server: Server;
let url: string;
let key: Awaited<ReturnType<typeof generateKeyPair>>;
/** What this provider says of itself and of the person. */
let said: { issuer: string; tokenIssuer: string; claims: object; userinfo: object | undefined; tokenError?: string };

beforeAll(async () => {
  key = await generateKeyPair('RS256');
  server = createServer((request, response) => {
    void answer(new URL(request.url ?? '', url).pathname).then((json) => {
      response.writeHead(json === undefined ? 404 : 'error' in json ? 400 : 200, {
        'content-type': 'application/json',
      });
      response.end(JSON.stringify(json ?? {}));
    });
  });
  url = `http://localhost:${await listen(server, 0)}`;
});
beforeEach(() => {
  said = { issuer: url, tokenIssuer: url, claims: verified, userinfo: undefined };
});
afterAll(() => close(server));

async function answer(path: string): Promise<object | undefined> {
  if (path.endsWith('/.well-known/openid-configuration')) {
    return {
      issuer: said.issuer,
      jwks_uri: `${url}/jwks`,
      token_endpoint: `${url}/token`,
      authorization_endpoint: `${url}/authorize`,
      ...(said.userinfo === undefined ? {} : { userinfo_endpoint: `${url}/userinfo` }),
      id_token_signing_alg_values_supported: ['RS256'],
    };
  }
  if (path === '/jwks') return { keys: [{ ...(await exportJWK(key.publicKey)), kid: 'k', alg: 'RS256' }] };
  if (path === '/userinfo') return said.userinfo;
  if (path !== '/token') return undefined;
  if (said.tokenError !== undefined) return { error: said.tokenError };
  const token = new SignJWT({ nonce: checks.nonce, ...said.claims })
    .setProtectedHeader({ alg: 'RS256', kid: 'k' })
    .setIssuer(said.tokenIssuer)
    .setSubject('one')
    .setAudience('client')
    .setIssuedAt()
    .setExpirationTime('5m');
  return { access_token: 'a', token_type: 'bearer', id_token: await token.sign(key.privateKey) };
}

const providerAt = (issuer: string) =>
  createOpenIdStaffProvider({
    issuer,
    clientId: 'client',
    clientAuthorization: 'Basic eDp5',
    onFailure: () => undefined,
    redirectUri: 'http://localhost/support/callback',
  });

const exchange = (issuer: string) =>
  providerAt(issuer).exchange(checks, new URLSearchParams({ code: 'c', state: checks.state }));

it.each([
  ['', ''],
  ['', '/'],
  ['/', ''],
  ['/', '/'],
  ['/realm', '/realm'],
  ['/realm', '/realm/'],
  ['/realm/', '/realm'],
])('takes the issuer set up as host%s where it is host%s', async (setUp, is) => {
  said = { ...said, issuer: `${url}${is}`, tokenIssuer: `${url}${is}` };
  expect(await exchange(`${url}${setUp}`)).toEqual({
    kind: 'verified',
    issuer: `${url}${is}`,
    subject: 'one',
    verifiedEmail: verified.email,
  });
});

it('says that metadata or an id_token are of another issuer', async () => {
  const refused = { kind: 'refused', reason: 'other_issuer' };
  said = { ...said, issuer: `${url}/other` };
  expect(await providerAt(url).authorizationUrl(checks)).toEqual(refused);
  said = { ...said, issuer: url, tokenIssuer: `${url}/other` };
  expect(await exchange(url)).toEqual(refused);
});

it.each([
  ['no word of it', { email: verified.email }, undefined],
  ['no word of it, and userinfo none either', { email: verified.email }, { sub: 'one', email: verified.email }],
  ['the text true', { ...verified, email_verified: 'true' }, undefined],
  ['false', { ...verified, email_verified: false }, undefined],
  ['no address', { email_verified: true }, undefined],
])('gives no address as verified that comes with %s', async (_what, claims, userinfo) => {
  said = { ...said, claims, userinfo };
  expect(await exchange(url)).toMatchObject({ kind: 'verified', verifiedEmail: undefined });
});

it.each([
  ['invalid_grant', 'expired', 0],
  ['invalid_client', 'provider_failed', 1],
])('a code that is answered with %s is %s, and %i failures are logged', async (tokenError, reason, count) => {
  said.tokenError = tokenError;
  const failures: unknown[] = [];
  const provider = createOpenIdStaffProvider({
    issuer: url,
    clientId: 'client',
    clientAuthorization: 'Basic eDp5',
    redirectUri: 'http://localhost/support/callback',
    onFailure: (failure) => failures.push(failure),
  });
  const outcome = await provider.exchange(checks, new URLSearchParams({ code: 'c', state: checks.state }));
  expect([outcome, failures.length]).toEqual([{ kind: 'refused', reason }, count]);
});
