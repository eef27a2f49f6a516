// A Redis server of a benchmark's own: on loopback, in a temporary folder, nothing written to disk, gone with the
// benchmark. Needs `redis-server` on the path.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Redis } from 'ioredis';

export interface BenchRedis {
  readonly url: string;
  /** What it holds now, in bytes, as Redis counts it. */
  usedBytes(): Promise<number>;
  stop(): Promise<void>;
}

export async function startRedis(): Promise<BenchRedis> {
  const folder = mkdtempSync(join(tmpdir(), 'sso-bench-redis-'));
  const port = await findPort();
  const args = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no'];
  const child = spawn('redis-server', args, { stdio: 'ignore' });
  const failed = once(child, 'error').then(([error]) => Promise.reject(error));
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const client = new Redis({ host: '127.0.0.1', port, retryStrategy: () => 50 });
  client.on('error', () => undefined);
  await Promise.race([
    client.ping(),
    failed,
    wait(60_000).then(() => Promise.reject(new Error('redis-server is silent'))),
  ]);
  return {
    url: `redis://127.0.0.1:${port}`,
    async usedBytes() {
      return Number(/used_memory:(\d+)/.exec(await client.info('memory'))?.[1]);
    },
    async stop() {
      client.disconnect();
      process.off('exit', kill);
      const gone = once(child, 'exit');
      kill();
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export async function findPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : findPort();
}
