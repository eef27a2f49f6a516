import { Agent, createServer, get, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { prepareDrain } from '../../src/http/drain.ts';

let server: Server;
let drain: () => Promise<void>;
let port: number;
let workMs: number;

beforeEach(async () => {
  workMs = 30;
  server = createServer((_request, response) => void setTimeout(() => response.end('done'), workMs));
  drain = prepareDrain(server, { longestMs: 1_500, farewellMs: 400 });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ({ port } = server.address() as AddressInfo);
});
afterEach(() => server.closeAllConnections());

/** The answer's Connection, or why there was none. */
const visit = (agent: Agent) =>
  new Promise<string>((resolve) => {
    const request = get({ port, host: '127.0.0.1', agent }, (response) => {
      response.resume().once('end', () => resolve(`${response.headers.connection}`));
    }).once('error', ({ code = 'failed' }: NodeJS.ErrnoException) =>
      resolve(request.reusedSocket ? `${code} on a connection that was kept` : code),
    );
  });

async function timed(work: Promise<void>): Promise<number> {
  const began = performance.now();
  await work;
  return performance.now() - began;
}

it('answers everybody of a busy pool of connections, and ends all the same', async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  const seen: string[] = [];
  const busy = Promise.all(
    Array.from({ length: 8 }, async () => {
      let last = '';
      while (last !== 'ECONNREFUSED' && seen.length < 5_000) {
        last = await visit(agent);
        seen.push(last);
      }
    }),
  );
  await sleep(200);
  expect(await timed(drain())).toBeLessThan(1_000);
  await busy;
  // Told ahead that the connection closes, and refused only when nobody listens: nothing was cut off between. The kernel
  // resets who knocked in the moment before and was not taken in.
  const outcomes = new Set(seen.filter((each) => each !== 'ECONNRESET'));
  expect([...outcomes].sort()).toEqual(['ECONNREFUSED', 'close', 'keep-alive']);
  agent.destroy();
});

it('waits for the answer that is under way, whose connection it closes then', async () => {
  workMs = 700;
  const agent = new Agent({ keepAlive: true });
  const answered = visit(agent);
  await sleep(50);
  expect(await timed(drain())).toBeGreaterThan(600);
  expect(await answered).toBe('close');
  agent.destroy();
});

it('ends at once where nobody is, and does not wait for a connection that says nothing', async () => {
  connect(port, '127.0.0.1').on('error', () => {});
  await sleep(150);
  expect(await timed(drain())).toBeLessThan(500);
});

it('cuts off at the end of its time what does not end', async () => {
  workMs = 3_000;
  const agent = new Agent({ keepAlive: true });
  const answered = visit(agent);
  await sleep(50);
  expect(await timed(drain())).toBeLessThan(1_700);
  expect(await answered).toBe('ECONNRESET');
  agent.destroy();
});
