// The stand-in product trusts a session token it has checked itself, and no other.
import { createServer } from 'node:http';
import { exportJWK, generateKeyPair, type JWTHeaderParameters, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { close, listen } from '../../sandbox/listen.ts';
import { type Product, startProduct } from '../../sandbox/product/start-product.ts';

const keyPair = await generateKeyPair('ES256', { extractable: true });
const otherKey = await generateKeyPair('ES256');
const jwks = { keys: [{ ...(await exportJWK(keyPair.publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' }] };

/** As much of the bridge as a product meets. */
const bridge = createServer((req, res) => {
  if (req.url === '/.well-known/jwks.json') return void res.end(JSON.stringify(jwks));
  asked.push(req.headers.authorization ?? '');
  res.statusCode = sessionStatus;
  res.end(sessionStatus === 200 ? JSON.stringify(session) : '<h1>no JSON</h1>');
});
const session = { active: true, account: { role: 'teacher', given_name: 'Ngozi', family_name: '<Lindqvist>' } };
let asked: string[] = [];
let sessionStatus = 200;
let bridgeUrl = '';
let product: Product;

beforeAll(async () => {
  bridgeUrl = `http://localhost:${await listen(bridge, 0)}`;
  product = await startProduct({ bridgeUrl });
});
beforeEach(() => {
  asked = [];
  sessionStatus = 200;
});
afterAll(async () => {
  await product.close();
  await close(bridge);
});

const nowSeconds = () => Math.floor(Date.now() / 1000);

function claims(changes: JWTPayload = {}): JWTPayload {
  const iat = nowSeconds();
  const base = { iss: bridgeUrl, aud: product.url, sub: 'account-1', sid: 's1', jti: 'j1', iat, exp: iat + 60 };
  return { ...base, district: 'juniper-flats', role: 'teacher', matched: { by: 'email', roster: 'sftp' }, ...changes };
}

function withoutEnd(): JWTPayload {
  const { exp: _, ...rest } = claims();
  return rest;
}

function sign(payload: JWTPayload, header: Partial<JWTHeaderParameters> = {}, key = keyPair.privateKey) {
  return new SignJWT(payload).setProtectedHeader({ alg: 'ES256', typ: 'session+jwt', kid: 'k1', ...header }).sign(key);
}

async function visit(token?: string, name = 'summit_session') {
  const response = await fetch(product.url, { headers: token === undefined ? {} : { cookie: `${name}=${token}` } });
  return { status: response.status, page: await response.text(), cache: response.headers.get('cache-control') };
}

describe('the product', () => {
  it.each(['summit_session', '__Host-summit_session'])('greets by name and role, from the cookie %s', async (name) => {
    const token = await sign(claims());
    const { status, page, cache } = await visit(token, name);
    expect([status, cache]).toEqual([200, 'no-store']);
    expect(page).toContain('Hello, Ngozi &lt;Lindqvist>');
    expect(page).toContain('a teacher of juniper-flats');
    expect(asked).toEqual([`Bearer ${token}`]);
  });

  it('does not repeat the token on the page', async () => {
    const token = await sign(claims());
    expect((await visit(token)).page).not.toContain(token.slice(-20));
  });

  it('says that no user is signed in, and how to sign in', async () => {
    const { status, page } = await visit();
    expect(status).toBe(401);
    expect(page).toContain(`href="${bridgeUrl}/login"`);
    expect(page).toContain('Log in with Clever');
  });

  it('leads to the page of the bridge that signs out', async () => {
    expect((await visit(await sign(claims()))).page).toContain(`href="${bridgeUrl}/"`);
  });

  it('believes the bridge when it says the session has ended', async () => {
    sessionStatus = 401;
    const { status, page } = await visit(await sign(claims()));
    expect(status).toBe(401);
    expect(page).toContain('Your session has ended');
  });

  it('still knows the role when the bridge cannot return the name', async () => {
    sessionStatus = 503;
    const { status, page } = await visit(await sign(claims()));
    expect(status).toBe(200);
    expect(page).toContain('a teacher of juniper-flats');
  });

  it.each([
    ['signed by another key', () => sign(claims(), {}, otherKey.privateKey)],
    ['with an unpublished kid', () => sign(claims(), { kid: 'k2' })],
    ['that is expired', () => sign(claims({ exp: nowSeconds() - 1 }))],
    ['without an end', () => sign(withoutEnd())],
    ['for another audience', () => sign(claims({ aud: 'https://other.example' }))],
    ['of another issuer', () => sign(claims({ iss: 'https://other.example' }))],
    ['of another type', () => sign(claims(), { typ: 'JWT' })],
    ['without a signature', async () => new UnsecuredJWT(claims()).encode()],
    ['signed with the public key as a secret', () => signSymmetric()],
    ['that is no token', async () => 'nonsense'],
  ])('does not let in a token %s, nor sends it on', async (_, make) => {
    expect((await visit(await make())).status).toBe(401);
    expect(asked).toEqual([]);
  });
});

function signSymmetric(): Promise<string> {
  const secret = new TextEncoder().encode(JSON.stringify(jwks.keys[0]));
  return new SignJWT(claims()).setProtectedHeader({ alg: 'HS256', typ: 'session+jwt', kid: 'k1' }).sign(secret);
}
