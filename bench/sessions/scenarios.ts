// The fault runs: what stands, and what is killed in the middle of sign-ins and endings. Every kill is SIGKILL.
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { until } from '../../test/helpers/bridge-process.ts';
import { type RedisServer, startRedis } from '../../test/helpers/redis-server.ts';
import {
  type ReplicatedTopology,
  startReplicatedCluster,
  startReplicatedSentinel,
} from '../../test/helpers/redis-topology.ts';
import { startTcpProxy } from '../../test/helpers/tcp-proxy.ts';
import { startFaultFixture } from './fault-fixture.ts';
import { runTraffic } from './traffic.ts';
import { judge, type Verdict } from './verdict.ts';

export interface Scenario {
  readonly title: string;
  /** What a failover may lose of sign-ins, and never of endings. */
  readonly mayLoseSignIns: boolean;
  run(signIns: number): Promise<Verdict>;
}

const takenForDeadMs = 1_000;
/** So long before its death a master is cut off from its replica, where that is part of the run. */
const cutOffMs = 200;

export const single: Scenario = {
  title: 'One Redis, append-only, fsync always: a bridge is killed, then Redis, and both start again',
  mayLoseSignIns: false,
  async run(signIns) {
    const redis = await startRedis({ args: ['--appendonly', 'yes', '--appendfsync', 'always'] });
    const killRedis = async () => {
      const killedAt = await kill(redis);
      await sleep(200);
      await redis.restart();
      return killedAt;
    };
    return prove(redis.url, signIns, killRedis).finally(redis.stop);
  },
};

export const sentinel: Scenario = {
  title: 'Sentinel: a master with a replica, three Sentinels; a bridge is killed, then the master for good',
  mayLoseSignIns: true,
  run: (signIns) => overTopology(() => startReplicatedSentinel(takenForDeadMs), signIns, killFullest),
};

export const cutOff: Scenario = {
  title: `Sentinel, the same, but the link to the replica goes silent ${cutOffMs} ms before the master is killed`,
  mayLoseSignIns: true,
  run: (signIns) => overTopology(() => startReplicatedSentinel(takenForDeadMs), signIns, cutOffAndKill),
};

export const cluster: Scenario = {
  title: 'Cluster: three masters with a replica each; a bridge is killed, then the fullest master for good',
  mayLoseSignIns: true,
  run: (signIns) => overTopology(() => startReplicatedCluster(takenForDeadMs), signIns, killFullest),
};

/** Kills a server; when it died, in milliseconds since the epoch. */
type Kill<Place> = (place: Place) => Promise<number>;

async function overTopology(
  start: () => Promise<ReplicatedTopology>,
  signIns: number,
  kill: Kill<ReplicatedTopology>,
): Promise<Verdict> {
  const topology = await start();
  return prove(topology.url, signIns, () => kill(topology)).finally(topology.stop);
}

async function kill({ kill9 }: RedisServer): Promise<number> {
  const at = Date.now();
  await kill9();
  return at;
}

async function withServer<Value>({ port }: RedisServer, work: (client: Redis) => Promise<Value>): Promise<Value> {
  const client = new Redis({ host: '127.0.0.1', port });
  client.on('error', () => {});
  return work(client).finally(() => client.disconnect());
}

const killFullest: Kill<ReplicatedTopology> = async (topology) => {
  const masters = await topology.masters();
  const sizes = await Promise.all(masters.map((server) => withServer(server, (client) => client.dbsize())));
  const fullest = masters[sizes.indexOf(Math.max(...sizes))];
  if (fullest === undefined) throw new Error('there is no master');
  return kill(fullest);
};

/** The replica connects through a proxy; to both ends its silence looks like an idle connection. */
const cutOffAndKill: Kill<ReplicatedTopology> = async ({ servers: [master, replica] }) => {
  if (master === undefined || replica === undefined) throw new Error('there is no replica');
  const proxy = await startTcpProxy(master.port);
  await withServer(replica, async (client) => {
    await client.replicaof('127.0.0.1', proxy.port);
    await until(async () => /master_link_status:up/.test(await client.info('replication')), 'the replica to follow');
  });
  await sleep(500);
  await proxy.set({ kind: 'vanish' });
  await sleep(cutOffMs);
  return kill(master).finally(proxy.close);
};

/** A bridge is killed after a third of the sign-ins, and after another third Redis, by `killRedis`. */
async function prove(storeUrl: string, signIns: number, killRedis: () => Promise<number>): Promise<Verdict> {
  const fixture = await startFaultFixture(storeUrl);
  let killedAt = 0;
  try {
    const strike = async () => {
      killedAt = await killRedis();
    };
    const faults = [
      { at: Math.floor(signIns / 3), strike: () => fixture.killBridge(0) },
      { at: Math.floor((2 * signIns) / 3), strike },
    ];
    const traffic = await runTraffic({ ...fixture, signIns, faults });
    await fixture.ready();
    return await judge({ traffic, product: fixture.product, bridges: fixture.bridges, killedAt });
  } finally {
    await fixture.stop();
  }
}
