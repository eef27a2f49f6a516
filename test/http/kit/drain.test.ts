import { once } from 'node:events';
import { Agent, createServer, get, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { prepareDrain } from '../../../src/http/kit/drain.ts';
import { until } from '../../helpers/bridge-process.ts';

let server: Server;
let drain: () => Promise<void>;
let port: number;
let begun: number;
let ended: number;

/** @param timeoutMs by default longer than any test: who is waited for until then fails by the test's own limit */
async function start({ workMs = 30, timeoutMs = 600_000 } = {}): Promise<void> {
  [begun, ended] = [0, 0];
  server = createServer((_request, response) => {
    begun += 1;
    response.once('finish', () => (ended += 1));
    setTimeout(() => response.end('done'), workMs).unref();
  });
  drain = prepareDrain(server, { timeoutMs, drainMs: 400 });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ({ port } = server.address() as AddressInfo);
}
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

it('answers every request of a busy pool of connections, and still ends', async () => {
  await start();
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
  await until(() => seen.length > 50, 'the pool to be busy');
  await drain();
  await busy;
  // Answers announce that the connection closes; connections are refused only once no socket listens. The kernel
  // resets connections that were not accepted in the moment before.
  const outcomes = new Set(seen.filter((each) => each !== 'ECONNRESET'));
  expect([...outcomes].sort()).toEqual(['ECONNREFUSED', 'close', 'keep-alive']);
  agent.destroy();
});

it('waits for the answer that is under way, whose connection it closes then', async () => {
  await start({ workMs: 700 });
  const agent = new Agent({ keepAlive: true });
  const answered = visit(agent);
  await until(() => begun === 1, 'the request to arrive');
  await drain();
  expect(ended).toBe(1);
  expect(await answered).toBe('close');
  agent.destroy();
});

it('ends at once without connections, and does not wait for an idle one', async () => {
  await start();
  const silent = connect(port, '127.0.0.1').on('error', () => {});
  await once(server, 'connection');
  await drain();
  silent.destroy();
});

it('cuts off at the end of its time what does not end', async () => {
  await start({ workMs: 600_000, timeoutMs: 1_500 });
  const agent = new Agent({ keepAlive: true });
  const answered = visit(agent);
  await until(() => begun === 1, 'the request to arrive');
  await drain();
  expect(await answered).toBe('ECONNRESET');
  agent.destroy();
});
