// Copies the store on Redis: every master writes its RDB file (BGSAVE), which contains the copy marker. The file is on
// the server's disk; the operator moves it elsewhere.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { connectRedis, type RedisConnection, type RedisConnectionOptions } from '../redis/redis-connection.ts';
import { type Store, StoreUnavailable } from '../store.ts';
import type { RedisAddress } from '../store-url.ts';
import { type BackUpResult, refuseBackUp, restoredCopyAt, writeRestoredCopyMarker } from './restored-copy-marker.ts';

const pollMs = 100;
/** Allows for a server that writes fifty gigabytes to a slow disk. */
const timeoutMs = 3_600_000;

export async function backUpRedis(
  address: RedisAddress,
  store: Store,
  options: RedisConnectionOptions,
): Promise<BackUpResult> {
  const takenAt = new Date().toISOString();
  return withConnection(address, options, async (connection) => {
    const servers = await runIdsOf(connection);
    await store.put(restoredCopyAt, writeRestoredCopyMarker({ takenAt, servers }));
    try {
      const copies: { server: string; file: string }[] = [];
      for (const node of connection.masters()) copies.push(await save(connection, node));
      return { kind: 'done', takenAt, copies };
    } catch (failure) {
      return refuseBackUp('backup_failed', `Redis did not write its copy: ${wordsOf(failure)}`);
    } finally {
      await store.remove(restoredCopyAt);
    }
  });
}

/** Run ids of the running masters; a restarted server has another id. */
export const readRunIds = (address: RedisAddress, options: RedisConnectionOptions): Promise<string[]> =>
  withConnection(address, options, runIdsOf);

async function withConnection<Value>(
  address: RedisAddress,
  options: RedisConnectionOptions,
  work: (connection: RedisConnection) => Promise<Value>,
): Promise<Value> {
  const connection = connectRedis(address, options);
  try {
    await connection.answer(() => connection.client.ping());
    return await work(connection);
  } finally {
    await connection.close();
  }
}

const runIdsOf = ({ masters, answer }: RedisConnection): Promise<string[]> =>
  Promise.all(masters().map(async (node) => (await readInfo(answer, node, 'server')).get('run_id') ?? ''));

async function save({ answer }: RedisConnection, node: Redis): Promise<{ server: string; file: string }> {
  const state = () => readInfo(answer, node, 'persistence');
  await untilIdle(state);
  await answer(() => node.bgsave());
  const done = await untilIdle(state);
  if (done.get('rdb_last_bgsave_status') !== 'ok') throw new Error('BGSAVE failed; see the log of the server');
  const { host = '', port = 0 } = node.options;
  return { server: `${host}:${port}`, file: await fileOf(answer, node) };
}

async function untilIdle(state: () => Promise<ReadonlyMap<string, string>>): Promise<ReadonlyMap<string, string>> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const now = await state();
    if (now.get('rdb_bgsave_in_progress') === '0' && now.get('aof_rewrite_in_progress') !== '1') return now;
    if (performance.now() > deadline) throw new Error('BGSAVE has been running for an hour');
    await sleep(pollMs);
  }
}

/** A managed Redis does not reveal it. */
async function fileOf(answer: RedisConnection['answer'], node: Redis): Promise<string> {
  const read = async (name: string) => {
    const answered: unknown = await answer(() => node.config('GET', name));
    return Array.isArray(answered) ? String(answered[1] ?? '') : String(Object(answered)[name] ?? '');
  };
  try {
    return `${await read('dir')}/${await read('dbfilename')}`;
  } catch {
    return 'the RDB file of the server';
  }
}

async function readInfo(answer: RedisConnection['answer'], node: Redis, section: string) {
  const text = await answer(() => node.info(section));
  return new Map(
    text.split(/\r?\n/).flatMap((line): [string, string][] => {
      const at = line.indexOf(':');
      return at < 0 ? [] : [[line.slice(0, at), line.slice(at + 1)]];
    }),
  );
}

/** Redis' error word (NOPERM, an unknown command), or ours. */
function wordsOf(failure: unknown): string {
  const cause = failure instanceof StoreUnavailable ? failure.cause : failure;
  return cause instanceof Error ? cause.message : 'unknown';
}
