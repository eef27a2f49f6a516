// OneRoster sets of three systems, each by every method of upload: published, sent to the main product with
// positions and courses, and used in sign-ins. SFTP is in test/sftp-drop. Then invalid sets.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cleverIdOf, type District, type Person } from '../../sandbox/clever/person.ts';
import { engines, type Fixture, isAtProduct, startFixture } from '../helpers/bridge.ts';
import { bodyOf, problemAccept } from '../helpers/bridge-client.ts';
import { full11, full12, provisioning11, type Sets, tableOf, tolerated11, zipOf } from '../helpers/oneroster.ts';

const makes = {
  'of 1.1': { set: full11(), format: 'oneroster-1.1' },
  'of 1.2': { set: full12(), format: 'oneroster-1.2' },
  'with every tolerance': { set: tolerated11(), format: 'oneroster-1.1' },
} as const;
const ways = ['a folder by command', 'an archive by command', 'an uploaded form', 'an uploaded archive'] as const;
type Way = (typeof ways)[number];

const districtOf = (slug: string): District => ({ id: cleverIdOf(slug), slug, name: slug, apps: ['summit-k12'] });

const cases = Object.entries(makes).flatMap(([make, { set, format }], row) =>
  ways.map((way, column) => ({ make, way, set, format, district: districtOf(`quartz-${row}-${column}`) })),
);
const wrongDistrict = districtOf('quartz-wrong');

const people = [...cases.map(({ district }) => district), wrongDistrict].flatMap(({ id: district, slug }) =>
  (
    [
      ['s1', 'student'],
      ['t1', 'teacher'],
      ['a1', 'staff'],
      ['x9', 'student'],
    ] as const
  ).map(([sisId, userType]): Person => {
    const id = cleverIdOf(`${slug}/${sisId}`);
    const names = { givenName: 'Given', familyName: sisId };
    return { id, legacyId: id, district, userType, email: `${sisId}@quartz.example`, sisId, ...names };
  }),
);

