// Attempts older than ATTEMPT_RETENTION expire by the engine's own clock, in every log that named them.
import { setTimeout as wait } from 'node:timers/promises';
import { createAttemptLog } from '../../src/support/attempt-log.ts';
import { createServices } from '../helpers/services.ts';
import { engines, type StoreFixture } from '../helpers/stores.ts';

describe.each(engines)('an attempt beyond its retention in $name', ({ start }) => {
  let storeFixture: StoreFixture;

  beforeAll(async () => {
    storeFixture = await start();
  });
  afterAll(() => storeFixture.stop());

  it('is found by nothing any more', async () => {
    const store = await storeFixture.place().open();
    const { vault } = await createServices(store);
    const log = createAttemptLog(store, vault, { retentionSeconds: 1 });
    const clever = { clever_id: 'clever-1', email: 'ann@juniper.example', user_type: 'student' };
    const district = 'juniper-flats';
    const { reference } = await log.record({ at: Date.now(), code: 'ambiguous', app: 'summit-k12', district, clever });
    await wait(1100);
    expect(await log.find(reference)).toBeUndefined();
    for (const filter of [
      {},
      { district },
      { code: 'ambiguous' },
      { email: clever.email },
      { cleverId: 'clever-1' },
    ] as const)
      expect(await log.search(filter)).toEqual({ attempts: [], cursor: undefined });
  });
});
