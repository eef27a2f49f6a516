// What every call to Clever carries and where it leaves: the trace of the request, and the proxy of the network.
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createCleverHttp } from '../../src/clever/clever-http.ts';
import { createProxiedFetch, type OutgoingProxy } from '../../src/clever/connection.ts';
import { createDataApiHttp } from '../../src/clever/data-api-http.ts';
import { runInRequest } from '../../src/trace/request-context.ts';

let server: Server;
let url: string;
/** Headers of plain requests, and what CONNECT asked for. */
let seen: IncomingHttpHeaders[];
let connects: string[];

beforeEach(async () => {
  seen = [];
  connects = [];
  server = createServer((request, response) => {
    seen.push(request.headers);
    response.setHeader('content-type', 'application/json').end('{}');
  });
  server.on('connect', ({ url: target = '' }, socket) => {
    connects.push(target);
    socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const never = new AbortController().signal;

function callers(proxy?: OutgoingProxy) {
  const http = createCleverHttp({ deadlineMs: 20_000, connections: 1, clock: Date.now, proxy, onEvent: () => {} });
  const api = createDataApiHttp({ callMs: 20_000, connections: 1, proxy });
  return {
    signIn: (at: string) =>
      http.call({ endpoint: 'discovery', url: `${at}/x`, method: 'GET', headers: { accept: 'a' } }, never),
    data: (at: string) => api.get(new URL(`${at}/x`), 'Bearer x', never),
    close: () => Promise.all([http.close(), api.close()]),
  };
}

it.each(['signIn', 'data'] as const)('gives %s the trace of the request beside its own headers', async (which) => {
  const all = callers();
  const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
  await new Promise<void>((resolve, reject) =>
    runInRequest(
      { traceParent: `00-${trace}-00f067aa0ba902b7-01` },
      () => void all[which](url).then(() => resolve(), reject),
    ),
  );
  await all[which](url);
  expect(seen[0]?.['traceparent']).toMatch(new RegExp(`^00-${trace}-[0-9a-f]{16}-01$`));
  expect(seen[0]?.['accept-encoding']).toBe('identity');
  expect(seen[1]).not.toHaveProperty('traceparent');
  await all.close();
});

it.each(['signIn', 'data'] as const)(
  'sends %s to an https address through the proxy, to an excepted host not',
  async (which) => {
    const all = callers({ httpsProxy: url, noProxy: '.direct.invalid' });
    await expect(all[which]('https://clever.invalid')).rejects.toThrow();
    await expect(all[which]('https://api.direct.invalid')).rejects.toThrow();
    await all[which](url);
    expect(connects).toEqual(['clever.invalid:443']);
    await all.close();
  },
);

it('has a fetch through the proxy for other services', async () => {
  const ask = createProxiedFetch({ httpsProxy: url, noProxy: '' });
  await expect(ask('https://staff.invalid/x', { method: 'GET' })).rejects.toThrow();
  expect(connects).toEqual(['staff.invalid:443']);
});
