// The stand-in's Data API against Clever's OpenAPI of v3.1: fields, links, paging, rate and refusals. The shapes are copied
// from the definitions District, School, Section, User and its roles by hand.
import { cedarHollow, syncPeople, willowBend } from '../../sandbox/clever/data-people.ts';
import { portWexley } from '../../sandbox/clever/districts.ts';
import { districtOfShape } from '../../sandbox/clever/made-data-district.ts';
import { demoPeople } from '../../sandbox/clever/people.ts';
import type { Clever } from '../../sandbox/clever/start-clever.ts';
import { app, readJson, startTestClever, syncApp, tokensOf } from './start.ts';

const basic = ({ clientId, clientSecret }: { readonly clientId: string; readonly clientSecret: string }) =>
  `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;

const shape = {
  students: 230,
  teachers: 21,
  staff: 14,
  seed: 5,
  lineEnds: 'lf',
  headerStyle: 'School_id',
  classesPerStudent: 2,
} as const;

const madeDistrict = districtOfShape(shape).id;

describe('the stand-in Data API', () => {
  let clever: Clever;
  beforeAll(async () => {
    clever = await startTestClever({ dataDistrict: shape });
  });
  afterEach(() => clever.switches.clear());
  afterAll(() => clever.close());

  const listTokens = (query: string, credentials = syncApp) =>
    fetch(`${clever.url}/oauth/tokens${query}`, { headers: { authorization: basic(credentials) } });

  async function tokenOf(district: string, credentials = syncApp): Promise<string> {
    const { data } = await readJson(await listTokens(`?owner_type=district&district=${district}`, credentials));
    return String(records(data)[0]?.['access_token']);
  }

  async function get(path: string, district: string = cedarHollow.id): Promise<Response> {
    return fetch(`${clever.url}${path}`, { headers: { authorization: `Bearer ${await tokenOf(district)}` } });
  }

  async function readPath(path: string, district?: string) {
    return readJson(await get(path, district));
  }

  const records = (data: unknown): Record<string, unknown>[] => (Array.isArray(data) ? data.map(Object) : []);
  const contents = (answer: Record<string, unknown>) =>
    records(answer['data']).map((one): Record<string, unknown> => Object(one['data']));
  const keys = (value: unknown) => Object.keys(Object(value)).sort();
  const linkOf = (answer: Record<string, unknown>, rel: string): string =>
    String(records(answer['links']).find((link) => link['rel'] === rel)?.['uri'] ?? '');

  it('lists the token of a connected district to the Secure Sync app', async () => {
    const { data } = await readJson(await listTokens(`?district=${cedarHollow.id}&owner_type=district`));
    expect(data).toEqual([
      {
        id: expect.any(String),
        created: expect.any(String),
        owner: { type: 'district', id: cedarHollow.id },
        access_token: expect.stringMatching(/^[0-9a-f]{40}$/),
        scopes: expect.any(Array),
      },
    ]);
  });

  it('lists all connected districts when none is named', async () => {
    const { data } = await readJson(await listTokens(''));
    const owners = records(data).map((one) => Object(one['owner'])['id']);
    expect(owners).toEqual(expect.arrayContaining([cedarHollow.id, willowBend.id, portWexley.id]));
  });

  it('lists no token to a client it does not know', async () => {
    const response = await listTokens('', { ...syncApp, clientSecret: 'wrong' });
    expect(response.status).toBe(401);
  });

  it('lets the sign-in app read the district and nothing else', async () => {
    const authorization = `Bearer ${await tokenOf(portWexley.id, app)}`;
    const read = (path: string) => fetch(`${clever.url}${path}`, { headers: { authorization } });
    expect((await read('/v3.1/districts')).status).toBe(200);
    expect((await read('/v3.1/users')).status).toBe(404);
  });

  it.each([
    [{}, 404, 'application/json'],
    [{ refusal: '403' }, 403, 'application/json'],
    [{ refusal: 'text' }, 404, 'text/plain'],
    [{ refusal: 'html' }, 404, 'text/html'],
  ] as const)('can take the rights of every district token, refused as %j', async (settings, status, type) => {
    clever.switches.set({ dataApi: { noRights: true, ...settings } });
    const refused = await get('/v3.1/users');
    expect([refused.status, refused.headers.get('content-type')]).toEqual([status, expect.stringContaining(type)]);
    expect(await refused.text()).toContain("Resource not in token's scopes");
    expect((await get('/v3.1/districts')).status).toBe(200);
  });

  it.each([
    ['always', 1, true, true],
    ['limited', 2, false, true],
    ['never', 3, false, false],
  ] as const)('reports its rate %s', async (rateHeaders, requests, within, beyond) => {
    // Another number of requests begins another window.
    clever.switches.set({ dataApi: { rate: { requests, seconds: 60 }, rateHeaders } });
    const answers: Response[] = [];
    for (let sent = 0; sent <= requests; sent += 1) answers.push(await get('/v3.1/districts'));
    const limits = answers.map(({ status, headers }) => [status, headers.has('x-ratelimit-reset')]);
    expect(limits[0]).toEqual([200, within]);
    expect(limits.at(-1)).toEqual([429, beyond]);
  });

  const sharedKeys = ['created', 'district', 'id', 'last_modified'];
  const roleKeys = {
    student: ['credentials', 'grade', 'legacy_id', 'school', 'schools', 'sis_id'],
    teacher: ['credentials', 'legacy_id', 'school', 'schools', 'sis_id'],
    staff: ['credentials', 'legacy_id', 'roles', 'schools', 'staff_id', 'title'],
    district_admin: ['legacy_id', 'title'],
    contact: ['legacy_id', 'phone', 'phone_type', 'sis_id', 'student_relationships'],
  };

  it.each(Object.entries(roleKeys))('gives a %s the fields of Clever’s definition', async (role, expected) => {
    const [user] = contents(await readPath(`/v3.1/users?role=${role}&limit=1`));
    expect(keys(user)).toEqual([...sharedKeys, 'email', 'lms_status', 'name', 'roles'].sort());
    expect(keys(user?.['name'])).toEqual(['first', 'last', 'middle']);
    expect(keys(Object(user?.['roles'])[role])).toEqual(expected);
  });

  it('gives sections, schools and the district the fields of Clever’s definitions', async () => {
    const [section] = contents(await readPath('/v3.1/sections?limit=1'));
    const more = 'course grade name period school section_number sis_id students subject teacher teachers term_id';
    expect(keys(section)).toEqual([...sharedKeys, ...more.split(' ')].sort());
    const [school] = contents(await readPath('/v3.1/schools'));
    expect(keys(school)).toEqual([...sharedKeys, 'high_grade', 'low_grade', 'name', 'school_number', 'sis_id'].sort());
    const [district] = contents(await readPath('/v3.1/districts'));
    const ofDistrict =
      'error id last_attendance_sync last_sync launch_date lms_state lms_type login_methods mdr_number name nces_id pause_end pause_start portal_url sis_type state';
    expect(keys(district)).toEqual(ofDistrict.split(' '));
  });

  it('gives courses and terms the fields of Clever’s definitions, and sections their ids', async () => {
    const [course] = contents(await readPath('/v3.1/courses?limit=1'));
    expect(keys(course)).toEqual(['district', 'id', 'name', 'number']);
    const [term] = contents(await readPath('/v3.1/terms?limit=1'));
    expect(keys(term)).toEqual(['district', 'end_date', 'id', 'name', 'start_date']);
    const [section] = contents(await readPath('/v3.1/sections?limit=1'));
    expect([section?.['course'], section?.['term_id']]).toEqual([course?.['id'], term?.['id']]);
    expect((await get(`/v3.1/courses/${course?.['id']}`)).status).toBe(200);
    clever.switches.set({ dataApi: { noCourses: true } });
    expect((await get('/v3.1/courses')).status).toBe(404);
    expect((await get('/v3.1/sections')).status).toBe(200);
  });

  it.each(['paused', 'pending', 'error'] as const)('can say that the district is %s', async (state) => {
    clever.switches.set({ dataApi: { state } });
    const { data } = await readPath(`/v3.1/districts/${cedarHollow.id}`);
    expect(Object(data)).toMatchObject({ state });
  });

  it('serves every shared person of the demo by id', async () => {
    const people = [...demoPeople, ...syncPeople].filter(
      (one) => [cedarHollow.id, willowBend.id, portWexley.id].includes(one.district) && one.atClever !== 'unshared',
    );
    expect(people.length).toBeGreaterThan(20);
    for (const person of people) {
      const { data } = await readPath(`/v3.1/users/${person.id}`, person.district);
      expect(Object(data)).toMatchObject({ id: person.id, email: person.email ?? null });
      expect(keys(Object(data)['roles'])).toEqual([...(person.roles ?? [person.userType])].sort());
    }
  });

  it('serves no person of another district', async () => {
    const [person] = syncPeople.filter((one) => one.district === willowBend.id);
    expect((await get(`/v3.1/users/${person?.id}`)).status).toBe(404);
  });

  it('pages by ascending id, and a full last page leads to an empty one', async () => {
    const district = (await readPath('/v3.1/districts', madeDistrict))['data'];
    expect(records(district)).toHaveLength(1);
    const ids: string[] = [];
    const sizes: number[] = [];
    for (let path = '/v3.1/users?role=student&limit=46'; path !== ''; ) {
      const page = await readPath(path, madeDistrict);
      ids.push(...contents(page).map((one) => String(one['id'])));
      sizes.push(records(page['data']).length);
      path = linkOf(page, 'next');
    }
    expect(sizes).toEqual([46, 46, 46, 46, 46, 0]);
    expect(ids).toEqual([...new Set(ids)].sort());
  });

  it('pages by 100 by default, and back again', async () => {
    const first = await readPath('/v3.1/users?role=student', madeDistrict);
    const second = await readPath(linkOf(first, 'next'), madeDistrict);
    const back = await readPath(linkOf(second, 'prev'), madeDistrict);
    expect(records(first['data'])).toHaveLength(100);
    expect(contents(back).map((one) => one['id'])).toEqual(contents(first).map((one) => one['id']));
  });

  it('refuses a page above 10,000 with 413', async () => {
    expect((await get('/v3.1/users?limit=10001')).status).toBe(413);
  });

  it('makes every enrollment of a made district once', async () => {
    const sections = contents(await readPath('/v3.1/sections?limit=1000', madeDistrict));
    const seats = sections.flatMap((one) =>
      (Array.isArray(one['students']) ? one['students'] : []).map((id) => `${one['id']}/${id}`),
    );
    expect(new Set(seats).size).toBe(shape.students * shape.classesPerStudent);
  });

  it('gives an employee with two roles in the list of each, by one id', async () => {
    const list = async (role: string) => contents(await readPath(`/v3.1/users?role=${role}&limit=1000`, madeDistrict));
    const teachers = new Set((await list('teacher')).map((one) => one['id']));
    const both = (await list('staff')).filter((one) => teachers.has(one['id']));
    expect(both).toHaveLength(2);
    expect(keys(both[0]?.['roles'])).toEqual(['staff', 'teacher']);
  });

  it('has in its lists what was so last night, and in a record what is so now', async () => {
    const person = syncPeople.find((one) => one.key === 'sync-new-address');
    const listed = contents(await readPath('/v3.1/users?role=student&limit=1000'));
    expect(listed.find((one) => one['id'] === person?.id)).not.toMatchObject({ email: person?.email });
    expect(listed.some((one) => one['id'] === syncPeople.find((each) => each.key === 'sync-new-student')?.id)).toBe(
      false,
    );
    clever.switches.set({ dataApi: { lists: 'now' } });
    const now = contents(await readPath('/v3.1/users?role=student&limit=1000'));
    expect(now).toHaveLength(listed.length + 1);
    expect(now.find((one) => one['id'] === person?.id)).toMatchObject({ email: person?.email });
  });

  it('counts requests by token and says when the window ends', async () => {
    clever.switches.set({ dataApi: { rate: { requests: 2, seconds: 1 } } });
    const statuses: number[] = [];
    let last: Response | undefined;
    for (let i = 0; i < 3; i += 1) {
      last = await get('/v3.1/districts', willowBend.id);
      statuses.push(last.status);
    }
    expect(statuses).toEqual([200, 200, 429]);
    expect(last?.headers.get('x-ratelimit-remaining')).toBe('0');
    expect(Number(last?.headers.get('x-ratelimit-reset')) * 1000).toBeGreaterThan(Date.now() - 1_000);
  });

  it('rotates tokens: the old one gets a page, the new one an answer', async () => {
    const old = await tokenOf(cedarHollow.id);
    clever.switches.set({ dataApi: { rotateAtPage: 1 } });
    const refused = await get('/v3.1/users');
    expect([refused.status, refused.headers.get('content-type')]).toEqual([401, expect.stringContaining('text/html')]);
    expect(await tokenOf(cedarHollow.id)).not.toBe(old);
    expect((await get('/v3.1/users')).status).toBe(200);
  });

  it('lets a person’s own token read their own record alone', async () => {
    const { access_token } = await tokensOf(clever, 'sync-student');
    const read = (path: string) =>
      fetch(`${clever.url}${path}`, { headers: { authorization: `Bearer ${access_token}` } });
    const own = syncPeople.find((one) => one.key === 'sync-student');
    const other = syncPeople.find((one) => one.key === 'sync-teacher');
    expect((await read(`/v3.1/users/${own?.id}`)).status).toBe(200);
    expect((await read(`/v3.1/users/${other?.id}`)).status).toBe(404);
    expect((await read('/v3.1/users')).status).toBe(404);
  });
});
