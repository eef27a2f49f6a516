// A newcomer of a district whose roster at Clever cannot be read: staff and the district learn how old the roster is, why, and
// who has to act; nothing of it is in the outcome.

import { createSyncLog, type LastSync, type SyncLog } from '../../src/district/sync-log.ts';
import { describeFact } from '../../src/http/support/pages/describe-fact.ts';
import { describeRefusal } from '../../src/sign-in/record-refusal.ts';
import { writeDistrictMessage } from '../../src/support/district-message.ts';
import { createClock, type MovableClock } from '../helpers/clock.ts';
import { feed, student } from '../helpers/feeds.ts';
import { createServices, type TestServices } from '../helpers/services.ts';
import { engines, type StoreFixture } from '../helpers/stores.ts';
import { claimsOf, createDecider, opening, wexley } from '../sign-in/decider.ts';

const day = 86_400;

describe.each(engines)('a roster that cannot be read at Clever, in $name', ({ start }) => {
  let storeFixture: StoreFixture;
  let clock: MovableClock;
  let services: TestServices;
  let syncLog: SyncLog;

  beforeAll(async () => {
    storeFixture = await start();
  });
  afterAll(() => storeFixture.stop());
  beforeEach(async () => {
    clock = createClock();
    services = await createServices(await storeFixture.place().open(clock), clock);
    syncLog = createSyncLog(services.store, services.vault);
    await services.districts.put(wexley);
    const row = { ...student({ sisId: 's0', email: 'student.s0@wexley.example' }), cleverId: 'clever-of-s0' };
    await services.publisher.publish(wexley.id, 'secure-sync', feed(row), { approve: true });
  });

  const synced = (last: Pick<LastSync, 'result' | 'code' | 'reason'>) =>
    syncLog.record(wexley.id, { startedAt: clock(), finishedAt: clock(), by: 'nightly', ...last });

  async function refuse(change: Record<string, unknown>) {
    const claims = claimsOf({ district: wexley.cleverId, ...change });
    const decided = await createDecider(services, { clock })(claims, opening);
    if (decided.kind === 'signed-in') throw new Error('was let in');
    return services.openAttempt(
      await services.attempts.record(describeRefusal(decided, claims, 'secure-sync', clock())),
    );
  }
  const newcomer = { sub: 'clever-of-new', email: 'new@wexley.example', given_name: 'New', family_name: 'Comer' };

  it.each([
    [{ result: 'failed', code: 'clever_misconfigured', reason: 'not-allowed' }, 'summit', /Summit has to act/],
    [{ result: 'failed', code: 'clever_misconfigured', reason: 'no-token' }, 'district', /administrator has to act/],
    [{ result: 'failed', code: 'clever_unavailable', reason: 'timeout' }, 'clever', /by itself/],
    [{ result: 'refused', code: 'clever_district_paused' }, 'district', /administrator has to act/],
    [{ result: 'refused', code: 'clever_district_error' }, 'clever', /by itself/],
  ] as const)('is reported to staff and the district with its age: %j', async (last, owner, pattern) => {
    clock.advance(9 * day + 3_600);
    await synced(last);
    const found = await refuse(newcomer);
    expect(found.attempt.code).toBe('not_rostered');
    const fact = found.facts.find(({ kind }) => kind === 'roster_not_read');
    expect(fact).toMatchObject({ owner, days_old: 9, code: last.code });
    expect(fact && describeFact(fact)).toMatch(pattern);
    expect(writeDistrictMessage(found)).toMatch(/The roster from Clever is 9 days old/);
  });

  it.each([
    ['the last sync was published', { result: 'published' }],
    ['a held roster waits for an approval', { result: 'held', code: 'guard' }],
  ] as const)('is no fact where %s', async (_what, last) => {
    await synced(last);
    const found = await refuse(newcomer);
    expect(found.facts.map(({ kind }) => kind)).not.toContain('roster_not_read');
    expect(writeDistrictMessage(found)).not.toMatch(/days old/);
  });

  it('is no fact of a refusal that no roster decides', async () => {
    await synced({ result: 'failed', code: 'clever_misconfigured', reason: 'not-allowed' });
    const found = await refuse({ ...newcomer, user_type: 'contact' });
    expect(found.attempt.code).toBe('user_type_unsupported');
    expect(found.facts.map(({ kind }) => kind)).not.toContain('roster_not_read');
  });
});
