// What is said of a sign-in's cost: met, or by how much not.
import type { SignInResult } from '../../bench/sign-in/describe.ts';
import { describeReaches } from '../../bench/sign-in/reaches.ts';

const refusing = {
  'bad-signature': false,
  'alg-none': false,
  'hs256-with-public-key': false,
  'wrong-nonce': false,
  'wrong-audience': false,
  'wrong-issuer': false,
  expired: false,
  'foreign-state': false,
  genuine: true,
};
const times = { startCpuMs: 0.1, p50Ms: 1, p99Ms: 2, perSecond: 1_000 };
const taking = (name: string, callbackCpuMs: number, isLax = false): SignInResult => ({
  name,
  versions: [],
  alone: [],
  concurrent: [{ ...times, callbackCpuMs }],
  memoryMib: 1,
  refusals: { ...refusing, 'bad-signature': isLax },
});
const results = [taking('bare floor', 0.5), taking('strict peer', 0.9), taking('lax peer', 0.6, true)];
const none = new Map();

it.each([
  [taking('this bridge, redis', 1), '2.00 × the floor, at most 2 ×: met.'],
  [taking('this bridge, redis', 1.25), '**not met**, 0.25 of its 1.25 ms are too much.'],
  [taking('this bridge, embedded', 1), '**not met**, 0.15 of its 1.00 ms are too much.'],
  [taking('this bridge, redis', 0.8), 'that verify signatures: ahead of strict peer by 0.10 ms; of the peers'],
  [taking('this bridge, redis', 0.8), 'that verify none: **behind** lax peer by 0.20 ms.'],
])('of %j it is said: %s', (own, sentence) => {
  expect(describeReaches([...results, own], none)).toContain(sentence);
});

it.each([
  [1.2, 'this bridge, redis, whole sign-in: 0.65 × express + openid-client, as its guide, at most 0.68 ×: met.'],
  [1.5, '**not met**, 0.24 of its 1.60 ms are too much.'],
])('of a callback of %d ms the whole sign-in is held against others: %s', (callbackCpuMs, sentence) => {
  const own = taking('this bridge, redis', callbackCpuMs);
  expect(describeReaches([...results, own, taking('express + openid-client, as its guide', 1.9)], none)).toContain(
    sentence,
  );
});

it.each([
  [3.02, '3.02 round trips to Redis, at most 3: met; what is above'],
  [3.5, '3.50 round trips to Redis, at most 3: **not met** by 0.50.'],
])('of %d round trips it is said: %s', (roundTrips, sentence) => {
  const trips = new Map([
    ['strict peer', { roundTrips: 9, commands: 9 }],
    ['this bridge, redis', { roundTrips, commands: 16 }],
  ]);
  const text = describeReaches([...results, taking('this bridge, redis', 1)], trips);
  expect(text).toContain(sentence);
  expect(text).not.toContain('9.00');
});
