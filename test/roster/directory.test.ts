// Looking accounts up: a little too much rather than too little, and one account whatever feeds it stands in.
import { feed, staff, student } from '../support/feeds.ts';
import { furnish, type TestOffice } from '../support/office.ts';
import { engines, type Ground } from '../support/stores.ts';

const districtId = 'juniper-flats';
const email = 'Ann.Lee@juniper.example';

describe.each(engines)('the directory in $name', ({ start }) => {
  let ground: Ground;
  let office: TestOffice;

  beforeAll(async () => {
    ground = await start();
    office = await furnish(await ground.place().open());
    await office.publisher.publish(
      districtId,
      'sftp',
      feed(
        student({ sisId: 's1', email, givenName: 'Ann', familyName: 'Lee', grade: '5' }),
        student({ sisId: 's2', email: undefined, givenName: 'No', familyName: 'Mail' }),
        staff({ sisId: 'f1', email, givenName: 'Ann', familyName: 'Lee' }),
      ),
    );
    await office.publisher.publish(
      districtId,
      'manual',
      feed(student({ sisId: 's1', email: 'ann@manual.example', givenName: 'Annie', familyName: 'Lee', schoolId: 'm' })),
    );
    await office.publisher.publish(
      districtId,
      'secure-sync',
      feed(student({ sisId: 's3', email: undefined, cleverId: 'clever-3', givenName: 'Ann', familyName: 'Lee' })),
    );
  });
  afterAll(() => ground.stop());

  const standingNow = async () => (await office.standings.read(districtId, 0)).standing;
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
    expect(sisIds(await office.directory.findByEmail(districtId, await standingNow(), address))).toEqual(['f1', 's1']);
  });

  it.each(['annlee@juniper.example', 'ann.lee@juniper.exampl', 'lee.ann@juniper.example', '', '@'])(
    'finds nobody by %j',
    async (address) => {
      expect(await office.directory.findByEmail(districtId, await standingNow(), address)).toEqual([]);
    },
  );

  it('gives an account of two feeds once, with both sources, by either address', async () => {
    for (const address of [email, 'ann@manual.example']) {
      const found = await office.directory.findByEmail(districtId, await standingNow(), address);
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
    const standing = await standingNow();
    const [account] = await office.directory.findByCleverId(districtId, standing, 'clever-3');
    expect(account).toMatchObject({ sisId: 's3', sources: [{ method: 'secure-sync', cleverId: 'clever-3' }] });
    expect(await office.directory.findByCleverId(districtId, standing, 'Clever-3')).toEqual([]);
    expect(sisIds(await office.directory.findByName(districtId, standing, ' ANN', 'lee '))).toEqual(['f1', 's1', 's3']);
    expect(await office.directory.findByName(districtId, standing, 'AnnLee', '')).toEqual([]);
    expect(await office.directory.find(districtId, standing, account?.accountId ?? '')).toEqual(account);
    expect(await office.directory.find(districtId, standing, 'nobody')).toBeUndefined();
  });

  it('finds nobody of another district', async () => {
    expect(await office.directory.findByEmail('port-wexley', await standingNow(), email)).toEqual([]);
  });
});
