// Collects the facts that redis-verdict.ts judges from every Redis server behind STORE_URL, including replicas (each
// may become master). A question that a server forbids is a finding, not a failure.

import type { Redis } from 'ioredis';
import { StoreUnavailable } from '../store.ts';
import type { RedisAddress } from '../store-url.ts';
import { connectRedis, type RedisConnection, type RedisConnectionOptions } from './redis-connection.ts';
import { permitted, readFields, readInfo } from './redis-info.ts';
import { judgeRedis, type RedisFacts, type RedisFinding } from './redis-verdict.ts';

export type StoreFinding = RedisFinding & {
  /** `host:port` as known to the bridge or the master, or Sentinel's name for the master. */
  readonly node: string;
};

/** Rejects with StoreUnavailable if no master answers. */
export async function checkRedis(address: RedisAddress, options: RedisConnectionOptions = {}): Promise<StoreFinding[]> {
  const connection = connectRedis(address, options);
  const opened: Redis[] = [];
  try {
    await connection.answer(() => connection.client.ping());
    const found: StoreFinding[] = [];
    for (const { node, name, isMaster } of await nodesOf(address, connection, opened)) {
      found.push(...(await checkNode(connection, node, name, isMaster)));
    }
    return found;
  } finally {
    for (const node of opened) node.disconnect();
    await connection.close();
  }
}

interface Node {
  readonly node: Redis;
  readonly name: string;
  readonly isMaster: boolean;
}

async function nodesOf(address: RedisAddress, connection: RedisConnection, opened: Redis[]): Promise<Node[]> {
  const all: Node[] = [];
  for (const node of connection.masters()) {
    all.push({ node, name: nameOf(address, node), isMaster: true });
    for (const { host, port } of replicasOf(await readInfo(connection, node))) {
      const replica = connection.connectTo(node, host, port);
      opened.push(replica);
      all.push({ node: replica, name: `${host}:${port}`, isMaster: false });
    }
  }
  return all;
}

async function checkNode(connection: RedisConnection, node: Redis, name: string, isMaster: boolean) {
  try {
    const info = await readInfo(connection, node);
    const facts: RedisFacts = {
      info,
      isMaster,
      save: await readConfig(connection, node, 'save'),
      appendfsync: await readConfig(connection, node, 'appendfsync'),
      clusterState: info?.get('cluster_enabled') === '1' ? await readClusterState(connection, node) : undefined,
    };
    return judgeRedis(facts).map((found): StoreFinding => ({ ...found, node: name }));
  } catch (failure) {
    if (isMaster || !(failure instanceof StoreUnavailable)) throw failure;
    const detail = 'this replica does not answer, so nothing is known of it';
    return [{ node: name, problem: 'not_checked', detail } satisfies StoreFinding];
  }
}

const nameOf = (address: RedisAddress, { options: { host, port } }: Redis): string =>
  address.kind === 'sentinel' ? `the master ${address.name}` : `${host}:${port}`;

async function readConfig(connection: RedisConnection, node: Redis, name: string): Promise<string | undefined> {
  const reply: unknown = await permitted(connection, () => node.config('GET', name));
  const value: unknown = Array.isArray(reply) ? reply[1] : undefined;
  return typeof value === 'string' ? value : undefined;
}

async function readClusterState(connection: RedisConnection, node: Redis): Promise<string | undefined> {
  const text = await permitted(connection, () => node.cluster('INFO'));
  return typeof text === 'string' ? readFields(text).get('cluster_state') : undefined;
}

/** `slave0:ip=10.0.0.2,port=6379,state=online,…` of INFO replication. */
function replicasOf(info: ReadonlyMap<string, string> | undefined): { readonly host: string; readonly port: number }[] {
  return [...(info ?? [])].flatMap(([name, value]) => {
    const { host, port } = /^ip=(?<host>[^,]+),port=(?<port>\d+)/.exec(value)?.groups ?? {};
    return /^slave\d+$/.test(name) && host !== undefined ? [{ host, port: Number(port) }] : [];
  });
}
