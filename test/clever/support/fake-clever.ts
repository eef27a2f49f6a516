// Clever over real sockets, just enough of it to misbehave: discovery, keys and tokens, each replaceable, each counted.
// The sandbox is the stand-in for people; this one is for faults.
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { Server, Socket } from 'node:net';
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';

export type Endpoint = 'discovery' | 'keys' | 'token';

export interface TokenRequest {
  readonly authorization: string | undefined;
  readonly userAgent: string | undefined;
  readonly form: URLSearchParams;
  readonly socket: Socket;
}

export interface FakeClever {
  readonly issuer: string;
  /** Replaces what an endpoint answers; `undefined` brings the good answer back. */
  answer(endpoint: Endpoint, listener: RequestListener | undefined): void;
  /** Claims that a good id_token for this nonce has, with changes; `undefined` leaves a claim out. */
  claims(nonce: string, changes?: Record<string, unknown>): JWTPayload;
  /** @param header `kid: null` leaves the key unnamed */
  sign(claims: JWTPayload, header?: { readonly alg?: string; readonly kid?: string | null }): Promise<string>;
  /** What the token endpoint returns from now on; by default the value of `expect`. */
  giveIdToken(idToken: unknown): void;
  /** A good token for this nonce, with changes. */
  expect(nonce: string, changes?: Record<string, unknown>): Promise<string>;
  /** A new key with a new id; the old one is gone from the key set. */
  rotate(): Promise<void>;
  /** A new key, of another algorithm if one is named, under the id of the old one. */
  replaceKey(newAlg?: string): Promise<void>;
  publicJwk(): JWK;
  count(endpoint: Endpoint): number;
  readonly tokenRequests: TokenRequest[];
  openSockets(): number;
  close(): Promise<void>;
}

export async function startFakeClever(firstAlg = 'RS256'): Promise<FakeClever> {
  let alg = firstAlg;
  let serial = 1;
  let kid = 'key-1';
  let key = await keyPairOf(alg, serial);
  let jwk = await describeKey(key.publicKey, kid, alg);
  let idToken: unknown;
  const counts = { discovery: 0, keys: 0, token: 0 };
  const replaced = new Map<Endpoint, RequestListener>();
  const tokenRequests: TokenRequest[] = [];
  const sockets = new Set<Socket>();

  const good: Record<Endpoint, RequestListener> = {
    discovery: (_, response) => sendJson(response, 200, metadataOf(issuer)),
    keys: (_, response) => sendJson(response, 200, { keys: [jwk] }),
    token: (_, response) =>
      sendJson(response, 200, { access_token: 'ACCESS-TOKEN', token_type: 'bearer', id_token: idToken }),
  };
  const server = createServer(async (request, response) => {
    const endpoint = endpointOf(request);
    counts[endpoint] += 1;
    const form = new URLSearchParams(await readText(request));
    if (endpoint === 'token') {
      const { authorization, 'user-agent': userAgent } = request.headers;
      tokenRequests.push({ authorization, userAgent, form, socket: request.socket });
    }
    (replaced.get(endpoint) ?? good[endpoint])(request, response);
  });
  // A test that fails before it closes must not keep the run from ending.
  server.unref();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${portOf(server)}`;

  const claims: FakeClever['claims'] = (nonce, changes = {}) => {
    const now = Math.floor(Date.now() / 1000);
    const plain = { iss: issuer, aud: 'client-1', sub: '5f0000000000000000000001', iat: now, exp: now + 3600, nonce };
    return { ...plain, user_type: 'student', district: '4f0000000000000000000001', ...changes };
  };
  const sign: FakeClever['sign'] = (payload, header = {}) => {
    const { kid: named = kid, ...rest } = header;
    return new SignJWT(payload)
      .setProtectedHeader({ alg, ...rest, ...(named === null ? {} : { kid: named }) })
      .sign(key.privateKey);
  };

  async function changeKey(): Promise<void> {
    serial += 1;
    key = await keyPairOf(alg, serial);
    jwk = await describeKey(key.publicKey, kid, alg);
  }

  return {
    issuer,
    answer: (endpoint, listener) => void (listener ? replaced.set(endpoint, listener) : replaced.delete(endpoint)),
    claims,
    sign,
    giveIdToken: (value) => {
      idToken = value;
    },
    async expect(nonce, changes) {
      const token = await sign(claims(nonce, changes));
      idToken = token;
      return token;
    },
    async rotate() {
      kid = `key-${serial + 1}`;
      await changeKey();
    },
    async replaceKey(newAlg = alg) {
      alg = newAlg;
      await changeKey();
    },
    publicJwk: () => jwk,
    count: (endpoint) => counts[endpoint],
    tokenRequests,
    openSockets: () => sockets.size,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function metadataOf(issuer: string): Record<string, unknown> {
  return {
    issuer,
    authorization_endpoint: `${issuer}/oauth/authorize`,
    token_endpoint: `${issuer}/oauth/tokens`,
    jwks_uri: `${issuer}/oauth/certs`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    // `none` and HS256 are a trap: a provider may list them, we must not take them.
    id_token_signing_alg_values_supported: ['RS256', 'ES256', 'HS256', 'none'],
  };
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

export function sendHtml(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'content-type': 'text/html' }).end('<!doctype html><title>Oops</title>');
}

const keyPairs = new Map<string, ReturnType<typeof generateKeyPair>>();

/** RSA keys are slow to make: the same ones serve every fake of a test file. */
function keyPairOf(alg: string, serial: number): ReturnType<typeof generateKeyPair> {
  const made = keyPairs.get(`${alg} ${serial}`) ?? generateKeyPair(alg, { extractable: true });
  keyPairs.set(`${alg} ${serial}`, made);
  return made;
}

async function describeKey(publicKey: Parameters<typeof exportJWK>[0], kid: string, alg: string): Promise<JWK> {
  return { ...(await exportJWK(publicKey)), kid, use: 'sig', alg };
}

export function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server listens on no port');
  return address.port;
}

function endpointOf(request: IncomingMessage): Endpoint {
  if (request.url?.startsWith('/.well-known/')) return 'discovery';
  return request.url === '/oauth/certs' ? 'keys' : 'token';
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
