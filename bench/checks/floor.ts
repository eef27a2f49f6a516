// The least that a check of a session costs in Node: node:http, one signature verified by jose, one read of Redis, one
// answer in JSON. KEYS (a JWKS as JSON), ISSUER, REDIS_URL and PORT in the environment.
import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { Redis } from 'ioredis';
import { createLocalJWKSet, jwtVerify } from 'jose';

const { PORT, KEYS = '', ISSUER = '', REDIS_URL = '' } = process.env;
const keys = createLocalJWKSet(JSON.parse(KEYS));
const redis = new Redis(REDIS_URL);
const expected = { issuer: ISSUER, typ: 'session+jwt', algorithms: ['ES256'] };

async function readToken(request: IncomingMessage): Promise<string> {
  if (request.method === 'GET') return (request.headers.authorization ?? '').replace('Bearer ', '');
  return new URLSearchParams(await text(request)).get('token') ?? '';
}

createServer(async (request, response) => {
  try {
    const { payload } = await jwtVerify(await readToken(request), keys, expected);
    const isEnded = await redis.exists(`ended:${payload['sid']}`);
    const answer = JSON.stringify({ active: isEnded === 0, ...payload });
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(answer) });
    response.end(answer);
  } catch {
    response.writeHead(401).end();
  }
}).listen(Number(PORT), '127.0.0.1');
