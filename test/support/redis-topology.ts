// A small Redis Cluster and a Sentinel in front of one master, for the tests.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { findFreePort, startRedis } from './redis-server.ts';

const SLOTS = 16_384;

export interface RedisTopology {
  readonly url: string;
  /** Ports of the servers that hold data. */
  readonly ports: readonly number[];
  stop(): Promise<void>;
}

/** One command to one server. */
export async function askRedis(port: number, command: string, ...args: (string | number)[]): Promise<unknown> {
  const client = new Redis({ host: '127.0.0.1', port, protocol: 2 });
  client.on('error', () => {});
  try {
    return await client.call(command, ...args);
  } finally {
    client.disconnect();
  }
}

/** Looks every 50 ms. @throws Error after 15 s */
export async function untilFound(isSo: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error('the servers did not find each other');
    await wait(50);
  }
}

/** Three masters without replicas. */
export async function startRedisCluster(): Promise<RedisTopology> {
  const ports: number[] = [];
  for (let node = 0; node < 3; node += 1) ports.push(await findFreePort());
  const buses: number[] = [];
  for (let node = 0; node < 3; node += 1) buses.push(await findFreePort());
  const args = (bus: number) => [
    '--cluster-enabled',
    'yes',
    '--cluster-port',
    `${bus}`,
    '--cluster-node-timeout',
    '5000',
  ];
  const servers = await Promise.all(ports.map((port, node) => startRedis({ port, args: args(buses[node] ?? 0) })));
  const [first = 0, ...others] = ports;
  for (const [node, port] of ports.entries()) {
    const from = Math.floor((node * SLOTS) / 3);
    await askRedis(port, 'CLUSTER', 'ADDSLOTSRANGE', from, Math.floor(((node + 1) * SLOTS) / 3) - 1);
    await askRedis(port, 'CLUSTER', 'SET-CONFIG-EPOCH', node + 1);
  }
  for (const [node, port] of others.entries())
    await askRedis(first, 'CLUSTER', 'MEET', '127.0.0.1', port, buses[node + 1] ?? 0);
  await untilFound(async () => {
    const all = await Promise.all(ports.map((port) => askRedis(port, 'CLUSTER', 'INFO')));
    return all.every((info) => /cluster_state:ok/.test(String(info)) && /cluster_known_nodes:3/.test(String(info)));
  });
  return {
    url: `redis+cluster://${ports.map((port) => `127.0.0.1:${port}`).join(',')}`,
    ports,
    stop: async () => void (await Promise.all(servers.map((server) => server.stop()))),
  };
}

/** One master and one Sentinel that knows it as `main`. */
export async function startRedisSentinel(): Promise<RedisTopology> {
  const master = await startRedis();
  const folder = mkdtempSync(join(tmpdir(), 'sso-sentinel-'));
  const file = join(folder, 'sentinel.conf');
  writeFileSync(file, `sentinel monitor main 127.0.0.1 ${master.port} 1\n`);
  const sentinel = await startRedis({ args: ['--sentinel'], configFile: file });
  return {
    url: `redis+sentinel://127.0.0.1:${sentinel.port}/main`,
    ports: [master.port],
    stop: async () => {
      await sentinel.stop();
      await master.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
