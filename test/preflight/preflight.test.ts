// What the pre-flight says is what the sign-in does.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import type { Rostering } from '../../src/district/district.ts';
import type { ExportItem, ExportPerson } from '../../src/formats/feed.ts';
import { readCleverExport } from '../../src/preflight/clever-export.ts';
import { createPreflight, type Verdict } from '../../src/preflight/preflight.ts';
import { describePreflight, preflightLines, preflightRows } from '../../src/preflight/preflight-report.ts';
import { createDecideSignIn } from '../../src/sign-in/decide-sign-in.ts';
import { feed, student, students, teacher } from '../helpers/feeds.ts';
import { createServices, type TestServices } from '../helpers/services.ts';
import { embedded, engines, type StoreFixture } from '../helpers/stores.ts';

const juniper = { id: 'juniper', cleverId: 'a1', name: 'Juniper Flats', rostering: ['sftp'] } as const;

const person = (some: Partial<ExportPerson>): ExportItem => ({
  kind: 'person',
  person: {
    cleverId: undefined,
    userType: 'student',
    email: undefined,
    givenName: undefined,
    familyName: undefined,
    sisId: undefined,
    ...some,
  },
});

async function* listed(...items: readonly ExportItem[]): AsyncGenerator<ExportItem> {
  yield* items;
}

const preflightOf = (services: TestServices) => createPreflight(services);

async function check(services: TestServices, ...items: readonly ExportItem[]) {
  const run = preflightOf(services)(juniper, listed(...items));
  const verdicts: Verdict[] = [];
  for await (const batch of run.verdicts) verdicts.push(...batch);
  return { verdicts, count: run.count(), document: describePreflight(juniper.id, run.count()) };
}

describe.each(engines)('a pre-flight on $name', (engine) => {
  let storeFixture: StoreFixture;
  beforeAll(async () => {
    storeFixture = await engine.start();
  });
  afterAll(() => storeFixture.stop());

  async function open() {
    const services = await createServices(await storeFixture.place().open());
    await services.districts.put(juniper);
    return services;
  }

  function signInOf(services: TestServices) {
    const decide = createDecideSignIn({
      ...services,
      findDistrict: services.districts.findByCleverId,
      sessionTtlSeconds: 3600,
      readRecords: async () => [],
      refreshPerson: async () => false,
    });
    return (claims: Readonly<Record<string, unknown>>) =>
      decide(claims, {
        openedBy: 'x',
        returnTo: '/',
        deadline: Date.now() + 10_000,
        announce: async () => undefined,
        resume: (step) => step(),
      });
  }

  it('agrees with the sign-in of the same people, whatever the roster and the list', async () => {
    const services = await open();
    const signIn = signInOf(services);
    const local = fc.constantFrom('ada', 'Ada', 'adа', 'ben', 'cy', 'ada ');
    const domain = fc.constantFrom('juniper.example', 'old.example');
    const email = fc.option(
      fc.tuple(local, domain).map(([before, after]) => `${before}@${after}`),
      { nil: undefined },
    );
    const name = fc.constantFrom('Ada', 'Ben', 'Cy');
    const rows = fc.array(fc.record({ email, name, isStudent: fc.boolean() }), { minLength: 1, maxLength: 5 });
    const people = fc.array(
      fc.record({ email, name, userType: fc.constantFrom('student', 'teacher', 'staff', 'district_admin', 'contact') }),
      { minLength: 1, maxLength: 4 },
    );
    let run = 0;
    await fc.assert(
      fc.asyncProperty(rows, people, async (roster, list) => {
        run += 1;
        const accounts = roster.map(({ email: address, name: givenName, isStudent }, index) =>
          (isStudent ? student : teacher)({ sisId: `${index}`, email: address?.trim(), givenName, familyName: 'Moss' }),
        );
        const sorted = accounts.toSorted((one, other) => one.record.localeCompare(other.record));
        await services.publisher.publish(juniper.id, 'sftp', feed(...sorted), { approve: true });
        for (const [index, { email: address, name: givenName, userType }] of list.entries()) {
          const cleverId = `person-${run}-${index}`;
          const known = { cleverId, email: address, givenName, familyName: 'Moss', userType };
          const { verdicts } = await check(services, person(known));
          const done = await signIn({
            sub: cleverId,
            district: 'a1',
            user_type: userType,
            email: address,
            given_name: givenName,
            family_name: 'Moss',
          });
          expect({ code: verdicts[0]?.code, difference: verdicts[0]?.difference }).toEqual({
            code: done.kind === 'refused' ? done.code : 'gets_in',
            difference: done.kind === 'refused' && 'difference' in done ? done.difference : undefined,
          });
        }
      }),
      { numRuns: 25 },
    );
  });

  it('reports that an account is linked to another person, and writes no link itself', async () => {
    const services = await open();
    await services.publisher.publish(juniper.id, 'sftp', feed(...students(1)));
    const claims = { district: 'a1', user_type: 'student', email: 'student.s0@juniper.example' };
    const known = { email: claims.email };
    expect((await check(services, person({ ...known, cleverId: 'one' }))).verdicts).toMatchObject([
      { code: 'gets_in' },
    ]);
    expect((await check(services, person({ ...known, cleverId: 'two' }))).verdicts).toMatchObject([
      { code: 'gets_in' },
    ]);
    await signInOf(services)({ ...claims, sub: 'one' });
    expect((await check(services, person({ ...known, cleverId: 'two' }))).verdicts).toMatchObject([
      { code: 'identity_changed', sisIds: ['s0'] },
    ]);
    expect((await check(services, person(known))).verdicts).toMatchObject([{ code: 'gets_in' }]);
  });

  it('says of whom the roster has under another id now that the link is to be moved', async () => {
    const services = await open();
    await services.publisher.publish(juniper.id, 'sftp', feed(...students(2)));
    const claims = { district: 'a1', user_type: 'student', email: 'student.s0@juniper.example' };
    await signInOf(services)({ ...claims, sub: 'one' });
    const [, second] = students(2);
    const renumbered = student({ sisId: 'n0', email: claims.email });
    await services.publisher.publish(juniper.id, 'sftp', feed(renumbered, ...(second ? [second] : [])));
    const names = { givenName: 'Givenn0', familyName: 'Familyn0' };
    const { verdicts, document } = await check(services, person({ ...names, email: claims.email, cleverId: 'one' }));
    expect(verdicts).toMatchObject([{ code: 'identity_changed', hasOtherId: true, sisIds: ['n0'] }]);
    expect(document.causes).toMatchObject([{ cause: 'id_changed', count: 1 }]);
    const other = await check(services, person({ ...names, email: 'student.s1@juniper.example', cleverId: 'one' }));
    expect(other.document.causes).toMatchObject([{ cause: 'identity_changed', count: 1 }]);
  });

  it('says that in a district without a roster no user can sign in', async () => {
    const { document } = await check(await open(), person({ email: 'a@juniper.example' }));
    expect(document).toMatchObject({ checked: 1, gets_in: 0, outcomes: { roster_pending: 1 } });
  });
});

