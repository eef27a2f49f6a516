// OneRoster sets published: each account under one id whatever its employee's role, nothing applied of a wrong set.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSent } from '../../src/admin/read-sent.ts';
import { full11, full12, provisioning11, type Sets } from '../helpers/oneroster.ts';
import { createServices, type TestServices } from '../helpers/services.ts';
import { engines, type StoreFixture } from '../helpers/stores.ts';

const district = 'quartz';

describe.each(engines)('a OneRoster set on $name', (engine) => {
  let storeFixture: StoreFixture;
  let folder: string;
  let services: TestServices;
  beforeAll(async () => {
    storeFixture = await engine.start();
  });
  afterAll(() => storeFixture.stop());
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'oneroster-'));
    services = await createServices(await storeFixture.place().open());
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function publish(files: Sets) {
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    const sent = await readSent(folder, 'sftp', { clock: () => Date.parse('2026-10-05T12:00:00Z') });
    if (sent === undefined) throw new TypeError('nothing to read');
    return services.recordedPublisher.publish(district, sent, 'command');
  }

  async function find(email: string) {
    const roster = await services.rosters.read(district, 0);
    return services.directory.findByEmail(roster, email);
  }

  it('publishes people, classes and enrollments, and says what it read', async () => {
    const { kind, report } = await publish(full11());
    expect(kind).toBe('published');
    expect(report).toMatchObject({
      format: 'oneroster-1.1',
      option: 'full',
      accounts: { student: 2, teacher: 2, administrator: 2, staff: 1 },
      not_kept: { inactive: 0, guardians: 0 },
      schools: 2,
      classes: 1,
      enrollments: 1,
    });
    expect(await find('s2@quartz.example')).toMatchObject([{ role: 'student', schoolIds: ['h1', 'h2'] }]);
  });

  it('keeps the account of a teacher who becomes an administrator', async () => {
    await publish(provisioning11());
    const [before] = await find('t1@quartz.example');
    await publish(provisioning11({ t1: { role: 'administrator', orgSourcedIds: 'h1' } }));
    const [after] = await find('t1@quartz.example');
    expect(after).toMatchObject({ accountId: before?.accountId, role: 'administrator' });
  });

  const departments = Array.from({ length: 20 }, (_, at) => `dep${at},,,Department,department,,d1\n`).join('');
  const leavers = Object.fromEntries(
    Array.from({ length: 40 }, (_, at) => [`x${at}`, { role: 'student', orgSourcedIds: 'h1', enabledUser: 'false' }]),
  );
  const manyRoles = Array.from({ length: 20 }, (_, at) => `r${at},,,s1,secondary,student,,,h1,\n`).join('');
  const more = (set: Sets, file: string, rows: string): Sets => ({ ...set, [file]: `${set[file]}${rows}` });

  it.each<[string, string, Sets]>([
    [
      'role that is none',
      'role_unknown',
      more(full12(), 'roles.csv', `${manyRoles}r99,,,s1,secondary,janitor,,,h1,\n`),
    ],
    [
      'course without an id',
      'row_without_id',
      more(full11(), 'courses.csv', `${'m1,,,,Maths,,,,,\n'.repeat(20)},,,,Nameless,,,,,\n`),
    ],
    ['org without an id', 'row_without_id', more(full11(), 'orgs.csv', `${departments},,,Nameless,school,,d1\n`)],
    [
      'user with a changed id beside many who left',
      'id_as_number',
      more(full11(leavers), 'users.csv', '7.0,,,true,h1,student,,,Other,Person,,,o@quartz.example,,,,,\n'),
    ],
    [
      'enrollment of an unknown user beside many that ended',
      'unknown_person',
      more(
        full11(),
        'enrollments.csv',
        `${'e,tobedeleted,,k1,h1,s1,student,,,\n'.repeat(20)}e9,,,k1,h1,zz,student,,,\n`,
      ),
    ],
  ])(
    'leaves one %s out, and takes the rows that are no record of their own for what they are',
    async (_what, code, set) => {
      const { kind, findings } = await publish(set);
      expect([kind, findings.list.map((finding) => finding.code)]).toEqual(['published', [code]]);
    },
  );

  it('applies nothing of a wrong set', async () => {
    await publish(provisioning11());
    const { kind } = await publish({
      ...full11({ s3: { role: 'student' } }),
      'manifest.csv': 'propertyName,value\nfile.users,delta\n',
    });
    expect(kind).toBe('refused');
    expect(await find('s3@quartz.example')).toEqual([]);
    expect(await find('s1@quartz.example')).toHaveLength(1);
  });
});
