// The Data API adapter against the stand-in, and against a server that misbehaves in ways the stand-in does not.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { cedarHollow, syncPeople, willowBend } from '../../sandbox/clever/data-people.ts';
import { districtOfShape } from '../../sandbox/clever/made-data-district.ts';
import type { Clever, CleverOptions } from '../../sandbox/clever/start-clever.ts';
import { createDataApi, type DataApiOptions } from '../../src/clever/data-api.ts';
import { patience } from '../../src/clever/data-api-repeat.ts';
import { type CleverUser, type DataApi, DataApiFailure, type DataApiReason } from '../../src/secure-sync/ports.ts';
import { startTestClever, syncApp, tokensOf } from '../sandbox/start.ts';

const shape = {
  students: 95,
  teachers: 8,
  staff: 8,
  seed: 6,
  lineEnds: 'lf',
  headerStyle: 'School_id',
  classesPerStudent: 2,
} as const;
const made = districtOfShape(shape).id;
const never = new AbortController().signal;
const quick = { retries: 3, firstPauseMs: 5, maxWaitMs: 3_000, windowMs: 20 };

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

const reasonOf = (work: Promise<unknown>): Promise<DataApiReason | undefined> =>
  work.then(
    () => undefined,
    (failure) => (failure instanceof DataApiFailure ? failure.reason : Promise.reject(failure)),
  );

function openApi(url: string, changes: Partial<DataApiOptions> = {}): DataApi {
  const address = new URL(url);
  return createDataApi({ issuer: address, apiUrl: address, app: syncApp, patience: quick, pageSize: 10, ...changes });
}

