// Redis as production has it: replicas behind Sentinels, and a Cluster of masters with a replica each, to be failed over
// and resharded under traffic.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findFreePort, type RedisServer, startRedis } from './redis-server.ts';
import { askRedis, untilFound } from './redis-topology.ts';

const durable = ['--appendonly', 'yes'];
const slots = 16_384;

export interface ReplicatedRedis {
  readonly url: string;
  /** The first is the master to begin with. */
  readonly servers: readonly RedisServer[];
  /** Who is the master now, by its own word. */
  findMaster(): Promise<RedisServer>;
  stop(): Promise<void>;
}

/** A master, two replicas and three Sentinels that give a silent master a second. */
export async function startReplicatedSentinel(): Promise<ReplicatedRedis> {
  const folder = mkdtempSync(join(tmpdir(), 'sso-sentinels-'));
  const master = await startRedis({ args: durable });
  const replicaOf = [...durable, '--replicaof', '127.0.0.1', `${master.port}`];
  const servers = [master, ...(await Promise.all([startRedis({ args: replicaOf }), startRedis({ args: replicaOf })]))];
  const sentinels = await Promise.all(
    [1, 2, 3].map((number) => {
      const configFile = join(folder, `sentinel-${number}.conf`);
      const about = ['down-after-milliseconds main 1000', 'failover-timeout main 4000'];
      const monitor = `monitor main 127.0.0.1 ${master.port} 2`;
      writeFileSync(configFile, [monitor, ...about].map((line) => `sentinel ${line}\n`).join(''));
      return startRedis({ args: ['--sentinel'], configFile });
    }),
  );
  await untilFound(async () => {
    const info = await Promise.all(sentinels.map(({ port }) => askRedis(port, 'INFO', 'sentinel')));
    return info.every((text) => /slaves=2,sentinels=3/.test(String(text)));
  });
  return {
    url: `redis+sentinel://${sentinels.map(({ port }) => `127.0.0.1:${port}`).join(',')}/main`,
    servers,
    findMaster: () => findMaster(servers),
    stop: async () => {
      for (const server of [...sentinels, ...servers]) await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export interface ReplicatedCluster {
  readonly url: string;
  /** Three masters to begin with, then their replicas. */
  readonly servers: readonly RedisServer[];
  /** The master that serves the slot now. */
  masterOf(slot: number): Promise<RedisServer>;
  slotOf(key: string): Promise<number>;
  /** Moves a slot with its keys, a few at a time, as `redis-cli --cluster reshard` does. */
  moveSlot(slot: number, pauseMs?: number): Promise<void>;
  stop(): Promise<void>;
}

/** Three masters with a replica each, which give a silent node a second and a half. */
export async function startReplicatedCluster(): Promise<ReplicatedCluster> {
  const ports = await freePorts(6);
  const buses = await freePorts(6);
  const args = (bus: number) => [
    ...durable,
    '--cluster-enabled',
    'yes',
    '--cluster-port',
    `${bus}`,
    '--cluster-node-timeout',
    '1500',
    '--cluster-replica-validity-factor',
    '0',
    '--repl-diskless-sync-delay',
    '0',
  ];
  const servers = await Promise.all(ports.map((port, at) => startRedis({ port, args: args(buses[at] ?? 0) })));
  const ids = await Promise.all(ports.map(async (port) => String(await askRedis(port, 'CLUSTER', 'MYID'))));
  for (const [at, port] of ports.slice(0, 3).entries()) {
    const last = Math.floor(((at + 1) * slots) / 3) - 1;
    await askRedis(port, 'CLUSTER', 'ADDSLOTSRANGE', Math.floor((at * slots) / 3), last);
  }
  for (const [at, port] of ports.entries()) {
    await askRedis(port, 'CLUSTER', 'SET-CONFIG-EPOCH', at + 1);
    if (at > 0) await askRedis(ports[0] ?? 0, 'CLUSTER', 'MEET', '127.0.0.1', port, buses[at] ?? 0);
  }
  const all = async (pattern: RegExp) =>
    (await Promise.all(ports.map((port) => askRedis(port, 'CLUSTER', 'INFO')))).every((info) =>
      pattern.test(String(info)),
    );
  await untilFound(() => all(/cluster_known_nodes:6/));
  for (const [at, port] of ports.slice(3).entries()) await askRedis(port, 'CLUSTER', 'REPLICATE', ids[at] ?? '');
  await untilFound(() => all(/cluster_state:ok/));
  await untilFound(async () =>
    (await Promise.all(ports.slice(3).map((port) => askRedis(port, 'INFO', 'replication')))).every((info) =>
      /master_link_status:up/.test(String(info)),
    ),
  );

  const isUp = async ({ port }: RedisServer) => (await withinSecond(askRedis(port, 'PING'))) === 'PONG';

  async function masterOf(slot: number): Promise<RedisServer> {
    for (const server of servers) {
      if (!(await isUp(server))) continue;
      const shards: unknown = await askRedis(server.port, 'CLUSTER', 'SLOTS');
      for (const [from, to, [, port]] of Array.isArray(shards) ? shards : []) {
        const found = servers.find((one) => one.port === Number(port));
        if (slot >= from && slot <= to && found !== undefined) return found;
      }
    }
    throw new Error(`no master serves slot ${slot}`);
  }

  const idOf = async ({ port }: RedisServer) => String(await askRedis(port, 'CLUSTER', 'MYID'));

  return {
    url: `redis+cluster://${ports.map((port) => `127.0.0.1:${port}`).join(',')}`,
    servers,
    masterOf,
    slotOf: async (key) => Number(await askRedis(ports[0] ?? 0, 'CLUSTER', 'KEYSLOT', key)),
    async moveSlot(slot, pauseMs = 50) {
      const source = await masterOf(slot);
      const target = await masterOf((slot + Math.floor(slots / 3)) % slots);
      await askRedis(target.port, 'CLUSTER', 'SETSLOT', slot, 'IMPORTING', await idOf(source));
      await askRedis(source.port, 'CLUSTER', 'SETSLOT', slot, 'MIGRATING', await idOf(target));
      for (;;) {
        const keys: unknown = await askRedis(source.port, 'CLUSTER', 'GETKEYSINSLOT', slot, 20);
        if (!Array.isArray(keys) || keys.length === 0) break;
        await askRedis(source.port, 'MIGRATE', '127.0.0.1', target.port, '', 0, 5_000, 'KEYS', ...keys.map(String));
        await sleep(pauseMs);
      }
      for (const node of [target, source])
        await askRedis(node.port, 'CLUSTER', 'SETSLOT', slot, 'NODE', await idOf(target));
    },
    stop: async () => void (await Promise.all(servers.map((server) => server.stop()))),
  };
}

async function findMaster(servers: readonly RedisServer[]): Promise<RedisServer> {
  for (const server of servers) {
    const role: unknown = await withinSecond(askRedis(server.port, 'ROLE'));
    if (Array.isArray(role) && String(role[0]) === 'master') return server;
  }
  throw new Error('there is no master');
}

/** Undefined for a server that does not answer. */
const withinSecond = (asked: Promise<unknown>): Promise<unknown> =>
  Promise.race([asked.catch(() => undefined), sleep(1_000, undefined, { ref: false })]);

async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  while (ports.length < count) ports.push(await findFreePort());
  return ports;
}
