// What one login asks of Redis, counted by Redis itself: reads from the socket are round trips as long as one login runs
// at a time, commands are what scripts call as well.
import { Redis } from 'ioredis';
import type { RedisServer } from '../../test/support/redis-server.ts';
import type { Measured } from './measure.ts';
import type { Player } from './play.ts';

const logins = 50;

/** By contestant that uses Redis: round trips and commands. */
export async function countRoundTrips(
  measured: readonly Measured[],
  { player, redis }: { readonly player: Player; readonly redis: RedisServer },
): Promise<ReadonlyMap<string, string>> {
  const client = new Redis(redis.url);
  const found = new Map<string, string>();
  const read = async () => {
    const info = await client.info('stats');
    const of = (name: string) => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1] ?? 0);
    return { reads: of('total_reads_processed'), commands: of('total_commands_processed') };
  };
  try {
    for (const { contestant, origin } of measured) {
      const before = await read();
      for (let count = 0; count < logins; count += 1) {
        const begun = await player.start(origin + contestant.startPath);
        await player.callback(await player.vouch(begun, { district: 'bench', number: count }));
      }
      const after = await read();
      // The reading itself is one of each.
      const [reads, commands] = [after.reads - before.reads - 1, after.commands - before.commands - 1];
      if (commands > logins / 2) {
        found.set(contestant.name, `${(reads / logins).toFixed(1)} and ${(commands / logins).toFixed(1)}`);
      }
    }
    return found;
  } finally {
    client.disconnect();
  }
}
