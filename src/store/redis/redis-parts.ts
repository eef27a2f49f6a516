// The parts of a Redis that can be lost individually: each master of a Cluster, and single keys where a server evicts.

import type { RedisConnection } from './redis-connection.ts';
import { readInfo } from './redis-info.ts';

/**
 * Partitions whose hash slots are spread evenly over the 16,384: one in every 256. So each master of a Cluster holds at
 * least one, as long as it serves 512 consecutive slots, and they move with their slots.
 */
export const clusterParts: readonly string[] = [
  6, 68, 120, 86, 102, 55, 340, 265, 232, 15, 300, 155, 322, 28, 160, 37, 7, 98, 121, 76, 103, 356, 43, 114, 143, 14,
  301, 224, 21, 29, 190, 36, 249, 241, 79, 71, 274, 53, 44, 113, 144, 13, 306, 223, 26, 171, 166, 333, 1, 9, 257, 70,
  105, 52, 347, 262, 145, 310, 436, 152, 178, 200, 38, 30,
].map((number) => `mark-${number}`);

/** Over all masters since each was started; undefined if one does not permit the question. */
export async function countEvictions(connection: RedisConnection): Promise<number | undefined> {
  const all = await Promise.all(connection.masters().map((node) => readInfo(connection, node, 'stats')));
  const counts = all.map((info) => Number(info?.get('evicted_keys')));
  return counts.some(Number.isNaN) ? undefined : counts.reduce((sum, count) => sum + count, 0);
}
