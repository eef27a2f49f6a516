// A walk over every route of /district, with every method, by every client without access: 404, no effect, no log
// entry. Then the pages and actions of an administrator of the district, and that nothing of another district is in them.
import { createClock, type MovableClock } from '../../helpers/clock.ts';
import { openApi } from '../../helpers/expect-openapi.ts';
import { feed, staff, student, students, teacher } from '../../helpers/feeds.ts';
import { embedded, type StoreFixture } from '../../helpers/stores.ts';
import { type SupportFixture, startSupport } from '../../helpers/support.ts';
import { claimsOfStudent } from '../../helpers/support-story.ts';
import { claimsOf, createDecider, juniper, opening, wexley } from '../../sign-in/decider.ts';

const verbs = ['get', 'post', 'put', 'delete', 'patch'] as const;
const paths = Object.keys(openApi.paths).filter((path) => /^\/district(\/|$)/.test(path));
const routes = paths.flatMap((path) =>
  verbs.filter((verb) => openApi.paths[path]?.[verb] !== undefined).map((verb) => [verb.toUpperCase(), path] as const),
);
const concrete = (path: string) => path.replace('{method}', 'sftp').replace('{file}', 'bridge.xlsx');

const harbor = { ...wexley, id: 'harbor-point', name: 'Harbor Point Schools', rostering: ['sftp', 'manual'] } as const;
const admin = (sisId: string, position: 'district_admin' | 'school_admin', schoolId = 'school-1') =>
  staff({ sisId, role: 'administrator', position, schoolId });
const of = (district: string, sisId: string, record: string, change: object = {}) =>
  claimsOf({
    sub: `clever-${district}-${sisId}`,
    user_type: record,
    email: `${record}.${sisId}@juniper.example`,
    given_name: `Given${sisId}`,
    family_name: `Family${sisId}`,
    ...change,
  });

let storeFixture: StoreFixture;
let clock: MovableClock;
let pages: SupportFixture;

beforeAll(async () => {
  storeFixture = await embedded.start();
  clock = createClock();
  pages = await startSupport(await storeFixture.place().open(clock), { clock });
  const { districts, publisher } = pages.services;
  await districts.put(juniper);
  await districts.put(harbor);
  const people = [admin('boss', 'district_admin'), admin('principal', 'school_admin', 'school-2')];
  const own = student({ sisId: 'e1', schoolId: 'school-2', email: 'elsewhere.e1@juniper.example' });
  await publisher.publish(juniper.id, 'sftp', feed(...students(12), own, teacher({ sisId: 't1' })));
  // Beside the files: a publish of those touches no administrator.
  await publisher.publish(juniper.id, 'manual', feed(...people));
  const theirs = student({ sisId: 'h1', email: 'harbor.h1@harbor.example', givenName: 'Harborchild' });
  await publisher.publish(harbor.id, 'sftp', feed(theirs, admin('chief', 'district_admin')));
  clock.advance(1);
  await fail(claimsOfStudent('s3', { email: 'STUDENT.s3@juniper.example' }));
  await fail(claimsOfStudent('e1', { email: 'ELSEWHERE.e1@juniper.example' }));
  const child = { sub: 'clever-h1', district: harbor.cleverId, email: 'HARBOR.h1@harbor.example' };
  await fail(claimsOf({ ...child, given_name: 'Harborchild', family_name: 'Familyh1' }));
});
afterAll(async () => {
  await pages?.stop();
  await storeFixture?.stop();
});

async function fail(change: Record<string, unknown>): Promise<void> {
  const claims = claimsOf(change);
  const { describeRefusal } = await import('../../../src/sign-in/record-refusal.ts');
  const decided = await createDecider(pages.services, { clock })(claims, opening);
  if (decided.kind === 'signed-in') throw new Error('was let in');
  await pages.services.attempts.record(describeRefusal(decided, claims, 'summit-k12', clock()));
}

/** The cookie of a live session. */
async function signIn(change: Record<string, unknown>): Promise<string> {
  clock.advance(1);
  const claims = claimsOf(change);
  const decided = await createDecider(pages.services, { clock })(claims, opening);
  if (decided.kind !== 'signed-in') throw new Error(`refused: ${decided.code}`);
  return `summit_session=${await pages.services.tokens.issue(decided.claims)}`;
}