describe('the Data API of the stand-in', () => {
  let clever: Clever;
  let api: DataApi;
  beforeAll(async () => {
    const options: Partial<CleverOptions> = { dataDistrict: shape };
    clever = await startTestClever(options);
    api = openApi(clever.url);
  });
  afterEach(() => clever.switches.clear());
  afterAll(async () => {
    await api.close();
    await clever.close();
  });

  const ids = (users: readonly CleverUser[]) => new Set(users.map(({ id }) => id));

  it('reads every page of a list', async () => {
    expect(ids(await collect(api.connect(made, never).users('student'))).size).toBe(95);
  });

  it('reads a list whose last page is empty', async () => {
    const students = await collect(openApi(clever.url, { pageSize: 19 }).connect(made, never).users('student'));
    expect(students).toHaveLength(95);
  });

  it('reads nothing of a person but ids, names, address, school, grade and what they do', async () => {
    const person = syncPeople.find(({ key }) => key === 'sync-principal');
    expect(await api.connect(cedarHollow.id, never).user(person?.id ?? '')).toEqual({
      id: person?.id,
      district: cedarHollow.id,
      email: person?.email,
      givenName: 'Wanjiru',
      familyName: 'Coleman',
      roles: { staff: { staffId: 'E-4203', school: expect.any(String), duties: ['Principal'] } },
    });
  });

  it('reads a section with its people', async () => {
    const [section] = await collect(api.connect(made, never).sections());
    expect(section).toEqual({
      id: expect.any(String),
      sisId: 'SEC-10000',
      name: 'Class 1',
      school: expect.any(String),
      teachers: [expect.any(String)],
      students: expect.arrayContaining([expect.any(String)]),
      course: expect.any(String),
      term: expect.any(String),
      subject: 'english/language arts',
      period: '1',
      grade: '1',
    });
  });

  it('reads the courses and terms that sections name', async () => {
    const connection = api.connect(made, never);
    const [section] = await collect(connection.sections());
    const courses = await collect(connection.courses());
    expect(courses.find(({ id }) => id === section?.course)).toEqual({
      id: section?.course,
      name: 'English Language Arts 1',
      number: 'ELA-01',
    });
    const terms = await collect(connection.terms());
    const fall = { id: section?.term, name: 'Fall', start: '2026-08-17', end: '2026-12-18' };
    expect(terms.find(({ id }) => id === section?.term)).toEqual(fall);
  });

  it('answers undefined for a person who is not of the district', async () => {
    const other = syncPeople.find(({ district }) => district === willowBend.id);
    expect(await api.connect(cedarHollow.id, never).user(other?.id ?? '')).toBeUndefined();
  });

  describe('without the right to read people', () => {
    const known = () => syncPeople.find(({ district }) => district === cedarHollow.id)?.id ?? '';
    const strangers = () => syncPeople.find(({ district }) => district === willowBend.id)?.id ?? '';

    it.each(['404', '403', 'text', 'html'] as const)(
      'is not allowed to list, and knows no person, by %s',
      async (refusal) => {
        clever.switches.set({ dataApi: { noRights: true, refusal } });
        const connection = openApi(clever.url).connect(cedarHollow.id, never);
        expect(await reasonOf(collect(connection.users('student')))).toBe('not-allowed');
        expect(await reasonOf(connection.user(known()))).toBe('not-allowed');
        expect(await reasonOf(connection.school('a'.repeat(24)))).toBe('not-allowed');
      },
    );

    it('still reads the district', async () => {
      clever.switches.set({ dataApi: { noRights: true } });
      expect(await api.connect(cedarHollow.id, never).district()).toMatchObject({ state: 'running' });
    });

    it('asks for the rights of a district’s token once, not for each person who is missing', async () => {
      const connection = openApi(clever.url).connect(cedarHollow.id, never);
      expect(await connection.user(strangers())).toBeUndefined();
      clever.switches.set({ dataApi: { noRights: true } });
      expect(await connection.user(strangers())).toBeUndefined();
    });
  });

  it('reads a person by their own token, and no other person', async () => {
    const { access_token } = await tokensOf(clever, 'sync-student');
    const id = (key: string) => syncPeople.find((one) => one.key === key)?.id ?? '';
    expect(await api.readUser(access_token, id('sync-student'), never)).toMatchObject({ givenName: 'Leilani' });
    expect(await api.readUser(access_token, id('sync-teacher'), never)).toBeUndefined();
    expect(await reasonOf(api.readUser('nonsense', id('sync-teacher'), never))).toBe('token-refused');
  });

  it('goes on with a new token when the old one is refused in the middle of a list', async () => {
    const connection = api.connect(made, never);
    await connection.district();
    clever.switches.set({ dataApi: { rotateAtPage: 4 } });
    expect(ids(await collect(connection.users('student'))).size).toBe(95);
  });

  it('asks a page again whose connection was cut in the middle', async () => {
    clever.switches.set({ dataApi: { cutPage: 3 } });
    expect(ids(await collect(api.connect(made, never).users('student'))).size).toBe(95);
  });

  it.each([
    ['503', { fail: { on: ['api' as const], once: true } }],
    ['an HTML page', { html: { on: ['api' as const], once: true } }],
    ['a closed connection', { drop: { on: ['api' as const], once: true } }],
  ])('asks again after %s', async (_, settings) => {
    clever.switches.set(settings);
    expect(await api.connect(made, never).district()).toMatchObject({ state: 'running' });
  });

  it.each([
    ['503', { failFromPage: 3 }, 'status-5xx'],
    ['an HTML page', { htmlFromPage: 3 }, 'not-json'],
    ['next in a circle', { loop: true }, 'next-loop'],
  ] as const)('gives up after a bounded number of tries: %s', async (_, dataApi, reason) => {
    clever.switches.set({ dataApi });
    expect(await reasonOf(collect(api.connect(made, never).users('student')))).toBe(reason);
  });

  it('waits for the next window when the rate is used up', async () => {
    clever.switches.set({ dataApi: { rate: { requests: 6, seconds: 1 } } });
    const startedAt = Date.now();
    expect(ids(await collect(api.connect(made, never).users('student'))).size).toBe(95);
    // 10 pages, 6 a second.
    expect(Date.now() - startedAt).toBeGreaterThan(700);
  });

  it.each([
    ['a client Clever does not know', { app: { clientId: 'nobody', clientSecret: 'x' } }, made, 'invalid-client'],
    ['a district that is not connected', {}, 'f'.repeat(24), 'no-token'],
  ] as const)('says so for %s', async (_, changes, district, reason) => {
    const other = openApi(clever.url, changes);
    expect(await reasonOf(other.connect(district, never).district())).toBe(reason);
    await other.close();
  });

  it('ends at the caller’s signal, whatever it waits for', async () => {
    clever.switches.set({ slow: { ms: 600_000, on: ['api'] } });
    const signal = AbortSignal.timeout(100);
    expect(await reasonOf(api.connect(made, signal).user('a'.repeat(24)))).toBe('stopped');
  });
});

