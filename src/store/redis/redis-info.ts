// What a Redis server reports about itself, where permitted.

import type { Redis } from 'ioredis';
import type { RedisConnection } from './redis-connection.ts';

/** The fields of INFO, all or of one section; undefined where an access list or a managed server forbids it. */
export async function readInfo(connection: RedisConnection, node: Redis, section?: 'stats') {
  const text = await permitted(connection, () => (section === undefined ? node.info() : node.info(section)));
  return text === undefined ? undefined : readFields(text);
}

/** Undefined if forbidden; an unresponsive server stays a failure. */
export async function permitted<Value>(
  { answer }: RedisConnection,
  ask: () => Promise<Value>,
): Promise<Value | undefined> {
  try {
    return await answer(ask);
  } catch (failure) {
    const { cause } = Object(failure);
    if (Object(cause).name === 'ReplyError') return undefined;
    throw failure;
  }
}

export const readFields = (text: string): ReadonlyMap<string, string> =>
  new Map(
    text.split(/\r?\n/).flatMap((line) => {
      const colon = line.indexOf(':');
      return colon < 1 || line.startsWith('#') ? [] : [[line.slice(0, colon), line.slice(colon + 1)] as const];
    }),
  );
