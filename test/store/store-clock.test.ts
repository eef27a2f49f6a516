import { openStoreClock } from '../../src/store/store-clock.ts';
import { redis } from '../helpers/stores.ts';

const minutesMs = 60_000;

it('uses the store’s clock, however wrong this machine’s is, and reports the difference', async () => {
  const clock = await openStoreClock({ time: async () => Date.now() - 5 * minutesMs });
  expect(Math.abs(clock.now() - (Date.now() - 5 * minutesMs))).toBeLessThan(minutesMs);
  expect(Math.round(clock.offsetMs() / minutesMs)).toBe(5);
  expect(Number.isInteger(clock.now())).toBe(true);
});

it('goes on when this machine’s clock is set', async () => {
  let off = 0;
  const clock = await openStoreClock({ time: async () => Date.now() }, () => Date.now() + off);
  const before = clock.now();
  off = -5 * minutesMs;
  expect(clock.now() - before).toBeLessThan(minutesMs);
  expect(clock.now()).toBeGreaterThanOrEqual(before);
  expect(Math.round(clock.offsetMs() / minutesMs)).toBe(-5);
});

it('is this machine’s own where the store is on it', async () => {
  const clock = await openStoreClock({}, () => 123);
  expect([clock.now(), clock.offsetMs()]).toEqual([123, 0]);
});

it('reads the time of a Redis server', async () => {
  const storeFixture = await redis.start();
  const store = await storeFixture.place().open();
  expect(Math.abs((await openStoreClock(store)).offsetMs())).toBeLessThan(minutesMs);
  await storeFixture.stop();
});
