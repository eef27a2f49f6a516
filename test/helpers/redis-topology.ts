// A small Redis Cluster and a Sentinel in front of one master, for the tests.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { findFreePort, type RedisServer, startRedis } from './redis-server.ts';

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

/** Looks every 50 ms. @throws Error after a minute */
export async function untilFound(isSo: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error('the servers did not find each other');
    await wait(50);
  }
}

export interface ReplicatedTopology extends RedisTopology {
  readonly servers: readonly RedisServer[];
  /** The servers that take writes and are not dead. */
  masters(): Promise<readonly RedisServer[]>;
}

async function findMasters(servers: readonly RedisServer[]): Promise<readonly RedisServer[]> {
  const roles = await Promise.all(servers.map(({ port }) => askRedis(port, 'ROLE').catch(() => [])));
  return servers.filter((_server, at) => [roles[at]].flat()[0] === 'master');
}

/** Three masters, each with one replica. @param nodeTimeoutMs after so long without a word a node is taken for dead */
export async function startReplicatedCluster(nodeTimeoutMs: number): Promise<ReplicatedTopology> {
  const [ports, buses] = [await freePorts(6), await freePorts(6)];
  const servers = await Promise.all(
    ports.map((port, node) => startRedis({ port, args: [...clusterArgs(buses[node] ?? 0, nodeTimeoutMs), ...quick] })),
  );
  const stop = async () => void (await Promise.all(servers.map((server) => server.stop())));
  try {
    await shareSlots(ports.slice(0, 3));
    await meet(ports, buses);
    for (const [node, port] of ports.slice(3).entries()) {
      await askRedis(port, 'CLUSTER', 'REPLICATE', String(await askRedis(ports[node] ?? 0, 'CLUSTER', 'MYID')));
    }
    await untilFound(async () => {
      const links = await Promise.all(
        ports.slice(3).map(async (port) => String(await askRedis(port, 'INFO', 'replication'))),
      );
      return links.every((info) => /master_link_status:up/.test(info));
    });
  } catch (failure) {
    await stop();
    throw failure;
  }
  const url = `redis+cluster://${ports.map((port) => `127.0.0.1:${port}`).join(',')}`;
  return { url, ports, servers, masters: () => findMasters(servers), stop };
}

const quick = ['--repl-diskless-sync-delay', '0', '--appendonly', 'yes'];

const clusterArgs = (bus: number, nodeTimeoutMs: number) => [
  '--cluster-enabled',
  'yes',
  '--cluster-port',
  `${bus}`,
  '--cluster-node-timeout',
  `${nodeTimeoutMs}`,
];

async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  while (ports.length < count) ports.push(await findFreePort());
  return ports;
}

async function shareSlots(ports: readonly number[]): Promise<void> {
  for (const [node, port] of ports.entries()) {
    const [from, to] = [node, node + 1].map((at) => Math.floor((at * SLOTS) / ports.length));
    await askRedis(port, 'CLUSTER', 'ADDSLOTSRANGE', from ?? 0, (to ?? 0) - 1);
    await askRedis(port, 'CLUSTER', 'SET-CONFIG-EPOCH', node + 1);
  }
}

async function meet([first = 0, ...others]: readonly number[], buses: readonly number[]): Promise<void> {
  for (const [node, port] of others.entries())
    await askRedis(first, 'CLUSTER', 'MEET', '127.0.0.1', port, buses[node + 1] ?? 0);
  await untilFound(async () => {
    const all = await Promise.all([first, ...others].map((port) => askRedis(port, 'CLUSTER', 'INFO')));
    const known = `cluster_known_nodes:${others.length + 1}`;
    return all.every((info) => /cluster_state:ok/.test(String(info)) && String(info).includes(known));
  });
}

/** Three masters without replicas. */
export async function startRedisCluster(): Promise<RedisTopology> {
  const [ports, buses] = [await freePorts(3), await freePorts(3)];
  const servers = await Promise.all(
    ports.map((port, node) => startRedis({ port, args: clusterArgs(buses[node] ?? 0, 60_000) })),
  );
  await shareSlots(ports);
  await meet(ports, buses);
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

/**
 * A master with a replica and three Sentinels that know it as `main`; two of them agree on a failover.
 * @param downAfterMs after so long without a word the master is taken for dead
 */
export async function startReplicatedSentinel(downAfterMs: number): Promise<ReplicatedTopology> {
  const folder = mkdtempSync(join(tmpdir(), 'sso-sentinels-'));
  const master = await startRedis({ args: quick });
  const replica = await startRedis({ args: [...quick, '--replicaof', '127.0.0.1', `${master.port}`] });
  const servers = [master, replica];
  const sentinels: RedisServer[] = [];
  const stop = async () => {
    await Promise.all([...sentinels, ...servers].map((server) => server.stop()));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const settings = [`monitor main 127.0.0.1 ${master.port} 2`, `down-after-milliseconds main ${downAfterMs}`];
    for (const name of ['one', 'two', 'three']) {
      const configFile = join(folder, `${name}.conf`);
      writeFileSync(
        configFile,
        [...settings, 'failover-timeout main 5000'].map((line) => `sentinel ${line}\n`).join(''),
      );
      sentinels.push(await startRedis({ args: ['--sentinel'], configFile }));
    }
    await untilFound(async () => {
      const known = await Promise.all(
        sentinels.map(({ port }) =>
          Promise.all([
            askRedis(port, 'SENTINEL', 'REPLICAS', 'main'),
            askRedis(port, 'SENTINEL', 'SENTINELS', 'main'),
          ]),
        ),
      );
      return known.every(([replicas, others]) => [replicas].flat().length === 1 && [others].flat().length === 2);
    });
  } catch (failure) {
    await stop();
    throw failure;
  }
  return {
    url: `redis+sentinel://${sentinels.map(({ port }) => `127.0.0.1:${port}`).join(',')}/main`,
    ports: servers.map(({ port }) => port),
    servers,
    masters: () => findMasters(servers),
    stop,
  };
}
