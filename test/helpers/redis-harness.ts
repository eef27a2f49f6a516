// The conformance harness for a real Redis: time passes by shortening what every key has left to live.

import { Redis } from 'ioredis';
import { openRedisStore } from '../../src/store/redis/redis-store.ts';
import type { Harness } from '../conformance/describe-store.ts';
import { patient } from './redis-server.ts';
import type { RedisTopology } from './redis-topology.ts';

export async function openRedisHarness({ url, ports, stop }: RedisTopology): Promise<Harness> {
  let skipped = 0;
  const clock = () => Date.now() + skipped;
  const store = await openRedisStore(url, { ...patient, clock });
  const servers = ports.map((port) => new Redis({ host: '127.0.0.1', port }));
  return {
    store,
    advance: async (seconds) => {
      skipped += seconds * 1000;
      for (const server of servers) {
        for (const key of await server.keys('sso:*')) {
          const left = await server.pttl(key);
          if (left > 0) await server.pexpire(key, left - seconds * 1000);
        }
      }
    },
    reopen: () => openRedisStore(url, { ...patient, clock }),
    close: async () => {
      await store.close();
      for (const server of servers) server.disconnect();
      await stop();
    },
  };
}
