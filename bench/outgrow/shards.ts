// What every server of a Redis topology did and holds, by its own word, and which names are asked for most.
import { Redis } from 'ioredis';
import type { RedisServer } from '../../test/helpers/redis-server.ts';
import { watchRedis } from '../watch-redis.ts';

export interface ShardCount {
  readonly port: number;
  readonly keys: number;
  readonly commands: number;
  readonly cpuMs: number;
  readonly usedBytes: number;
  /** In and out. */
  readonly netBytes: number;
}

export async function countShards(servers: readonly RedisServer[]): Promise<ShardCount[]> {
  return Promise.all(servers.map(countShard));
}

async function countShard({ port }: RedisServer): Promise<ShardCount> {
  return withClient(port, async (client) => {
    const info = `${await client.info('stats')}${await client.info('cpu')}${await client.info('memory')}`;
    const of = (name: string) => Number(new RegExp(`^${name}:([\\d.]+)`, 'm').exec(info)?.[1] ?? 0);
    // What it needs to talk to others and to disk is not what it holds.
    const talk = ['mem_replication_backlog', 'mem_clients_slaves', 'mem_clients_normal', 'mem_aof_buffer'];
    return {
      port,
      keys: await client.dbsize(),
      commands: of('total_commands_processed'),
      cpuMs: (of('used_cpu_user') + of('used_cpu_sys')) * 1000,
      usedBytes: of('used_memory') - talk.reduce((sum, name) => sum + of(name), 0),
      netBytes: of('total_net_input_bytes') + of('total_net_output_bytes'),
    };
  });
}

/** What each did since; keys and bytes are what came on top. */
export const since = (before: readonly ShardCount[], after: readonly ShardCount[]): ShardCount[] =>
  after.map((now, at) => {
    const then = before[at] ?? now;
    return {
      port: now.port,
      keys: now.keys - then.keys,
      commands: now.commands - then.commands,
      cpuMs: now.cpuMs - then.cpuMs,
      usedBytes: now.usedBytes - then.usedBytes,
      netBytes: now.netBytes - then.netBytes,
    };
  });

/** Bytes of the values that expire within `seconds`, their keys included. */
export async function weighShortLived(servers: readonly RedisServer[], seconds: number): Promise<number> {
  const sums = await Promise.all(servers.map(({ port }) => withClient(port, (client) => weigh(client, seconds))));
  return sums.reduce((sum, one) => sum + one, 0);
}

async function weigh(client: Redis, seconds: number): Promise<number> {
  let bytes = 0;
  for await (const keys of pagesOf(client)) {
    const asked = client.pipeline();
    for (const key of keys) asked.pttl(key).memory('USAGE', key);
    const answers = ((await asked.exec()) ?? []).map(([, answer]) => Number(answer));
    for (let at = 0; at < answers.length; at += 2) {
      const [left = 0, size = 0] = answers.slice(at, at + 2);
      if (left > 0 && left <= seconds * 1000) bytes += size;
    }
  }
  return bytes;
}

async function* pagesOf(client: Redis): AsyncGenerator<readonly string[]> {
  for (let cursor = '0'; ; ) {
    const [next, keys] = await client.scan(cursor, 'COUNT', 1_000);
    yield keys;
    if (next === '0') return;
    cursor = next;
  }
}

/** How many of a server's slots hold a key at all. */
export function countSlots({ port }: RedisServer): Promise<number> {
  return withClient(port, async (client) => {
    const slots = new Set<number>();
    for await (const keys of pagesOf(client)) {
      const asked = client.pipeline();
      for (const key of keys) asked.cluster('KEYSLOT', key);
      for (const [, slot] of (await asked.exec()) ?? []) slots.add(Number(slot));
    }
    return slots.size;
  });
}

/** How many commands with each hash tag the servers ran during `work`, those that scripts call included. */
export async function watchTags(
  servers: readonly RedisServer[],
  work: () => Promise<unknown>,
): Promise<ReadonlyMap<string, number>> {
  const tags = new Map<string, number>();
  const stops = await Promise.all(
    servers.map(({ port }) =>
      watchRedis(port, ({ words }) => {
        for (const tag of tagsOf(words)) tags.set(tag, (tags.get(tag) ?? 0) + 1);
      }),
    ),
  );
  try {
    await work();
  } finally {
    for (const stop of stops) await stop();
  }
  return tags;
}

const tagsOf = (words: readonly string[]): ReadonlySet<string> =>
  new Set(words.flatMap((word) => /\{([^}]+)\}/.exec(word)?.[1] ?? []));

/** The same by slot. */
export async function sumSlots(
  [server]: readonly RedisServer[],
  tags: ReadonlyMap<string, number>,
): Promise<ReadonlyMap<number, number>> {
  if (server === undefined) return new Map();
  return withClient(server.port, async (client) => {
    const asked = client.pipeline();
    for (const tag of tags.keys()) asked.cluster('KEYSLOT', tag);
    const slots = ((await asked.exec()) ?? []).map(([, slot]) => Number(slot));
    const sums = new Map<number, number>();
    for (const [at, count] of [...tags.values()].entries()) {
      const slot = slots[at] ?? Number.NaN;
      sums.set(slot, (sums.get(slot) ?? 0) + count);
    }
    return sums;
  });
}

async function withClient<Value>(port: number, work: (client: Redis) => Promise<Value>): Promise<Value> {
  const client = new Redis({ host: '127.0.0.1', port, protocol: 2 });
  client.on('error', () => {});
  return work(client).finally(() => client.disconnect());
}
