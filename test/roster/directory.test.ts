// Looking accounts up: rather too many candidates than too few, and one account for all its feeds.
import { feed, staff, student } from '../helpers/feeds.ts';
import { createServices, type TestServices } from '../helpers/services.ts';
import { engines, type StoreFixture } from '../helpers/stores.ts';

const districtId = 'juniper-flats';
const email = 'Ann.Lee@juniper.example';

describe.each(engines)('the directory in $name', ({ start }) => {
  let storeFixture: StoreFixture;
  let services: TestServices;

  beforeAll(async () => {
    storeFixture = await start();
    services = await createServices(await storeFixture.place().open());
    await services.publisher.publish(
      districtId,
      'sftp',
      feed(
        student({ sisId: 's1', email, givenName: 'Ann', familyName: 'Lee', grade: '5' }),
        student({ sisId: 's2', email: undefined, givenName: 'No', familyName: 'Mail' }),
        staff({ sisId: 'f1', email, givenName: 'Ann', familyName: 'Lee' }),
      ),
    );
    await services.publisher.publish(
      districtId,
      'manual',
      feed(student({ sisId: 's1', email: 'ann@manual.example', givenName: 'Annie', familyName: 'Lee', schoolId: 'm' })),
    );
    await services.publisher.publish(
      districtId,
      'secure-sync',
      feed(student({ sisId: 's3', email: undefined, cleverId: 'clever-3', givenName: 'Ann', familyName: 'Lee' })),
    );
  });
  afterAll(() => storeFixture.stop());

  const rosterNow = (district = districtId) => services.rosters.read(district, 0);
  const sisIds = (accounts: readonly { sisId: string }[]) => accounts.map(({ sisId }) => sisId).sort();

  it.each([
    email,
    'ann.lee@juniper.example',
    'ANN.LEE@JUNIPER.EXAMPLE',
    ` ${email}`,
    `${email}\u00a0`,
    'Ann.Leе@juniper.example',
    'Ａnn.Lee@juniper.example',
    'Ann.\u200bLee@juniper.example',
    'Ann.Lee@junıper.example',
  ])('finds both kinds by %j, which looks like the address', async (address) => {
    expect(sisIds(await services.directory.findByEmail(await rosterNow(), address))).toEqual(['f1', 's1']);
  });

  it.each(['annlee@juniper.example', 'ann.lee@juniper.exampl', 'lee.ann@juniper.example', '', '@'])(
    'finds no account by %j',
    async (address) => {
      expect(await services.directory.findByEmail(await rosterNow(), address)).toEqual([]);
    },
  );

  it('gives an account of two feeds once, with both sources, by either address', async () => {
    for (const address of [email, 'ann@manual.example']) {
      const found = await services.directory.findByEmail(await rosterNow(), address);
      const account = found.find(({ sisId }) => sisId === 's1');
      expect(account).toMatchObject({
        kind: 'student',
        grade: '5',
        givenName: 'Ann',
        schoolIds: ['school-1', 'm'],
        sources: [
          { method: 'sftp', email },
          { method: 'manual', email: 'ann@manual.example' },
        ],
      });
    }
  });

  it('finds by Clever id, by name in any case and spacing, and by account id', async () => {
    const roster = await rosterNow();
    const [account] = await services.directory.findByCleverId(roster, 'clever-3');
    expect(account).toMatchObject({ sisId: 's3', sources: [{ method: 'secure-sync', cleverId: 'clever-3' }] });
    expect(await services.directory.findByCleverId(roster, 'Clever-3')).toEqual([]);
    expect(sisIds(await services.directory.findByName(roster, ' ANN', 'lee '))).toEqual(['f1', 's1', 's3']);
    expect(await services.directory.findByName(roster, 'AnnLee', '')).toEqual([]);
    expect(await services.directory.find(roster, account?.accountId ?? '')).toEqual(account);
    expect(await services.directory.find(roster, 'nobody')).toBeUndefined();
  });

  it('finds no account of another district', async () => {
    expect(await services.directory.findByEmail(await rosterNow('port-wexley'), email)).toEqual([]);
  });
});