describe('a Data API that misbehaves', () => {
  let server: Server;
  let url: string;
  let answer: (req: IncomingMessage, res: ServerResponse, n: number) => void;
  let asked: { path: string; authorization: string | undefined }[];
  let token: string;
  beforeAll(async () => {
    server = createServer((req, res) => {
      if (req.url?.startsWith('/oauth/tokens')) {
        asked.push({ path: req.url, authorization: req.headers.authorization });
        return sendJson(res, { data: [{ access_token: token, owner: { type: 'district', id: made } }] });
      }
      asked.push({ path: req.url ?? '', authorization: req.headers.authorization });
      return answer(req, res, asked.filter(({ path }) => path.startsWith('/v3.1')).length);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${portOf(server)}`;
  });
  beforeEach(() => {
    asked = [];
    token = 'TOKEN-1';
  });
  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });

  const portOf = (one: Server): number => {
    const address: AddressInfo | string | null = one.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  };
  const sendJson = (res: ServerResponse, body: unknown, status = 200, headers: Record<string, string> = {}) => {
    res.writeHead(status, { 'content-type': 'application/json', ...headers });
    res.end(JSON.stringify(body));
  };
  const page = (data: readonly unknown[], next?: string) => ({
    data: data.map((one) => ({ data: one })),
    links: next === undefined ? [] : [{ rel: 'next', uri: next }],
  });
  const list = (changes: Partial<DataApiOptions> = {}) =>
    collect(openApi(url, changes).connect(made, never).users('student'));

  it('sends the token to no other host', async () => {
    answer = (_req, res) => sendJson(res, page([], 'http://other.example/v3.1/users'));
    expect(await reasonOf(list())).toBe('next-elsewhere');
  });

  it('follows an absolute next to the same host, and empty pages between', async () => {
    answer = (_req, res, n) =>
      sendJson(
        res,
        n === 1
          ? page([{ id: 'a' }], `${url}/v3.1/users?p=2`)
          : n === 2
            ? page([], '/v3.1/users?p=3')
            : page([{ id: 'b' }]),
      );
    expect((await list()).map(({ id }) => id)).toEqual(['a', 'b']);
  });

  it('ends where an empty page offers itself again', async () => {
    answer = (_req, res, n) =>
      sendJson(res, n === 1 ? page([{ id: 'a' }], '/v3.1/users?p=2') : page([], '/v3.1/users?p=2'));
    expect(await list()).toHaveLength(1);
  });

  it('changes a refused token once a page, and gives up when Clever has no other', async () => {
    answer = (_req, res) => sendJson(res, {}, 401);
    expect(await reasonOf(list())).toBe('token-refused');
    expect(asked.map(({ path }) => path.split('?')[0])).toEqual(['/oauth/tokens', '/v3.1/users', '/oauth/tokens']);
  });

  it('gives up when the new token is refused too', async () => {
    answer = (_req, res) => {
      token = `${token}x`;
      sendJson(res, {}, 401);
    };
    expect(await reasonOf(list())).toBe('token-refused');
    expect(asked).toHaveLength(4);
  });

  it('fetches one token for many who are refused at once', async () => {
    answer = (req, res) =>
      req.headers.authorization === 'Bearer TOKEN-2' ? sendJson(res, { data: { id: 'a' } }) : sendJson(res, {}, 401);
    const connection = openApi(url).connect(made, never);
    await reasonOf(connection.user('a'));
    asked = [];
    token = 'TOKEN-2';
    await Promise.all(Array.from({ length: 8 }, () => connection.user('a')));
    expect(asked.filter(({ path }) => path.startsWith('/oauth')).length).toBe(1);
  });

  it('waits as long as X-RateLimit-Reset says, counted by Clever’s own clock', async () => {
    const theirNow = Date.now() + 3_600_000;
    answer = (_req, res, n) =>
      n === 1
        ? sendJson(res, {}, 429, {
            date: new Date(theirNow).toUTCString(),
            'X-RateLimit-Reset': String(Math.floor(theirNow / 1000) + 1),
          })
        : sendJson(res, page([{ id: 'a' }]));
    const startedAt = Date.now();
    expect(await list()).toHaveLength(1);
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(900);
  });

  it('waits for a whole window where a refusal does not say when it ends', async () => {
    answer = (_req, res, n) => (n === 1 ? sendJson(res, {}, 429) : sendJson(res, page([{ id: 'a' }])));
    const startedAt = Date.now();
    expect(await list({ patience: { ...quick, windowMs: 400 } })).toHaveLength(1);
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(390);
    expect(patience).toMatchObject({ windowMs: 60_000 });
    expect(patience.maxWaitMs).toBeGreaterThanOrEqual(patience.windowMs);
  });

  it('waits no longer than its own limit, and not for ever', async () => {
    answer = (_req, res) => sendJson(res, {}, 429, { 'X-RateLimit-Reset': '99999999999' });
    expect(await reasonOf(list({ patience: { retries: 0, firstPauseMs: 5, maxWaitMs: 50 } }))).toBe('rate-limited');
    expect(asked.filter(({ path }) => path.startsWith('/v3.1'))).toHaveLength(3);
  });

  it.each([
    [400, 'unexpected-status'],
    [403, 'not-allowed'],
    [404, 'not-allowed'],
    [413, 'unexpected-status'],
    [302, 'redirect'],
  ])('does not ask again after %s', async (status, reason) => {
    answer = (_req, res) => sendJson(res, {}, status, { location: 'http://other.example/' });
    expect(await reasonOf(list())).toBe(reason);
    expect(asked.filter(({ path }) => path.startsWith('/v3.1'))).toHaveLength(1);
  });

  it('asks a person’s record once, whatever comes', async () => {
    answer = (_req, res) => sendJson(res, {}, 503);
    expect(await reasonOf(openApi(url).connect(made, never).user('a'))).toBe('status-5xx');
    expect(asked.filter(({ path }) => path.startsWith('/v3.1'))).toHaveLength(1);
  });

  it('gives up on a call that takes too long', async () => {
    answer = () => undefined;
    expect(await reasonOf(list({ callMs: 50, patience: { ...quick, retries: 1 } }))).toBe('timeout');
  });

  it('gives up on an answer without end', async () => {
    answer = (_req, res) => {
      const chunk = Buffer.alloc(1024 * 1024, 0x20);
      const send = () => {
        while (!res.destroyed && res.write(chunk));
        if (!res.destroyed) res.once('drain', send);
      };
      res.writeHead(200, { 'content-type': 'application/json' });
      send();
    };
    expect(await reasonOf(list({ patience: { ...quick, retries: 0 } }))).toBe('too-large');
  });

  it.each([
    ['a list', []],
    ['no data', {}],
    ['data that is no list', { data: {} }],
    ['a record without an id', page([{ name: 'x' }])],
    ['a record whose id is an address', page([{ id: '../../oauth/tokens' }])],
  ])('says wrong-shape for %s', async (_, body) => {
    answer = (_req, res) => sendJson(res, body);
    expect(await reasonOf(list({ patience: { ...quick, retries: 0 } }))).toBe('wrong-shape');
  });

  it('takes nulls, empty texts, unknown fields and values of the wrong kind for no value', async () => {
    const users = [
      { id: 'a', email: null, name: null, roles: { student: { sis_id: '', grade: '', school: null } } },
      {
        id: 'b',
        email: 7,
        name: { first: '', last: ['x'] },
        roles: { student: null, teacher: { sis_id: 5 }, wizard: {} },
      },
      { id: 'c', roles: { staff: { staff_id: '9', schools: [null, 's'], roles: 'x', title: '' }, district_admin: {} } },
      { id: 'd', roles: null, dob: '1/1/2015', race: 'x' },
    ];
    answer = (_req, res) => sendJson(res, page(users));
    const nothing = { district: undefined, email: undefined, givenName: undefined, familyName: undefined };
    expect(await list()).toEqual([
      { ...nothing, id: 'a', roles: { student: { sisId: undefined, school: undefined, grade: undefined } } },
      { ...nothing, id: 'b', roles: { teacher: { sisId: undefined, school: undefined } } },
      { ...nothing, id: 'c', roles: { staff: { staffId: '9', school: 's', duties: [] }, districtAdmin: true } },
      { ...nothing, id: 'd', roles: {} },
    ]);
  });

  it('puts nothing of an answer or a token into a failure', async () => {
    answer = (_req, res) => sendJson(res, page([{ id: 'secret person', email: 'child@x.example' }]));
    const failure = await list({ patience: { ...quick, retries: 0 } }).catch((error: unknown) => error);
    expect(JSON.stringify(failure, Object.getOwnPropertyNames(failure))).not.toMatch(/secret|child|TOKEN/);
    expect(failure).not.toHaveProperty('cause');
  });
});
