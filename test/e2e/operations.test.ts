// What an operator types while people are signed in: rosters published, held, approved and rolled back, links released,
// districts removed. Seen from the running server; exit codes and --json as contract section 7 says.
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { juniperFlats, portWexley } from '../../sandbox/clever/districts.ts';
import { demoPerson } from '../../sandbox/clever/people.ts';
import { findRoot } from '../../sandbox/demo/find-root.ts';
import { type DistrictShape, writeDistrict } from '../../sandbox/district-maker.ts';
import { demoShape } from '../../sandbox/rosters/make-rosters.ts';
import { engines, type Fixture, isAtProduct, startFixture } from '../helpers/bridge.ts';
import { bodyOf, problemAccept } from '../helpers/bridge-client.ts';
import type { CommandResult } from '../helpers/bridge-command.ts';
import { until } from '../helpers/bridge-process.ts';

const student = demoPerson('student');

describe.each(engines)('an operator, on the %s store', (engine) => {
  let fixture: Fixture;
  const folder = mkdtempSync(join(tmpdir(), 'sso-rosters-'));

  // One fixture for all tests: each leaves today's roster active, and the last ones erase it.
  beforeAll(async () => {
    fixture = await startFixture({ engine });
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await fixture.stop();
  });

  async function rosterFolder(name: string, change: (shape: DistrictShape) => DistrictShape): Promise<string> {
    const path = join(folder, `${engine}-${name}`);
    await writeDistrict(path, change(demoShape(juniperFlats.slug)));
    return path;
  }
  const without = (sisId: string) => (shape: DistrictShape) => {
    return { ...shape, extra: (shape.extra ?? []).filter((one) => one.sisId !== sisId) };
  };
  const today = join(findRoot(), 'sandbox', 'rosters', juniperFlats.slug);
  const publish = (path: string, ...more: readonly string[]) =>
    fixture.command('roster', 'publish', path, '--district', juniperFlats.slug, '--method', 'sftp', ...more);
  const roster = (verb: string, ...more: readonly string[]) =>
    fixture.command('roster', verb, ...more, '--district', juniperFlats.slug);
  const signIn = (person: string) => fixture.browser().open(fixture.launchAddress(person), { accept: problemAccept });
  const outcomeOf = async (person: string) => {
    const answer = await signIn(person);
    return isAtProduct(fixture, answer) ? 'signed in' : bodyOf(answer)['code'];
  };
  const resultOf = ({ exitCode, json }: CommandResult) => [exitCode, json['result'] ?? Object(json['error']).code];
  async function openSession(person: string): Promise<() => Promise<number>> {
    const client = fixture.browser();
    expect(isAtProduct(fixture, await client.open(fixture.launchAddress(person)))).toBe(true);
    return async () => (await client.once(`${fixture.publicUrl}/session`)).status;
  }

  it('publishes a roster that the running server knows within a second, and only its own district', async () => {
    const extra = { record: 'student', sisId: '719999', givenName: 'Mateus', familyName: 'Ilves' } as const;
    const email = demoPerson('not-rostered').email ?? '';
    const { slug } = portWexley;
    expect(await outcomeOf('not-rostered')).toBe('not_rostered');
    const elsewhere = await rosterFolder('elsewhere', (shape) => ({
      ...shape,
      extra: [...(shape.extra ?? []), { ...extra, email }],
    }));
    expect(resultOf(await publish(elsewhere))).toEqual([0, 'published']);
    expect(await outcomeOf('not-rostered')).toBe('not_rostered');
    const here = join(folder, `${engine}-here`);
    const shape = demoShape(slug);
    await writeDistrict(here, { ...shape, extra: [...(shape.extra ?? []), { ...extra, email }] });
    expect(resultOf(await fixture.command('roster', 'publish', here, '--district', slug, '--method', 'sftp'))).toEqual([
      0,
      'published',
    ]);
    await until(async () => (await outcomeOf('not-rostered')) === 'signed in', 'the new student to be known');
  });

  it('ends the session of an account that a publish removed, at once and for good', async () => {
    const [gone, other] = [await openSession('student'), await openSession('teacher')];
    const smaller = await rosterFolder('smaller', without(student.rostered[0]?.sisId ?? ''));
    expect(resultOf(await publish(smaller))).toEqual([0, 'published']);
    expect([await gone(), await other()]).toEqual([401, 200]);
    expect(await outcomeOf('student')).toBe('account_inactive');
    expect(resultOf(await publish(today))).toEqual([0, 'published']);
    await until(async () => (await outcomeOf('student')) === 'signed in', 'the student to be known again');
    expect([await gone(), await other()]).toEqual([401, 200]);
  });

  it('keeps the account id when a student leaves and comes back', async () => {
    const idOf = async () => {
      const client = fixture.browser();
      await client.open(fixture.launchAddress('student'));
      return Object(bodyOf(await client.once(`${fixture.publicUrl}/session`))['account']).id;
    };
    const before = await idOf();
    await publish(await rosterFolder('gone', without(student.rostered[0]?.sisId ?? '')));
    await publish(today);
    await until(async () => (await outcomeOf('student')) === 'signed in', 'the student to be known again');
    expect(await idOf()).toBe(before);
  });

  it('only checks with check, whatever it finds', async () => {
    const live = await openSession('student');
    const smaller = await rosterFolder('checked', without(student.rostered[0]?.sisId ?? ''));
    const checked = await roster('check', smaller, '--method', 'sftp');
    expect([resultOf(checked), checked.json['changes']]).toMatchObject([[0, 'checked'], { student: { removed: 1 } }]);
    expect([await live(), await outcomeOf('student')]).toEqual([200, 'signed in']);
  });

  it('holds a roster that would lock a school out, until it is approved; and rolls it back', async () => {
    const live = await openSession('student');
    const renamed = await rosterFolder('renamed', (shape) => ({ ...shape, domain: 'renamed.example' }));
    expect(resultOf(await roster('check', renamed, '--method', 'sftp'))).toEqual([1, 'checked']);
    const held = await publish(renamed);
    expect([resultOf(held), held.json['held']]).toMatchObject([
      [1, 'held'],
      expect.arrayContaining([expect.objectContaining({ kind: 'student', address_changed: 48 })]),
    ]);
    expect([await live(), await outcomeOf('student')]).toEqual([200, 'signed in']);
    const [feed] = [(await roster('status')).json['feeds']].flat();
    expect(feed).toMatchObject({ method: 'sftp', held: { changes: { student: { address_changed: 48 } } } });

    expect(resultOf(await roster('approve'))).toEqual([0, 'published']);
    expect(resultOf(await roster('approve'))).toEqual([1, 'nothing_held']);
    // The demo's own people kept their address, so none of them is signed out.
    expect([await live(), await outcomeOf('student')]).toEqual([200, 'signed in']);
    expect(resultOf(await roster('rollback'))).toEqual([0, 'rolled_back']);
    expect(resultOf(await roster('rollback'))).toEqual([1, 'nothing_to_roll_back_to']);
    expect(await outcomeOf('student')).toBe('signed in');
  });

  it('publishes at once with --approve, and a rollback brings back who was dropped', async () => {
    const emptied = await rosterFolder('emptied', (shape) => ({
      ...shape,
      students: 0,
      extra: without(student.rostered[0]?.sisId ?? '')(shape).extra ?? [],
    }));
    expect(resultOf(await publish(emptied, '--approve'))).toEqual([0, 'published']);
    await until(async () => (await outcomeOf('student')) === 'account_inactive', 'the student to be gone');
    expect(resultOf(await roster('rollback'))).toEqual([0, 'rolled_back']);
    await until(async () => (await outcomeOf('student')) === 'signed in', 'the student to be back');
  });

  it('refuses a roster with errors, says where, and keeps the active one', async () => {
    const broken = await rosterFolder('broken', (shape) => shape);
    rmSync(join(broken, 'students.csv'));
    const missing = await publish(broken);
    expect([resultOf(missing), missing.json['findings']]).toMatchObject([
      [1, 'refused'],
      expect.arrayContaining([
        expect.objectContaining({ severity: 'error', code: 'file_missing', file: 'students.csv' }),
      ]),
    ]);
    const clashing = await rosterFolder('clashing', (shape) => shape);
    appendFileSync(join(clashing, 'teachers.csv'), `${'x,9101'}\n`);
    const malformed = await publish(clashing);
    expect(malformed.json['finding_counts']).toMatchObject({ row_malformed: 1 });
    expect(malformed.stdout).not.toMatch(/@|Achterberg/);
    expect(await outcomeOf('student')).toBe('signed in');
  });

  it('lets the next owner of a recycled address in after link release', async () => {
    expect(await outcomeOf('recycled-first')).toBe('signed in');
    const refusal = bodyOf(await signIn('recycled-second'));
    expect(refusal['code']).toBe('identity_changed');
    const found = await fixture.command('attempts', '--reference', String(refusal['reference']));
    const [attempt] = [found.json['attempts']].flat();
    const [about] = [Object(attempt).about].flat();
    const release = (...words: readonly string[]) =>
      fixture.command('link', 'release', '--district', juniperFlats.slug, ...words);
    expect((await release('--account', about.account)).exitCode).toBe(2);
    expect((await release('--reason', 'both or none')).exitCode).toBe(2);
    expect(resultOf(await release('--account', '00000000-0000-8000-8000-000000000000', '--reason', 'a typo'))).toEqual([
      1,
      'not_linked',
    ]);
    expect((await release('--account', about.account, '--reason', 'the address was given to Joaquim')).exitCode).toBe(
      0,
    );
    await until(async () => (await outcomeOf('recycled-second')) === 'signed in', 'the new owner to sign in');
    // Clever's Data API gives Jonah the very record that the account is: contract section 2, line 8.
    expect(await outcomeOf('recycled-first')).toBe('signed in');
    expect(await outcomeOf('recycled-second')).toBe('identity_changed');
    expect((await release('--all', '--reason', 'a new student information system')).exitCode).toBe(0);
    await until(async () => (await outcomeOf('recycled-second')) === 'signed in', 'all users to link anew');
  });

  it('erases a district with everything it ever had', async () => {
    const live = await openSession('student');
    const reference = String(bodyOf(await signIn('capital'))['reference']);
    const other = String(bodyOf(await signIn('other-domain'))['reference']);
    const removed = await fixture.command('district', 'remove', juniperFlats.slug);
    expect([removed.exitCode, removed.json]).toMatchObject([
      0,
      { district: juniperFlats.slug, erased: { generations: expect.any(Number), attempts: expect.any(Number) } },
    ]);
    expect(await live()).toBe(401);
    await until(async () => (await outcomeOf('student')) === 'district_not_linked', 'the district to be gone');
    const count = async (...words: readonly string[]) =>
      [(await fixture.command('attempts', ...words)).json['attempts']].flat().length;
    expect([await count('--reference', reference), await count('--email', demoPerson('capital').email ?? '')]).toEqual([
      0, 0,
    ]);
    expect(await count('--reference', other)).toBe(1);
    expect(resultOf(await roster('status'))).toEqual([1, 'district_unknown']);

    const words = ['--clever-id', juniperFlats.id, '--name', juniperFlats.name, '--rostering', 'sftp'];
    expect((await fixture.command('district', 'put', juniperFlats.slug, ...words)).exitCode).toBe(0);
    await until(async () => (await outcomeOf('student')) === 'roster_pending', 'the district to be new');
    expect(await live()).toBe(401);
  });

  it('links a Clever district to one of ours only, and says by exit code 2 what was typed wrongly', async () => {
    const put = (...words: readonly string[]) => fixture.command('district', 'put', ...words);
    const rest = ['--name', 'Another', '--rostering', 'sftp'];
    expect((await put('another', '--clever-id', juniperFlats.id, ...rest)).exitCode).toBe(1);
    // What else can be typed wrongly is tried where no process has to start: test/cli/commands.test.ts.
    expect((await put('another', '--clever-id', 'not-hex', ...rest)).exitCode).toBe(2);
    expect(resultOf(await roster('publish', today, '--method', 'manual'))).toEqual([1, 'method_not_used']);
    expect(resultOf(await roster('publish', join(folder, 'nowhere'), '--method', 'sftp'))).toEqual([
      1,
      'path_unreadable',
    ]);
    const { json } = await fixture.command('district', 'list');
    expect([json['districts']].flat().map((one) => Object(one).id)).toEqual([
      'alder-creek',
      'juniper-flats',
      'port-wexley',
    ]);
  });
});
