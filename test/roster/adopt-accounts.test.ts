// Employees whom one roster knows by address only: one account with the other roster's, or none; never another person's.
import { type AccountRow, type FeedItem, toAddressKey } from '../../src/formats/feed.ts';
import { feed, type Person, staff, student, students, teacher } from '../helpers/feeds.ts';
import { createServices, type TestServices } from '../helpers/services.ts';
import { engines, type StoreFixture } from '../helpers/stores.ts';

const district = {
  id: 'juniper-flats',
  cleverId: '5a5a',
  name: 'Juniper Flats',
  rostering: ['sftp', 'manual'],
} as const;
const ada = 'ada@juniper.example';

/** As Summit's template gives an employee. */
const byAddress = (email: string, more: Partial<Person> = {}): AccountRow =>
  teacher({ sisId: toAddressKey(email), email, position: 'lead_teacher', ...more });

describe.each(engines)('an employee without an id, in $name', ({ start }) => {
  let storeFixture: StoreFixture;
  let services: TestServices;
  beforeAll(async () => {
    storeFixture = await start();
  });
  beforeEach(async () => {
    services = await createServices(await storeFixture.place().open());
    await services.districts.put(district);
  });
  afterAll(() => storeFixture.stop());

  const publish = (method: 'sftp' | 'manual', ...rows: readonly FeedItem[]) =>
    services.publisher.publish(district.id, method, feed(...rows), { approve: true });
  const publishKind = (replaces: 'student' | 'employee', ...rows: readonly FeedItem[]) =>
    publish(
      'manual',
      { kind: 'format', format: 'summit-template', option: 'provisioning', replaces: [replaces] },
      ...rows,
    );
  async function find(email: string) {
    const roster = await services.rosters.read(district.id, 0);
    return services.directory.findByEmail(roster, email);
  }
  const idsOf = async (email: string) => (await find(email)).map(({ accountId }) => accountId);

  it('keeps the account when another method gives the id later, and when the manual roster is gone', async () => {
    await publish('manual', byAddress(ada));
    const [before] = await idsOf(ada);
    await publish('sftp', teacher({ sisId: 'T-1', email: ada }));
    expect(await find(ada)).toMatchObject([
      {
        accountId: before,
        sisId: 'T-1',
        position: 'lead_teacher',
        sources: [{ method: 'sftp' }, { method: 'manual' }],
      },
    ]);
    await publish('manual');
    expect(await idsOf(ada)).toEqual([before]);
    await publish('sftp', teacher({ sisId: 'T-1', email: 'ada.byron@juniper.example' }));
    expect(await idsOf('ada.byron@juniper.example')).toEqual([before]);
  });

  it('is a further source of the one employee of another method with the address', async () => {
    await publish('sftp', staff({ sisId: 'F-1', email: ada }));
    const [before] = await idsOf(ada);
    await publish('manual', byAddress(ada));
    expect(await find(ada)).toMatchObject([{ accountId: before, sisId: 'F-1', role: 'teacher' }]);
    expect(await find(ada)).toHaveLength(1);
  });

  it('adopts no account where several have the address, and reports it', async () => {
    await publish('sftp', staff({ sisId: 'F-1', email: ada }), staff({ sisId: 'F-2', email: ada }));
    const others = Array.from({ length: 20 }, (_none, index) => byAddress(`other${index}@juniper.example`));
    const result = await publish('manual', ...others, byAddress(ada, { place: { file: 'teachers.csv', line: 7 } }));
    expect(result.findings.list).toEqual([
      expect.objectContaining({ code: 'email_shared', rowLeftOut: true, place: { file: 'teachers.csv', line: 7 } }),
    ]);
    expect(result.report.accounts).toMatchObject({ teacher: 20 });
  });

  it('has nothing to do with a student of the address', async () => {
    await publish('sftp', student({ sisId: 'S-1', email: ada }));
    await publish('manual', byAddress(ada));
    expect(await find(ada)).toHaveLength(2);
  });

  it('is one person with a line for each role, whatever the record', async () => {
    const names = { givenName: 'Ada', familyName: 'Byron' };
    await publish('manual', byAddress(ada, names));
    const [before] = await idsOf(ada);
    const admin = { ...names, record: 'staff', role: 'administrator', position: 'school_admin' } as const;
    await publish('manual', byAddress(ada, names), byAddress(ada, admin));
    expect(await find(ada)).toMatchObject([{ accountId: before, role: 'administrator', position: 'school_admin' }]);
  });

  it('leaves the account to the record that took it when the address goes to another', async () => {
    await publish('manual', byAddress(ada));
    const [before] = await idsOf(ada);
    await publish('sftp', teacher({ sisId: 'T-1', email: ada }));
    await publish('sftp', teacher({ sisId: 'T-2', email: ada }));
    expect(
      (await find(ada)).filter(({ sources }) => sources.some(({ method }) => method === 'sftp')),
    ).not.toContainEqual(expect.objectContaining({ accountId: before }));
  });

  it('takes no account from an employee who has one already', async () => {
    await publish('sftp', teacher({ sisId: 'T-1', email: 'old@juniper.example' }));
    const [before] = await idsOf('old@juniper.example');
    await publish('manual', byAddress(ada));
    await publish('sftp', teacher({ sisId: 'T-1', email: ada }));
    expect(await idsOf(ada)).toContain(before);
    await publish('manual', byAddress(ada));
    expect(await idsOf(ada)).toEqual([before]);
  });

  it('stays when students alone are published, and students when employees are', async () => {
    await publishKind('employee', byAddress(ada));
    const both = await publishKind('student', ...students(20));
    expect(both).toMatchObject({
      kind: 'published',
      report: { replaces: ['student'], accounts: { student: 20, teacher: 1 }, changes: { employee: { unchanged: 1 } } },
    });
    const next = await services.publisher.publish(
      district.id,
      'manual',
      feed(
        { kind: 'format', format: 'summit-template', option: 'provisioning', replaces: ['employee'] },
        byAddress('bo@juniper.example'),
      ),
    );
    expect(next).toMatchObject({ kind: 'published', report: { accounts: { student: 20, teacher: 1 } } });
    expect([await find(ada), await find('bo@juniper.example'), await find('student.s3@juniper.example')]).toMatchObject(
      [[], [{}], [{}]],
    );
  });

  it('is not lost to a roster of students that was read while that of employees was published', async () => {
    await publishKind('employee', byAddress(ada));
    async function* slow() {
      yield { kind: 'format', format: 'summit-template', option: 'provisioning', replaces: ['student'] } as const;
      await publishKind('employee', byAddress('bo@juniper.example'));
      yield* students(3);
    }
    const result = await services.publisher.publish(district.id, 'manual', slow());
    expect(result).toMatchObject({ kind: 'refused', findings: { counts: { roster_changed_since: 1 } } });
    expect(await find('bo@juniper.example')).toHaveLength(1);
  });
});