const boss = () =>
  signIn(of('juniper', 'boss', 'staff', { user_type: 'district_admin', email: 'staff.boss@juniper.example' }));
const principal = () =>
  signIn(of('juniper', 'principal', 'staff', { user_type: 'school_admin', email: 'staff.principal@juniper.example' }));
const chief = () =>
  signIn(
    of('harbor', 'chief', 'staff', {
      user_type: 'district_admin',
      email: 'staff.chief@juniper.example',
      district: harbor.cleverId,
    }),
  );

const html = (cookie: string) => ({ cookie, accept: 'text/html' });
const open = (path: string, cookie: string) => pages.ask('GET', path, { headers: html(cookie) });
const formOf = async (cookie: string) =>
  /name="form" value="([\w-]+)"/.exec((await open('/district', cookie)).text)?.[1] ?? '';

function rosterForm(form: string, text: string, fields: Readonly<Record<string, string>> = {}): FormData {
  const body = new FormData();
  for (const [name, value] of Object.entries({ form, method: 'sftp', do: 'check', ...fields }))
    body.append(name, value);
  for (const [name, csv] of Object.entries(filesOf(text))) body.append('files', new Blob([csv]), name);
  return body;
}

const filesOf = (studentsCsv: string) => ({
  'schools.csv': 'School_id,School_name,School_number\nschool-1,One,1\nschool-2,Two,2\n',
  'students.csv': `School_id,Student_id,Last_name,First_name,Grade,Student_email\n${studentsCsv}`,
  'teachers.csv':
    'School_id,Teacher_id,Teacher_email,First_name,Last_name\nschool-1,t1,teacher.t1@juniper.example,Givent1,Familyt1\n',
});
const rows = (count: number, change: (index: number) => string = (index) => `student.s${index}@juniper.example`) =>
  Array.from({ length: count }, (_, at) => `school-1,s${at},Familys${at},Givens${at},3,${change(at)}`).join('\n');

const elsewhere = 'school-2,e1,Familye1,Givene1,3,elsewhere.e1@juniper.example';

describe('every route of /district', () => {
  it('is walked', () => expect(routes.length).toBeGreaterThanOrEqual(14));

  it.each(routes)('%s %s is 404 for every user but an administrator of a district', async (method, path) => {
    const { staffAuditLog, auditLog, registry } = pages.services;
    const staffCookie = (await pages.signIn({ verifiedEmail: 'boss@admin.example' })) ?? '';
    const ended = await boss();
    const claims = await pages.services.tokens.verify(ended.split('=')[1] ?? '');
    await registry.end(juniper.id, claims?.sid ?? '');
    const visitors = {
      nobody: '',
      nonsense: 'summit_session=nonsense',
      student: await signIn(claimsOfStudent('s1')),
      teacher: await signIn(of('juniper', 't1', 'teacher')),
      schoolAdmin: await principal(),
      staff: staffCookie,
      ended,
      two: `${await boss()}; __Host-${await boss()}`,
    };
    const state = async () =>
      JSON.stringify([(await staffAuditLog.page(1)).entries, await auditLog.list(juniper.id, 3)]);
    const before = await state();
    for (const [name, cookie] of Object.entries(visitors)) {
      const answer = await pages.ask(method, concrete(path), {
        headers: { ...html(cookie), ...pages.headers.product },
        ...(method === 'POST' ? { body: rosterForm('', rows(2)) } : {}),
      });
      expect([name, answer.status]).toEqual([name, 404]);
      expect(answer.text).not.toMatch(/Juniper|student\.s3|Givens3/);
    }
    expect(await state()).toBe(before);
  });
});

