// Changing a district: who may sign in through it changes with the Clever district it is linked to.
import { createPutDistrict } from '../../src/support/put-district.ts';
import { claimsOf, createDecider, juniper, opening } from '../sign-in/decider.ts';
import { feed, students } from '../support/feeds.ts';
import { furnish, type TestOffice } from '../support/office.ts';
import { embedded, type Ground } from '../support/stores.ts';

describe('a district', () => {
  let ground: Ground;
  let office: TestOffice;
  let token: string;
  beforeAll(async () => {
    ground = await embedded.start();
  });
  beforeEach(async () => {
    office = await furnish(await ground.place().open());
    await office.districts.put(juniper);
    await office.publisher.publish(juniper.id, 'sftp', feed(...students(2)));
    const outcome = await createDecider(office)(claimsOf(), opening);
    if (outcome.kind === 'refused') throw new Error(outcome.code);
    token = await office.tokens.issue(outcome.claims);
  });
  afterAll(() => ground.stop());

  const put = () => createPutDistrict({ ...office, settleMs: 10 });

  it('that is linked to another Clever district ends the sessions of whom the former one let in, and says why', async () => {
    const other = { ...juniper, cleverId: 'bbbb1c1571758a8688d55e57' };
    expect(await put()(other, 'command')).toEqual({ kind: 'done', isRelinked: true });
    expect(await office.findLiveSession(token)).toBeUndefined();
    expect(await office.trail.list(juniper.id, 1)).toMatchObject([
      { action: 'sessions_ended', account: 'all', by: 'command', reason: 'linked to another Clever district' },
    ]);
  });

  it('that gets another name ends nobody’s session', async () => {
    expect(await put()({ ...juniper, name: 'Juniper' }, 'command')).toEqual({ kind: 'done', isRelinked: false });
    expect(await office.findLiveSession(token)).toBeDefined();
  });
});
