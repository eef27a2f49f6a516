// What the load calls broken, and who comes. The load itself is a command: `npm run load`.
import type { SignInResult } from '../../bench/drive-sign-ins.ts';
import { figuresOf, findBroken } from '../../bench/load/figures.ts';
import type { Seen, Stretch } from '../../bench/load/morning.ts';
import { comerOf } from '../../bench/load/people.ts';
import { judgeSteady, slopeOf } from '../../bench/load/steady.ts';
import { spellStudent } from '../../bench/students.ts';

const at = (count: number, result: Partial<SignInResult>): Seen => ({
  ...comerOf(count, 0),
  lateMs: 0,
  result: { outcome: 'signed-in', ms: 30, startMs: 10, callbackMs: 20, token: 't', reloadStatus: 303, ...result },
});
const without = (outcome: string, refusal: SignInResult['refusal'], callbackMs = 0): SignInResult => ({
  outcome,
  ms: 10,
  startMs: 10,
  callbackMs,
  ...(refusal === undefined ? {} : { refusal }),
});
const comeBack = { status: 503, retryAfter: '7', reference: undefined };
const answer = { ms: 5, status: 200, body: { active: true } };

const stretch = (seen: readonly Seen[], asked = answer): Stretch => ({
  morning: { perSecond: 2, seconds: 1, firstCount: 0, awayMs: 0, tokens: [], questionsPerSecond: 1 },
  seen,
  sessions: [asked],
  introspections: [asked],
  driverDelayMs: 1,
  usage: { seconds: 1, cpuMs: 500, waitedMs: 0, loopMeanMs: 1, loopP99Ms: 2, residentMib: 100 },
});

const right = at(5, {});
const turnedAway = { ...right, result: without('service_unavailable', comeBack) };

it('who is turned away at the start is no broken promise, and not among those taken', () => {
  const seen = [right, turnedAway, at(0, without('email_mismatch', { ...comeBack, status: 403 }, 20))];
  expect(findBroken(stretch(seen), [])).toEqual([]);
  expect(figuresOf(stretch(seen))).toMatchObject({
    arrived: 3,
    taken: 2,
    signedIn: 1,
    cpuMsEach: 250,
    refused: { service_unavailable: 1 },
    endings: { 'signed-in': 1, email_mismatch: 1 },
    inside: { p50Ms: 30 },
    refusing: { p50Ms: 10 },
  });
});

it.each<[what: string, seen: Seen, broken: RegExp]>([
  [
    'a refusal without a time to come back',
    { ...right, result: without('service_unavailable', { ...comeBack, retryAfter: undefined }) },
    /^1 refused without/,
  ],
  [
    'a refusal at the callback',
    { ...right, result: without('service_unavailable', comeBack, 20) },
    /^1 taken .*service_unavailable 1/,
  ],
  ['a sign-in that was cut off', { ...right, result: without('unanswered', undefined) }, /^1 taken .*unanswered 1/],
  ['a sign-in that took too long', { ...right, result: without('late', undefined) }, /^1 taken .*late 1/],
  ['a sign-in that must be refused', at(1, {}), /^1 taken .*signed-in 1/],
  ['a reload that leads nowhere', at(2, { reloadStatus: 400 }), /^1 reloads/],
])('%s is a broken promise', (_, seen, broken) => {
  expect(findBroken(stretch([seen]), [])).toEqual([expect.stringMatching(broken)]);
});

it('a session that is not theirs, and a question that is not answered, are broken promises', () => {
  expect(findBroken(stretch([right], { ...answer, status: 503 }), [right])).toHaveLength(3);
});

it('twenty thousand students come before any comes again; one in ten must be refused', () => {
  const comers = Array.from({ length: 20_000 }, (_, count) => comerOf(count, 1_000));
  expect(new Set(comers.map(({ student }) => spellStudent(student))).size).toBe(20_000);
  expect(comers.filter(({ ending }) => ending !== 'signed-in')).toHaveLength(2_000);
});

it('a slope is by least squares', () => {
  expect(
    slopeOf([
      [1, 10],
      [2, 12],
      [3, 14],
    ]),
  ).toBeCloseTo(2);
  expect(slopeOf([[4, 10]])).toBe(0);
});

it.each([
  [0.2, [], true, 'Memory is flat: the heap by 0.20 MiB a minute, 0.5 at most. Promises: kept.'],
  [0.7, [], false, 'Memory GROWS: the heap by 0.70 MiB a minute, 0.5 at most. Promises: kept.'],
  [0.2, ['1 lost'], false, 'Memory is flat: the heap by 0.20 MiB a minute, 0.5 at most. Promises: 1 lost.'],
])('a heap that grows by %s MiB a minute with %j broken is judged %s', (heapSlope, broken, isKept, verdict) => {
  const sample = { minute: 1, heapMib: 30, residentMib: 100, storeMib: undefined, signedIn: 1, p99Ms: 1 };
  expect(judgeSteady({ heapSlope, broken, samples: Array.from({ length: 5 }, () => sample) })).toEqual({
    isKept,
    verdict,
  });
  const verdictOfFew = judgeSteady({ heapSlope, broken, samples: [sample] });
  expect(verdictOfFew).toMatchObject({ isKept: false, verdict: expect.stringContaining('Too short to judge') });
});
