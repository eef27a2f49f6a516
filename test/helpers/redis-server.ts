// Real Redis servers for the tests: on loopback, in a temporary folder, gone with the process that started them.

import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

export interface RedisServer {
  readonly url: string;
  readonly port: number;
  /** Kills it as a power cut would; resolves when it is gone. */
  kill9(): Promise<void>;
  /** Starts it again on the same port and folder; `empty` throws away what it had on disk. */
  restart(how?: { readonly empty?: boolean }): Promise<void>;
  /** Stops it as a machine that hangs (SIGSTOP); connections stay open and silent. */
  pause(): void;
  resume(): void;
  /** Ends it and removes its folder. Safe to call twice. */
  stop(): Promise<void>;
}

export interface RedisServerOptions {
  /** Further arguments, such as `--appendonly yes`. */
  readonly args?: readonly string[];
  readonly port?: number;
  /** Where it keeps its data: the caller's to remove. A temporary one by default. */
  readonly folder?: string;
  /** A configuration file that the server may rewrite: what Sentinel needs. */
  readonly configFile?: string;
}

/** For a store that may be slow, on a busy machine, and whose silence is not what the test is about. */
export const patient = { answerMs: 30_000 };

/** The same for a bridge or a command that is a process of its own. */
export const patientStore = { STORE_TIMEOUT: '30s' };

/** A port that was free a moment ago. */
export async function findFreePort(): Promise<number> {
  const port = firstPort + ((start + taken) % portsPerWorker);
  taken += 1;
  return (await isFree(port)) ? port : findFreePort();
}

// Below the ports that the kernel hands out, so that no connection of another test takes one between the look and the
// use, and another range for each worker of jest. Where in it to begin is drawn, for whatever an earlier file left.
const portsPerWorker = 3_000;
const firstPort = 10_500 + (Number(process.env['JEST_WORKER_ID'] ?? 1) % 7) * portsPerWorker;
const start = randomInt(portsPerWorker);
let taken = 0;

/** On all addresses, as a server would listen. */
const isFree = (port: number) =>
  new Promise<boolean>((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false)).listen(port, () => server.close(() => resolve(true)));
  });

/** Starts redis-server and waits until it answers. Rejects with a clear message if it is not installed. */
export async function startRedis(options: RedisServerOptions = {}): Promise<RedisServer> {
  const port = options.port ?? (await findFreePort());
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'sso-redis-'));
  const own = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder];
  const args =
    options.configFile !== undefined
      ? [options.configFile, ...own, ...(options.args ?? [])]
      : [...own, '--save', '', ...(options.args ?? [])];
  let child = await launch(args, port);
  const killChild = () => child.kill('SIGKILL');
  process.once('exit', killChild);

  async function kill9(): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  }
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    kill9,
    restart: async ({ empty = false } = {}) => {
      await kill9();
      if (empty) for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
      child = await launch(args, port);
    },
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    stop: async () => {
      process.off('exit', killChild);
      await kill9();
      if (options.folder === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Also `valkey-server`, which answers to the same arguments. */
const program = process.env['REDIS_SERVER'] ?? 'redis-server';

async function launch(args: readonly string[], port: number): Promise<ChildProcess> {
  const child = spawn(program, args, { stdio: 'ignore' });
  const failed = new Promise<never>((_, reject) => {
    child.once('error', () =>
      reject(new Error(`${program} is not installed; the tests need it (apt install ${program})`)),
    );
    child.once('exit', (code) => reject(new Error(`${program} ended with ${code}`)));
  });
  failed.catch(() => {});
  await Promise.race([waitUntilReady(port), failed]);
  return child;
}

async function waitUntilReady(port: number): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    if (await answersPing(port)) return;
    await wait(25);
  }
  throw new Error('redis-server does not answer');
}

/** Also a server that first wants a password is ready; one that still loads its data is not. */
function answersPing(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port }, () => socket.write('PING\r\n'));
    const end = (isReady: boolean) => {
      socket.destroy();
      resolve(isReady);
    };
    socket.once('data', (reply) => end(/^(\+PONG|-NOAUTH)/.test(reply.toString())));
    socket.once('error', () => end(false));
    socket.setTimeout(1_000, () => end(false));
  });
}