describe.each(engines)('OneRoster on the %s store', (engine) => {
  let fixture: Fixture;
  let folder: string;
  let admin: Record<string, string>;
  let product: Record<string, string>;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sso-oneroster-'));
    const districts = [...cases.map(({ district }) => district), wrongDistrict];
    fixture = await startFixture({ engine, rosters: 'none', people, clever: { districts } });
    const adminCredential = await createCredential('admin');
    const productCredential = await createCredential('product');
    admin = { authorization: `Bearer ${adminCredential['secret']}` };
    const pair = `${productCredential['id']}:${productCredential['secret']}`;
    product = { authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
    for (const { slug, id, name } of districts) {
      const body = JSON.stringify({ clever_id: id, name, rostering: ['sftp'] });
      const headers = { ...admin, 'content-type': 'application/json' };
      const { status } = await fetch(`${fixture.publicUrl}/districts/${slug}`, { method: 'PUT', headers, body });
      expect([200, 201]).toContain(status);
    }
  }, 300_000);
  afterAll(async () => {
    await fixture.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function createCredential(scope: string): Promise<Readonly<Record<string, unknown>>> {
    return (await fixture.command('credential', 'create', '--scope', scope, '--name', 'oneroster')).json;
  }

  function lay(name: string, set: Sets, isZipped: boolean): string {
    const path = join(folder, isZipped ? `${name}.zip` : name);
    if (isZipped) writeFileSync(path, zipOf(set, 'export/'));
    else {
      rmSync(path, { recursive: true, force: true });
      mkdirSync(path);
      for (const [file, text] of Object.entries(set)) writeFileSync(join(path, file), text);
    }
    return path;
  }

  async function upload(slug: string, set: Sets, isZipped: boolean, query = '') {
    const form = new FormData();
    for (const [name, text] of Object.entries(set)) form.append('files', new Blob([text]), name);
    const body = isZipped ? new Blob([Buffer.from(zipOf(set))], { type: 'application/zip' }) : form;
    const address = `${fixture.publicUrl}/districts/${slug}/rosters/sftp${query}`;
    const answer = await fetch(address, { method: 'POST', headers: admin, body });
    return { status: answer.status, json: Object(await answer.json()) };
  }

  async function send(way: Way, slug: string, set: Sets, dryRun: boolean): Promise<object> {
    const isZipped = way.includes('archive');
    if (way.includes('uploaded')) return (await upload(slug, set, isZipped, dryRun ? '?dry_run=true' : '')).json;
    const words = [lay(slug, set, isZipped), '--district', slug, '--method', 'sftp'];
    return (await fixture.command('roster', dryRun ? 'check' : 'publish', ...words)).json;
  }

  async function linesOf(slug: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
    const answer = await fetch(`${fixture.publicUrl}/districts/${slug}/roster`, { headers: product });
    return (await answer.text())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  }

  const arrive = (slug: string, sisId: string, accept?: string) =>
    fixture
      .browser()
      .open(fixture.launchAddress(cleverIdOf(`${slug}/${sisId}`)), accept === undefined ? {} : { accept });

  describe.each(cases)('a set $make as $way', ({ way, set, format, district: { slug } }) => {
    it('is checked without a change, then published', async () => {
      expect(await send(way, slug, set, true)).toMatchObject({ result: 'checked', format, option: 'full' });
      expect(await send(way, slug, set, false)).toMatchObject({
        result: 'published',
        format,
        option: 'full',
        schools: 2,
        classes: 1,
        enrollments: 1,
        accounts: { student: 2 },
      });
    });

    it('gives the main product positions, the class with its course and terms, and who sits in it', async () => {
      const lines = await linesOf(slug);
      const accounts = new Map(lines.map((line) => [line['sis_id'], line]));
      expect(accounts.get('a1')).toMatchObject({ role: 'administrator', position: 'school_admin' });
      expect(accounts.get('t1')).toMatchObject(
        format === 'oneroster-1.2' ? { role: 'administrator', position: 'school_admin' } : { role: 'teacher' },
      );
      expect(accounts.get('s1')).not.toHaveProperty('position');
      expect(lines.filter(({ type }) => type === 'class')).toMatchObject([
        {
          name: 'Algebra 3',
          subject: 'Math, Logic',
          period: '3, 4',
          course: { id: 'alg', title: 'Algebra', code: '0430' },
          terms: [{ id: 'fall', title: 'Fall', start: '2026-08-17', end: '2026-12-18' }],
        },
      ]);
      expect(lines.filter(({ type }) => type === 'enrollment')).toHaveLength(1);
      expect(JSON.stringify(lines)).not.toMatch(/hunter2|555-0100|x1@|x2@|x3@|g1@/);
    });

    it.each([
      ['s1', 'student'],
      ['t1', format === 'oneroster-1.2' ? 'administrator' : 'teacher'],
      ['a1', 'administrator'],
    ])('signs %s in as %s', async (sisId, role) => {
      const answer = await arrive(slug, sisId);
      expect(isAtProduct(fixture, answer)).toBe(true);
      expect(answer.body).toContain(role);
    });
  });

  describe('a wrong set', () => {
    const { slug } = wrongDistrict;
    const more = { x9: { role: 'student', orgSourcedIds: 'h1' } };
    const withRows = (file: string, rows: string): Sets => ({
      ...full11(more),
      [file]: `${full11(more)[file]}${rows}`,
    });

    beforeAll(async () => {
      expect((await upload(slug, provisioning11(), false)).json).toMatchObject({ result: 'published' });
    });

    const wrong: readonly (readonly [string, Sets, Readonly<Record<string, unknown>>])[] = [
      [
        'a set of changes',
        { ...full11(more), 'manifest.csv': tableOf('manifest', [{ propertyName: 'file.users', value: 'delta' }]) },
        { code: 'delta_not_supported', file: 'manifest.csv', line: 2, column: 'value' },
      ],
      [
        'two families of files',
        { ...full11(more), 'students.csv': 'Student_id\n1\n' },
        { code: 'formats_mixed', file: 'students.csv' },
      ],
      [
        'one sourcedId for two people',
        withRows('users.csv', 's1,,,true,h1,student,o,,Other,Person,,n,o@quartz.example,,,,,\n'),
        { severity: 'warning', code: 'id_of_two_people', file: 'users.csv', line: 10, column: 'sourcedId' },
      ],
      [
        'a school twice',
        withRows('orgs.csv', 'h1,,,Other High,school,,d1\n'),
        { code: 'id_of_two_schools', file: 'orgs.csv', line: 5, column: 'sourcedId' },
      ],
    ];

    describe.each([false, true])('zipped: %s', (isZipped) => {
      it.each(wrong)('of %s is refused with file, line and column', async (_what, set, finding) => {
        const { status, json } = await upload(slug, set, isZipped);
        expect([status, json.result]).toEqual([422, 'refused']);
        expect(json.findings).toContainEqual(expect.objectContaining({ severity: 'error', ...finding }));
        expect(bodyOf(await arrive(slug, 'x9', problemAccept))).toMatchObject({ code: 'not_rostered' });
        expect((await linesOf(slug)).at(-1)).toEqual({ type: 'end', accounts: 7, classes: 0, enrollments: 0 });
      });
    });

    it('by command says the same and ends with 1', async () => {
      for (const [, set, finding] of wrong) {
        const words = [lay('wrong', set, false), '--district', slug, '--method', 'sftp'];
        const { exitCode, json } = await fixture.command('roster', 'publish', ...words);
        expect([exitCode, json['result']]).toEqual([1, 'refused']);
        expect(json['findings']).toContainEqual(expect.objectContaining(finding));
      }
      expect(isAtProduct(fixture, await arrive(slug, 's1'))).toBe(true);
    });

    const stranger = 'e9,,,k1,h1,nobody,student,,,\n';
    const finding = (line: number) =>
      expect.objectContaining({
        severity: 'warning',
        code: 'unknown_person',
        file: 'enrollments.csv',
        line,
        column: 'userSourcedId',
      });

    it('of which one enrollment in five names no user is refused, with file, line and column', async () => {
      const { json } = await upload(slug, withRows('enrollments.csv', stranger), false);
      expect(json).toMatchObject({ result: 'refused', findings: expect.arrayContaining([finding(6)]) });
      expect(bodyOf(await arrive(slug, 'x9', problemAccept))).toMatchObject({ code: 'not_rostered' });
    });

    it('of which one enrollment in many names no user leaves that one out, with file, line and column', async () => {
      const rows = Array.from({ length: 10 }, (_, each) => `f${each},,,k1,h1,s2,student,,,\n`).join('');
      const { json } = await upload(slug, withRows('enrollments.csv', rows + stranger), false);
      expect(json).toMatchObject({ result: 'published', enrollments: 2, findings: [finding(16)] });
    });
  });
});