describe('the report of a pre-flight', () => {
  let storeFixture: StoreFixture;
  let folder: string;
  let services: TestServices;
  beforeAll(async () => {
    storeFixture = await embedded.start();
    folder = mkdtempSync(join(tmpdir(), 'sso-preflight-'));
    services = await createServices(await storeFixture.place().open());
    await services.publisher.publish(
      juniper.id,
      'sftp',
      feed(...students(20, (index) => ({ email: `S${index}@old.example` })), teacher({ sisId: 't1' })),
    );
    await services.publisher.publish(juniper.id, 'secure-sync', feed());
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await storeFixture.stop();
  });

  it('names one domain against another as the common cause, first, with counts', async () => {
    const people = students(12, (index) => ({ email: `S${index}@new.example` })).map((row) =>
      person({ email: row.email, sisId: row.sisId, givenName: row.givenName, familyName: row.familyName }),
    );
    const { document, count } = await check(
      services,
      ...people,
      person({}),
      person({}),
      person({ email: 's1@old.example' }),
    );
    expect(document).toMatchObject({ checked: 15, gets_in: 0, refused: 15 });
    expect(document.causes).toMatchObject([
      { cause: 'domain', count: 12, ours: 'old.example', clever: 'new.example' },
      { cause: 'students_without_email', count: 2 },
      { cause: 'case', count: 1 },
    ]);
    expect(preflightLines(juniper.id, count).join('\n')).not.toContain('S1@');
  });

  it('finds our account by the SIS id of the list, where names are not enough', async () => {
    const { verdicts } = await check(services, person({ email: 'S3@new.example', sisId: 's3' }));
    expect(verdicts).toMatchObject([
      { code: 'not_rostered', ours: 'S3@old.example', difference: 'domain', sisIds: ['s3'] },
    ]);
  });

  it.each<[string, readonly Rostering[], RegExp, RegExp]>([
    ['student', ['sftp'], /^The roster has no one with this email. Add the person, or correct/, /Clever/],
    ['student', ['secure-sync:provisioning'], /^The roster, which comes from Clever.*Share the person/, /[Aa]dd/],
    ['teacher', ['secure-sync:provisioning'], /^The roster has no one.*spreadsheet of teachers and staff/, /Share/],
    ['staff', ['sftp', 'secure-sync:full'], /Add the person.*if Clever sends it, share the person/, /spreadsheet/],
  ])('says who can add a missing %s to a district rostered by %j', async (userType, rostering, said, never) => {
    const unknown = person({ userType, email: 'nobody@nowhere.example' });
    const run = preflightOf(services)({ ...juniper, rostering }, listed(unknown, unknown));
    const rows: (readonly (string | undefined)[])[] = [];
    for await (const row of preflightRows(run.verdicts)) rows.push(row);
    const { causes } = describePreflight(juniper.id, run.count());
    expect(causes).toEqual([{ cause: 'not_rostered', count: 2, message: rows[1]?.[10] }]);
    expect(rows[1]?.[10]).toMatch(said);
    expect(rows[1]?.[10]).not.toMatch(never);
  });

  it('counts who is missing by who can bring them in', async () => {
    const rostering = ['secure-sync:provisioning'] as const;
    const kinds = ['student', 'teacher', 'staff', 'student', 'student'];
    const people = kinds.map((userType) => person({ userType, email: 'nobody@nowhere.example' }));
    const run = preflightOf(services)({ ...juniper, rostering }, listed(...people));
    for await (const _verdicts of run.verdicts);
    expect(describePreflight(juniper.id, run.count()).causes).toMatchObject([{ count: 3 }, { count: 2 }]);
  });

  it('lists who will not get in, their value and ours, and what to do', async () => {
    const run = preflightOf(services)(
      juniper,
      listed(
        person({ line: 2, email: 'S1@old.example' }),
        person({ line: 3, email: 's2@old.example', givenName: 'Ada' }),
      ),
    );
    const rows: (readonly (string | undefined)[])[] = [];
    for await (const row of preflightRows(run.verdicts)) rows.push(row);
    expect(rows).toHaveLength(2);
    expect(rows[1]?.slice(0, 10)).toEqual([
      '3',
      'email_mismatch',
      'student',
      'Ada',
      undefined,
      undefined,
      's2@old.example',
      'S2@old.example',
      'case',
      's2',
    ]);
    expect(rows[1]?.[10]).toContain('capital letters');
  });

  async function read(text: string): Promise<ExportItem[]> {
    const path = join(folder, 'export.csv');
    writeFileSync(path, text);
    const items: ExportItem[] = [];
    for await (const item of readCleverExport(path)) items.push(item);
    return items;
  }

  it.each([
    ['Clever ID,User Type,First Name,Last Name,Email,SIS ID', 'c1,Student,Ada,Moss,a@b.example,7', 'student'],
    ['id,role,given_name,family_name,email_address,sis_id', 'c1,teachers,Ada,Moss,a@b.example,7', 'teacher'],
    ['CLEVER-ID,Roles,FirstName,LastName,Email,SIS_ID', 'c1,"School Admin; Teacher",Ada,Moss,a@b.example,7', 'staff'],
    ['clever_id,type,first,last,email,sis_id', 'c1,District Admin,Ada,Moss,a@b.example,7', 'district_admin'],
    ['clever_id,Student_id,First_name,Last_name,Student_email', 'c1,7,Ada,Moss,a@b.example', 'student'],
    ['clever_id,Teacher_id,First_name,Last_name,Teacher_email', 'c1,7,Ada,Moss,a@b.example', 'teacher'],
  ])('reads a list with the columns %s', async (header, row, userType) => {
    expect(await read(`${header}\r\n${row}\r\n`)).toEqual([
      {
        kind: 'person',
        person: {
          line: 2,
          cleverId: 'c1',
          userType,
          email: 'a@b.example',
          givenName: 'Ada',
          familyName: 'Moss',
          sisId: '7',
        },
      },
    ]);
  });

  it('leaves an address unchanged, with its white space', async () => {
    expect(await read('role,email\nstudent," a@b.example "\nstudent,\n')).toMatchObject([
      { person: { email: ' a@b.example ' } },
      { person: { email: undefined } },
    ]);
  });

  it.each([
    ['no email column', 'role,name\nstudent,x\n', ['column_missing']],
    ['no role, and no word of whose list it is', 'email\na@b.example\n', ['column_missing']],
    ['nothing in it', '', ['file_empty']],
    ['a row that is too short', 'role,email\nstudent\nstudent,a@b.example\n', ['row_malformed', 'person']],
    ['rows most of which are too short', 'role,email\nstudent\n', ['row_malformed', 'mostly_unread']],
    ['a role that Clever does not have', 'role,email\nWizard,a@b.example\n', ['unknown_role', 'person']],
  ])('says so of a list with %s', async (_what, text, codes) => {
    expect((await read(text)).map((item) => (item.kind === 'finding' ? item.code : item.kind))).toEqual(codes);
  });
});
