// What a Redis server says of the commands it runs.
import { Redis } from 'ioredis';
import { readCommand, type SeenCommand, watchRedis } from '../../bench/watch-redis.ts';
import { until } from '../helpers/bridge-process.ts';
import { type RedisServer, startRedis } from '../helpers/redis-server.ts';

let server: RedisServer;
let client: Redis;
beforeAll(async () => {
  server = await startRedis();
  client = new Redis(server.url);
  await client.ping();
});
afterAll(async () => {
  client.disconnect();
  await server.stop();
});

it('reports each command once, with its client', async () => {
  const seen: SeenCommand[] = [];
  const stop = await watchRedis(server.port, (command) => seen.push(command));
  await client.set('a "key" }', '\r\nvalue');
  await client.eval("return redis.call('GET', KEYS[1])", 1, '{tag}:x');
  await stop();
  expect(seen).toEqual([
    { words: ['set', 'a \\"key\\" }', '\\r\\nvalue'], isInner: false },
    { words: ['eval', expect.stringContaining('redis.call'), '1', '{tag}:x'], isInner: false },
    { words: ['GET', '{tag}:x'], isInner: true },
  ]);
});

it('a watcher that starts during traffic gets whole commands', async () => {
  let isOver = false;
  const others = (async () => {
    while (!isOver) await Promise.all(Array.from({ length: 50 }, () => client.get('busy')));
  })();
  const seen: SeenCommand[] = [];
  const stops = await Promise.all(
    Array.from({ length: 5 }, () => watchRedis(server.port, (command) => seen.push(command))),
  );
  await until(() => seen.length > 1_000, 'commands to be seen');
  isOver = true;
  await others;
  for (const stop of stops) await stop();
  expect(seen.length).toBeGreaterThan(0);
  expect(new Set(seen.map(({ words }) => words.join(' ').toLowerCase()))).toEqual(new Set(['get busy']));
});

it.each(['+OK', '', '-ERR unknown command'])('%j is no command', (line) => {
  expect(readCommand(line)).toBeUndefined();
});
