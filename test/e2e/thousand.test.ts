// A district of about a thousand students in a real-looking export, published by command: its people sign in by exact
// email, and every near miss is refused with the right code and difference.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DistrictShape, type MadePerson, makeDistrict, writeDistrict } from '../../sandbox/district-maker.ts';
import { engines, type Fixture, isAtProduct, startFixture } from '../helpers/bridge.ts';
import { bodyOf, problemAccept } from '../helpers/bridge-client.ts';

const shape: DistrictShape = {
  students: 1_000,
  teachers: 70,
  staff: 30,
  seed: 20_261,
  lineEnds: 'mixed',
  headerStyle: 'School id',
};
const district = makeDistrict(shape);
const { people } = district;
const cleverDistrict = { id: district.cleverId, slug: 'made', name: 'Made District', apps: ['summit-k12'] as const };

const every = (role: MadePerson['role'], count: number) => {
  const all = people.filter((one) => one.role === role);
  return all.filter((_, index) => index % Math.max(1, Math.floor(all.length / count)) === 0).slice(0, count);
};
const sample = [...every('student', 30), ...every('teacher', 20), ...every('staff', 10), ...every('administrator', 5)];

type Change = (email: string, index: number) => string;

/** What alternates by person does so that both places are met. */
const changes: readonly (readonly [difference: string, change: Change])[] = [
  ['case', (email, index) => email.replace(index % 2 === 0 ? /^./ : /@./, (sign) => sign.toUpperCase())],
  ['whitespace', (email, index) => (index % 2 === 0 ? ` ${email}` : `${email} `)],
  ['unicode', (email) => email.replace(/[aeo]/, (letter) => ({ a: '\u0430', e: '\u0435', o: '\u043e' })[letter] ?? '')],
  ['domain', (email) => email.replace(/@.*/, '@former.example')],
  ['local_part', (email) => `x${email}`],
];

/** Eight at a time. */
async function all<Item>(items: readonly Item[], work: (item: Item, index: number) => Promise<void>): Promise<void> {
  for (let from = 0; from < items.length; from += 8)
    await Promise.all(items.slice(from, from + 8).map((item, offset) => work(item, from + offset)));
}

describe.each(engines)('a district of a thousand students, on the %s store', (engine) => {
  let fixture: Fixture;
  const folder = mkdtempSync(join(tmpdir(), 'sso-made-'));

  beforeAll(async () => {
    await writeDistrict(folder, shape);
    fixture = await startFixture({ engine, rosters: 'none', people, clever: { districts: [cleverDistrict] } });
    const words = ['--clever-id', district.cleverId, '--name', cleverDistrict.name, '--rostering', 'sftp'];
    expect((await fixture.command('district', 'put', 'made', ...words)).exitCode).toBe(0);
    const { exitCode, json } = await fixture.command(
      'roster',
      'publish',
      folder,
      '--district',
      'made',
      '--method',
      'sftp',
    );
    const teaching = people.filter(({ role }) => role === 'teacher').length;
    expect([exitCode, json['result'], json['accounts']]).toMatchObject([
      0,
      'published',
      { student: 1_000, teacher: teaching },
    ]);
  }, 300_000);
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await fixture.stop();
  });

  const signIn = (person: MadePerson) =>
    fixture.browser().open(fixture.launchAddress(person.id), { accept: problemAccept });

  it('comes with files of bare carriage returns', () => {
    expect(readFileSync(join(folder, 'students.csv'), 'utf8')).toMatch(/^[^\n]*\r[^\n]*$/);
    expect(sample).toHaveLength(65);
  });

  it('signs a sample of all roles in by exact email, each as themselves', async () => {
    await all(sample, async (person) => {
      const client = fixture.browser();
      const answer = await client.open(fixture.launchAddress(person.id));
      expect([person.sisId, isAtProduct(fixture, answer)]).toEqual([person.sisId, true]);
      const { account } = bodyOf(await client.once(`${fixture.publicUrl}/session`));
      // A teacher who is also staff is one person with the teacher's account.
      expect(account).toMatchObject({ role: person.role, given_name: person.givenName, sis_id: person.sisId });
    });
  });

  const expectMismatch = (people: readonly MadePerson[], difference: string, change: Change) =>
    all(people, async (person, index) => {
      const email = change(person.email, index);
      expect(email).not.toBe(person.email);
      fixture.clever.setPerson({ ...person, email });
      const answer = await signIn(person);
      fixture.clever.setPerson(person);
      const { code, difference: shown } = bodyOf(answer);
      expect([person.email, answer.status, code, shown]).toEqual([person.email, 403, 'email_mismatch', difference]);
    });

  // Every user of the sample is linked, so the Clever id identifies them. The difference is decided without the store:
  // on the second one, each of the sample has one of the changes, and each change a user of every role.
  it.each(changes.map((change, at) => [...change, at] as const))(
    'refuses the sample after a change of %s',
    (difference, change, at) =>
      expectMismatch(
        engine === 'embedded' ? sample : sample.filter((_, index) => index % 5 === at),
        difference,
        change,
      ),
  );

  it.each(changes)(
    'refuses people who never signed in after a change of %s, known by look or by name',
    (difference, change) => {
      const strangers = people.filter((one) => one.role === 'student' && !one.sharesName && !sample.includes(one));
      return expectMismatch(strangers.slice(0, 8), difference, change);
    },
  );

  it('lets them in again when Clever is put right', async () => {
    const [person] = sample;
    if (person === undefined) throw new TypeError('the sample is empty');
    expect(isAtProduct(fixture, await signIn(person))).toBe(true);
  });
});
