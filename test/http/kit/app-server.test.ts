// What one connection may cost a server, on real sockets; and the classes of its requests and responses.
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import express from 'express';
import request from 'supertest';
import {
  type ConnectionBounds,
  connectionBounds,
  createBoundedServer,
  messageClassesOf,
} from '../../../src/http/kit/app-server.ts';

const ask = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';
let server: Server;
let reasons: string[];
const sockets: Socket[] = [];

async function start(answer: RequestListener, bounds: Partial<ConnectionBounds> = {}): Promise<void> {
  reasons = [];
  server = createBoundedServer({ keepAliveTimeout: 60_000 }, answer, { ...connectionBounds, ...bounds }, (reason) =>
    reasons.push(reason),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
}

function open(): Socket {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').on('error', () => undefined);
  sockets.push(socket);
  return socket;
}

/** All that comes until the connection ends. */
async function readAll(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  await once(socket, 'close');
  return text;
}

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  server.closeAllConnections();
  server.close();
});

it('answers requests that are sent ahead, up to the bound', async () => {
  await start((_request, response) => void setTimeout(() => response.end('done'), 20));
  const socket = open();
  socket.write(ask.repeat(connectionBounds.maxInFlight - 1) + ask.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'));
  expect((await readAll(socket)).match(/done/g)).toHaveLength(connectionBounds.maxInFlight);
  expect(reasons).toEqual([]);
});

it('ends a connection with more requests under way than that', async () => {
  let begun = 0;
  await start(() => {
    begun += 1;
  });
  const socket = open();
  socket.write(ask.repeat(500));
  expect(await readAll(socket)).toBe('');
  expect(begun).toBeLessThanOrEqual(connectionBounds.maxInFlight + 1);
  expect(reasons).toEqual(['requests_in_flight']);
});

it('ends a connection whose client asks again and again and reads no answer', async () => {
  let begun = 0;
  await start(
    (_request, response) => {
      begun += 1;
      response.end(Buffer.alloc(512 * 1024));
    },
    { unreadMs: 500 },
  );
  const socket = open();
  socket.pause();
  let isClosed = false;
  server.on('connection', (accepted) => accepted.once('close', () => (isClosed = true)));
  while (!isClosed && begun < 10_000) {
    socket.write(ask);
    await sleep(5);
  }
  // What the kernel holds for both ends comes on top of the bound.
  expect(begun).toBeLessThan(100);
  expect(reasons).toEqual(['answers_unread']);
});

it('ends an answer that waits too long to be read, and no answer that takes long to be made', async () => {
  await start(
    (request, response) => {
      if (request.url === '/large') response.end(Buffer.alloc(32 * 1024 * 1024));
      else setTimeout(() => response.end('made at last'), 900);
    },
    { unreadMs: 200 },
  );
  const patient = open();
  patient.write(ask.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'));
  expect(await readAll(patient)).toMatch(/made at last$/);
  expect(reasons).toEqual([]);
  const idle = open();
  idle.pause();
  const ended = once(server, 'connection').then(([accepted]) => once(accepted, 'close'));
  idle.write(ask.replace('GET /', 'GET /large'));
  await ended;
  expect(reasons).toEqual(['answers_unread']);
});

it('shows a browser that sent too much what to do, in both languages', async () => {
  await start((_request, response) => response.end());
  const socket = open();
  socket.write(ask.replace('\r\n\r\n', `\r\nCookie: a=${'x'.repeat(20_000)}\r\n\r\n`));
  const answer = await readAll(socket);
  expect(answer).toMatch(/^HTTP\/1\.1 431 /);
  expect(answer).toMatch(/Clear the cookies of this site/);
  expect(answer).toMatch(/Borre las cookies de este sitio/);
});

it('does so on a connection that was used before, too', async () => {
  await start((_request, response) => response.end('done'));
  const socket = open();
  socket.write(ask);
  await once(socket, 'data');
  socket.write(ask.replace('\r\n\r\n', `\r\nCookie: a=${'x'.repeat(20_000)}\r\n\r\n`));
  expect(await readAll(socket)).toMatch(/^HTTP\/1\.1 431 /);
});

it('gives what follows a request no answer of its own where it is none, and lets the one under way end', async () => {
  await start((_request, response) => void setTimeout(() => response.end('done'), 100));
  const socket = open();
  socket.write(`${ask}0\r\n\r\n`);
  expect((await readAll(socket)).match(/HTTP\/1\.1 \d+ /g)).toEqual(['HTTP/1.1 200 ']);
});

it('answers what is no HTTP with 400', async () => {
  await start((_request, response) => response.end());
  const socket = open();
  socket.write('hello\r\n\r\n');
  expect(await readAll(socket)).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
});

it('requests and responses have the prototypes of the app before Express sees them, and its methods', async () => {
  const app = express();
  const seen: unknown[] = [];
  app.get('/', (incoming, response) => {
    response.status(201).json({ type: incoming.get('accept') ?? null, app: incoming.app === app });
  });
  server = createServer({ ...messageClassesOf(app) }, (incoming, response) => {
    seen.push(Object.getPrototypeOf(incoming) === app.request, Object.getPrototypeOf(response) === app.response);
    app(incoming, response);
  });
  const answer = await request(server).get('/').set('Accept', 'text/plain');
  expect(seen).toEqual([true, true]);
  expect([answer.status, answer.body]).toEqual([201, { type: 'text/plain', app: true }]);
});
