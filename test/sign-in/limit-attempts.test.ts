// How many attempts of no known district one address can have recorded.
import { createLimiter } from '../../src/limits/limiter.ts';
import { limitAttempts } from '../../src/sign-in/limit-attempts.ts';
import type { AttemptFacts } from '../../src/support/attempt.ts';

const stranger: AttemptFacts = { at: 0, code: 'clever_denied', app: 'summit-k12' };

function createRecord() {
  const recorded: AttemptFacts[] = [];
  let limited = 0;
  const limiter = createLimiter({ blind: (rule, key) => `${rule}.${key}` });
  const record = limitAttempts(
    async (attempt) => {
      recorded.push(attempt);
      return { reference: 'ABCD2345', kept: true };
    },
    limiter,
    () => {
      limited += 1;
    },
  );
  return { recorded, record, limited: () => limited };
}

it('records 60 in a minute; more have no reference', async () => {
  const { recorded, record, limited } = createRecord();
  for (let count = 0; count < 60; count += 1) expect(await record(stranger, 'a')).toMatchObject({ kept: true });
  expect(await record(stranger, 'a')).toEqual({ kept: false });
  expect([recorded.length, limited()]).toEqual([60, 1]);
});

it('records those of other addresses and of known districts meanwhile', async () => {
  const { recorded, record } = createRecord();
  for (let count = 0; count < 100; count += 1) await record(stranger, 'a');
  expect(await record(stranger, 'b')).toMatchObject({ kept: true });
  expect(await record({ ...stranger, district: 'juniper-flats' }, 'a')).toMatchObject({ kept: true });
  expect(recorded).toHaveLength(62);
});
