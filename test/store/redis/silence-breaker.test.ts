import { setTimeout as sleep } from 'node:timers/promises';
import { createSilenceBreaker } from '../../../src/store/redis/silence-breaker.ts';
import { until } from '../../helpers/bridge-process.ts';

const silent = (breaker: ReturnType<typeof createSilenceBreaker>, times: number) => {
  for (let time = 0; time < times; time += 1) breaker.report('silent');
};

it('admits every command until ten in a row got no answer', () => {
  const breaker = createSilenceBreaker(() => Promise.reject(new Error('silent')));
  silent(breaker, 9);
  expect(breaker.admits()).toBe(true);
  breaker.report('answered');
  silent(breaker, 9);
  expect(breaker.admits()).toBe(true);
  silent(breaker, 1);
  expect(breaker.admits()).toBe(false);
  breaker.close();
});

it('sends one command at a time while it is open, and admits all again with the first answer', async () => {
  let asked = 0;
  let running = 0;
  let most = 0;
  const admitted: boolean[] = [];
  const breaker = createSilenceBreaker(async () => {
    asked += 1;
    running += 1;
    most = Math.max(most, running);
    await sleep(300);
    running -= 1;
    admitted.push(breaker.admits());
    if (asked < 2) throw new Error('silent');
  });
  silent(breaker, 30);
  await until(breaker.admits, 'the breaker to close');
  expect([asked, most, admitted]).toEqual([2, 1, [false, false]]);
  breaker.close();
});

it('is healed by an answer that was still on its way', () => {
  const breaker = createSilenceBreaker(() => Promise.reject(new Error('silent')));
  silent(breaker, 10);
  breaker.report('answered');
  expect(breaker.admits()).toBe(true);
  breaker.close();
});
