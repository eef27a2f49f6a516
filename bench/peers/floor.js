// The floor: what a sign-in costs at the least in Node. One token request (undici), one signature verified (jose), one
// read of Redis, one signature made. State and nonce ride in a cookie. No framework, no log, no metrics, no account link.
import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { Redis } from 'ioredis';
import { createLocalJWKSet, generateKeyPair, jwtVerify, SignJWT } from 'jose';
import { Pool } from 'undici';
import { BASE_URL, CLIENT_ID, CLIENT_SECRET, callbackUrl, ISSUER, PORT, REDIS_URL, sayReady } from './settings.js';

const issuer = new Pool(ISSUER);
const redis = new Redis(REDIS_URL);
const read = async (path) => (await issuer.request({ path, method: 'GET' })).body.json();
const metadata = await read('/.well-known/openid-configuration');
const keys = createLocalJWKSet(await read(new URL(metadata.jwks_uri).pathname));
const { privateKey, publicKey } = await generateKeyPair('ES256');
const authorization = `Basic ${Buffer.from(`${CLIENT_ID}:${CLIENT_SECRET}`).toString('base64')}`;
const tokenPath = new URL(metadata.token_endpoint).pathname;

function start(response) {
  const [state, nonce, verifier] = [0, 0, 0].map(() => randomBytes(32).toString('base64url'));
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: CLIENT_ID,
    redirect_uri: callbackUrl,
    scope: 'openid profile email',
    state,
    nonce,
    code_challenge_method: 'S256',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
  });
  response.setHeader('Set-Cookie', `attempt=${state}.${nonce}.${verifier}; HttpOnly; Path=/; SameSite=Lax`);
  response.writeHead(302, { Location: `${metadata.authorization_endpoint}?${query}` }).end();
}

async function callback(request, response, query) {
  const [state, nonce, code_verifier] = readCookie(request, 'attempt').split('.');
  if (!state || query.get('state') !== state) return response.writeHead(400).end();
  const form = { grant_type: 'authorization_code', code: query.get('code'), redirect_uri: callbackUrl, code_verifier };
  const answer = await issuer.request({
    path: tokenPath,
    method: 'POST',
    headers: { authorization, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form).toString(),
  });
  const { id_token } = await answer.body.json();
  const { payload } = await jwtVerify(id_token, keys, {
    issuer: metadata.issuer,
    audience: CLIENT_ID,
    algorithms: ['RS256'],
    requiredClaims: ['exp', 'iat', 'sub'],
  });
  if (payload.nonce !== nonce) return response.writeHead(400).end();
  const account = (await redis.get(`account:${payload.email}`)) ?? payload.sub;
  const token = await new SignJWT({ district: payload.district })
    .setProtectedHeader({ alg: 'ES256', typ: 'session+jwt' })
    .setSubject(account)
    .setIssuer(BASE_URL)
    .setIssuedAt()
    .setExpirationTime('8h')
    .sign(privateKey);
  response.setHeader('Set-Cookie', `session=${token}; HttpOnly; Path=/; SameSite=Lax`);
  return response.writeHead(303, { Location: '/' }).end();
}

const readCookie = (request, name) =>
  new RegExp(`(?:^|; )${name}=([^;]*)`).exec(request.headers.cookie ?? '')?.[1] ?? '';

async function whoAmI(request, response) {
  await jwtVerify(readCookie(request, 'session'), publicKey, { issuer: BASE_URL });
  response.writeHead(200).end();
}

createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url, BASE_URL);
  const answer = { '/login': start, '/callback': callback, '/me': whoAmI }[pathname];
  if (answer === undefined) return response.writeHead(404).end();
  if (answer === start) return start(response);
  return answer(request, response, searchParams).catch(() => response.writeHead(401).end());
}).listen(PORT, '127.0.0.1', sayReady);
