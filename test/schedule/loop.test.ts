// Work that a server does again and again: never twice at a time, never left behind, never the end of the server.
import { setTimeout as sleep } from 'node:timers/promises';
import { createLoop } from '../../src/schedule/loop.ts';
import { until } from '../helpers/bridge-process.ts';

const unheard = (failure: unknown) => {
  throw failure;
};

it('runs at once, and again and again until it is closed', async () => {
  let looks = 0;
  const repeated = createLoop({
    everyMs: 5,
    onFailure: unheard,
    async task() {
      looks += 1;
    },
  });
  repeated.start();
  expect(looks).toBe(1);
  await until(() => looks > 3, 'four looks');
  await repeated.close();
  const atTheEnd = looks;
  await sleep(30);
  expect(looks).toBe(atTheEnd);
});

it('does not overtake a look that takes long, and waits for it at the end', async () => {
  let [looks, ended] = [0, 0];
  const repeated = createLoop({
    everyMs: 5,
    onFailure: unheard,
    async task(signal) {
      looks += 1;
      while (!signal.aborted) await sleep(5);
      ended += 1;
    },
  });
  repeated.start();
  await sleep(40);
  await repeated.close();
  expect([looks, ended]).toEqual([1, 1]);
});

it('reports a failure and runs again', async () => {
  const failures: unknown[] = [];
  const repeated = createLoop({
    everyMs: 5,
    onFailure: (failure) => failures.push(failure),
    async task() {
      throw new Error('no');
    },
  });
  repeated.start();
  await until(() => failures.length > 2, 'three failures');
  await repeated.close();
});
