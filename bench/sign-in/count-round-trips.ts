// What one login asks of Redis, counted by Redis itself: reads from the socket are round trips as long as one login runs
// at a time, commands are what scripts call as well.
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import type { RedisServer } from '../../test/helpers/redis-server.ts';
import type { Trips } from './describe.ts';
import { completeLogin, type Measured } from './measure.ts';
import type { Player } from './play.ts';

const logins = 200;

interface Counted {
  readonly reads: number;
  readonly commands: number;
}

/** By contestant that uses Redis. Background commands of the servers are counted separately and subtracted. */
export async function countRoundTrips(
  measured: readonly Measured[],
  { player, redis }: { readonly player: Player; readonly redis: RedisServer },
): Promise<ReadonlyMap<string, Trips>> {
  const client = new Redis(redis.url);
  const during = (work: () => Promise<unknown>) => countDuring(client, work);
  const found = new Map<string, Trips>();
  try {
    for (const one of measured) {
      const startedAt = performance.now();
      const busy = await during(() => signInSome(one, player));
      const passedMs = performance.now() - startedAt;
      const idle = await during(() => sleep(passedMs));
      const [reads, commands] = [busy.reads - idle.reads, busy.commands - idle.commands];
      if (commands > logins / 2)
        found.set(one.contestant.name, { roundTrips: reads / logins, commands: commands / logins });
    }
    return found;
  } finally {
    client.disconnect();
  }
}

async function signInSome({ contestant, origin }: Measured, player: Player): Promise<void> {
  for (let count = 0; count < logins; count += 1) {
    const begun = await player.start(origin + contestant.startPath);
    await completeLogin(contestant, player, await player.vouch(begun, { district: 'bench', number: count }));
  }
}

async function countDuring(client: Redis, work: () => Promise<unknown>): Promise<Counted> {
  const before = await count(client);
  await work();
  const after = await count(client);
  // The counting itself is one of each.
  return { reads: after.reads - before.reads - 1, commands: after.commands - before.commands - 1 };
}

async function count(client: Redis): Promise<Counted> {
  const info = await client.info('stats');
  const of = (name: string) => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1] ?? 0);
  return { reads: of('total_reads_processed'), commands: of('total_commands_processed') };
}
