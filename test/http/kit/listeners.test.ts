// Several sockets of one port, on a Node that can, and one on a Node that cannot: for clients there is no difference.
import { createServer, get, type Server } from 'node:http';
import type { AddressInfo, Server as Door } from 'node:net';
import { prepareDrain } from '../../../src/http/kit/drain.ts';
import { openListeners } from '../../../src/http/kit/listeners.ts';
import { until } from '../../helpers/bridge-process.ts';

const endings: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const ending of endings.splice(0)) await ending();
});

async function start(port = 0): Promise<{ server: Server; port: number; drain: () => Promise<void> }> {
  const server = createServer((_request, response) => void setTimeout(() => response.end('done'), 50));
  const listeners: Door[] = [];
  const drain = prepareDrain(server, { timeoutMs: 30_000, drainMs: 200 }, listeners);
  listeners.push(...(await openListeners(server, { port, host: '127.0.0.1' })));
  endings.push(drain);
  return { server, port: (server.address() as AddressInfo).port, drain };
}

const visit = (port: number) =>
  new Promise<string>((resolve) => {
    get({ port, host: '127.0.0.1', agent: false }, (response) => {
      let text = '';
      response.on('data', (part) => {
        text += part;
      });
      response.once('end', () => resolve(text));
    }).once('error', (failure: NodeJS.ErrnoException) => resolve(failure.code ?? 'failed'));
  });

it('each of two hundred new connections is answered', async () => {
  const { port } = await start();
  const answers = await Promise.all(Array.from({ length: 200 }, () => visit(port)));
  expect(new Set(answers)).toEqual(new Set(['done']));
});

it('after a drain no socket listens, and open requests were answered', async () => {
  const { server, port, drain } = await start();
  let came = 0;
  server.on('request', () => {
    came += 1;
  });
  const under = Promise.all(Array.from({ length: 20 }, () => visit(port)));
  await until(() => came === 20, 'every request to come');
  await drain();
  expect(new Set(await under)).toEqual(new Set(['done']));
  expect(await Promise.all(Array.from({ length: 20 }, () => visit(port)))).toEqual(Array(20).fill('ECONNREFUSED'));
});

it('a port that another server has is refused, also by one that shares its own', async () => {
  const { port } = await start();
  await expect(start(port)).rejects.toMatchObject({ code: 'EADDRINUSE' });
});