it('shows an administrator their own district and nothing of another', async () => {
  const [mine, theirs] = [await boss(), await chief()];
  const home = await open('/district', mine);
  expect(home.status).toBe(200);
  expect(home.text).toContain('Your district’s sign-ins');
  for (const text of [
    'Givens3 Familys3',
    'SIS id s3',
    'STUDENT.s3@juniper.example',
    'student.s3@juniper.example',
    'school-1',
  ])
    expect(home.text).toContain(text);
  expect(home.text).toMatch(/Change: <strong>Clever<\/strong>/);
  for (const [method, path] of routes.filter(([verb]) => verb === 'GET')) {
    const [seenByMe, seenByThem] = [
      await pages.ask(method, concrete(path), { headers: html(mine) }),
      await pages.ask(method, concrete(path), { headers: html(theirs) }),
    ];
    expect(seenByMe.text).not.toMatch(/Harbor|h1@/);
    expect(seenByThem.text).not.toMatch(/Juniper Flats|s3@|Givens3|school-2/);
  }
  const csv = await open('/district/mismatches.csv', theirs);
  expect(csv.text.split('\r\n').filter(Boolean)).toHaveLength(2);
  expect(csv.text).toContain('Harborchild');
});

it('takes the district from the session, whatever the request says', async () => {
  const mine = await boss();
  for (const path of [`/district?district=${harbor.id}`, `/district/mismatches?id=${harbor.id}`])
    expect((await open(path, mine)).text).not.toMatch(/Harbor|h1@/);
  const form = rosterForm(await formOf(mine), `${rows(12)}\n${elsewhere}`, { district: harbor.id, do: 'publish' });
  expect((await pages.ask('POST', '/district/rosters', { headers: html(mine), body: form })).status).toBe(303);
  expect((await pages.services.auditLog.list(harbor.id, 5)).map(({ action }) => action)).not.toContain(
    'roster_published',
  );
});

it('lets school administrators in where the district says so, to the people of their schools alone', async () => {
  await pages.services.districts.put({ ...juniper, settings: { schoolAdmins: 'allow' } });
  try {
    const cookie = await principal();
    const home = await open('/district', cookie);
    expect(home.text).toContain('Givene1');
    expect(home.text).not.toContain('Givens3');
    const csv = await open('/district/mismatches.csv', cookie);
    expect(csv.text).toContain('Givene1');
    expect(csv.text).not.toContain('Givens3');
    for (const path of [
      '/district/rosters',
      '/district/trail',
      '/district/preflight',
      '/district/templates/bridge.xlsx',
    ])
      expect((await open(path, cookie)).status).toBe(404);
  } finally {
    await pages.services.districts.put(juniper);
  }
});

it('checks a roster, then publishes exactly the checked files, and shows both reports', async () => {
  const cookie = await boss();
  const headers = html(cookie);
  const form = await formOf(cookie);
  const body = rosterForm(
    form,
    rows(12, (at) => (at === 4 ? 'no address' : `student.s${at}@juniper.example`)),
  );
  const checked = await pages.ask('POST', '/district/rosters', { headers, body });
  expect(checked.status).toBe(303);
  const report = await open(checked.headers.get('location') ?? '', cookie);
  expect(report.text).toContain('Checked. Nothing was changed.');
  expect(report.text).toMatch(/students\.csv, column Student_email<\/strong>: this is not one plain email address/);
  const upload = /name="upload" value="(\w+)"/.exec(report.text)?.[1] ?? '';
  const publish = { method: 'POST', headers, body: new URLSearchParams({ form, upload }) };
  const another = { ...publish, headers: html(await chief()) };
  expect((await pages.ask('POST', '/district/rosters/sftp/publish', another)).status).toBe(403);
  const published = await pages.ask('POST', '/district/rosters/sftp/publish', publish);
  expect(published.headers.get('location')).toBe('/district/rosters/sftp/report');
  expect((await open('/district/rosters/sftp/report', cookie)).text).toContain('Published.');
  const csv = await open('/district/rosters/sftp/report.csv', cookie);
  expect(csv.text).toContain('"warning","email_not_plain","students.csv","","6","Student_email"');
});

it('holds a roster that locks out many, and has no way to approve it', async () => {
  const cookie = await boss();
  const body = rosterForm(await formOf(cookie), rows(30), { do: 'publish' });
  await pages.ask('POST', '/district/rosters', { headers: html(cookie), body });
  const few = rosterForm(await formOf(cookie), rows(3), { do: 'publish', approve: 'true' });
  const held = await pages.ask('POST', '/district/rosters?approve=true', { headers: html(cookie), body: few });
  const report = await open(held.headers.get('location') ?? '', cookie);
  expect(report.text).toContain('<strong>Held.</strong>');
  expect(report.text).not.toMatch(/approve it<\/a>/);
});

it('refuses a form of another site or another session, and files that are no roster', async () => {
  const [cookie, other] = [await boss(), await boss()];
  const send = (headers: Record<string, string>, body: FormData) =>
    pages.ask('POST', '/district/rosters', { headers, body });
  const good = await formOf(cookie);
  const site = { 'sec-fetch-site': 'cross-site' };
  expect((await send({ ...html(cookie), ...site }, rosterForm(good, rows(3)))).status).toBe(403);
  const isNull = { origin: 'null' };
  expect((await send({ ...html(cookie), ...isNull }, rosterForm(await formOf(other), rows(3)))).status).toBe(403);
  expect((await send({ ...html(cookie), ...isNull }, rosterForm(good, rows(3)))).status).toBe(303);
  const empty = new FormData();
  empty.append('form', good);
  empty.append('method', 'sftp');
  empty.append('files', new Blob([]), '');
  const again = await send(html(cookie), empty);
  expect(again.status).toBe(400);
  expect(again.text).toMatch(/role="alert">Files: please choose at least one\.[\s\S]*<form class="upload"/);
});

it('names no folder of the server where none of the files is a roster’s, and shows the errors first', async () => {
  const cookie = await boss();
  const body = new FormData();
  for (const [name, value] of Object.entries({ form: await formOf(cookie), method: 'sftp', do: 'check' }))
    body.append(name, value);
  body.append('files', new Blob(['nonsense']), 'nonsense.csv');
  const checked = await pages.ask('POST', '/district/rosters', { headers: html(cookie), body });
  const { text } = await open(checked.headers.get('location') ?? '', cookie);
  expect(text).toContain('>upload</strong>: no file of a roster is here');
  expect(text.indexOf('Errors and warnings')).toBeLessThan(text.indexOf('What was read'));
});

it('says who of Clever’s list will get in, as a page and as a file', async () => {
  const cookie = await boss();
  const list =
    'clever_id,sis_id,type,email,first_name,last_name\nc9,s9,student,student.s9@juniper.example,Givens9,Familys9\nc2,s2,student,STUDENT.s2@juniper.example,Givens2,Familys2\n';
  const send = async (what: string) => {
    const body = new FormData();
    body.append('form', await formOf(cookie));
    body.append('do', what);
    body.append('list', new Blob([list]), 'export.csv');
    return pages.ask('POST', '/district/preflight', { headers: html(cookie), body });
  };
  const page = await send('page');
  expect(page.status).toBe(200);
  expect(page.text).toContain('1 of 2 people at Clever will get in, 1 will not.');
  expect((await send('list')).text).toContain('STUDENT.s2@juniper.example');
});

it('records every look and act as by the district, with the account', async () => {
  const cookie = await boss();
  for (const [method, path] of routes.filter(([verb]) => verb === 'GET'))
    await pages.ask(method, concrete(path), { headers: html(cookie) });
  const entries = await pages.services.auditLog.list(juniper.id, 200);
  const account = (await pages.services.tokens.verify(cookie.split('=')[1] ?? ''))?.sub;
  const own = entries.filter((entry) => entry.by === 'district' && entry['account'] === account);
  expect([...new Set(own.map(({ action }) => action))].sort()).toEqual(
    [
      'district_page_read',
      'mismatches_exported',
      'preflight_made',
      'report_exported',
      'roster_checked',
      'roster_held',
      'roster_published',
      'template_read',
    ].sort(),
  );
  const trail = await pages.services.staffAuditLog.page(200);
  expect(trail.entries.some(({ by, district }) => by === 'district' && district === juniper.id)).toBe(true);
  expect((await open('/district/trail', cookie)).text).toContain('roster published</strong> by you');
  expect(pages.failures).toEqual([]);
});

it('shows on every page how to reach Summit K12, which approves held rosters', async () => {
  const cookie = await boss();
  for (const path of ['/district', '/district/rosters', '/district/rosters/sftp/report', '/district/trail'])
    expect([path, (await open(path, cookie)).text.includes('href="mailto:help@summit.example"')]).toEqual([path, true]);
});
