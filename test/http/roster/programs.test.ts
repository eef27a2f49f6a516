// The routes for programs as their users meet them: who may do what, and what they are answered. Every answer is compared
// with openapi.yaml on the way.

import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeDistrict } from '../../../sandbox/district-maker.ts';
import { DataApiFailure } from '../../../src/secure-sync/ports.ts';
import { until } from '../../helpers/bridge-process.ts';
import { feed, students, teacher } from '../../helpers/feeds.ts';
import { basic, bearer, type Programs, startPrograms } from '../../helpers/program-server.ts';
import { embedded, engines, type StoreFixture } from '../../helpers/stores.ts';

const routes = [
  ['GET', '/districts/juniper/roster', 'product'],
  ['HEAD', '/districts/juniper/roster', 'product'],
  ['GET', '/districts/juniper/roster/changes?after=x', 'product'],
  ['GET', '/districts', 'support'],
  ['GET', '/districts/juniper', 'support'],
  ['PUT', '/districts/juniper', 'admin'],
  ['POST', '/districts/juniper/rosters/sftp', 'admin'],
  ['POST', '/districts/juniper/rosters/sftp/approve', 'admin'],
  ['POST', '/districts/juniper/rosters/sftp/rollback', 'admin'],
  ['POST', '/districts/juniper/preflight', 'admin'],
] as const;

const juniper = { id: 'juniper', cleverId: 'a1', name: 'Juniper Flats', rostering: ['sftp', 'manual'] } as const;

const shape = { students: 30, teachers: 3, staff: 2, seed: 5, lineEnds: 'lf', headerStyle: 'School_id' } as const;

function formOf(files: ReadonlyMap<string, string>): FormData {
  const form = new FormData();
  for (const [name, text] of files) form.append('files', new Blob([text], { type: 'text/csv' }), name);
  return form;
}

const uploadParent = mkdtempSync(join(tmpdir(), 'uploads-'));
const uploadFolders = () => readdirSync(uploadParent);
afterAll(() => rmSync(uploadParent, { recursive: true }));

describe('who may ask', () => {
  let storeFixture: StoreFixture;
  let programs: Programs;
  let revoked: { id: string; secret: string };
  beforeAll(async () => {
    storeFixture = await embedded.start();
    programs = await startPrograms(await storeFixture.place().open());
    await programs.services.districts.put(juniper);
    const { credential, secret } = await programs.services.credentials.create('admin', 'revoked');
    revoked = { id: credential.id, secret };
    await programs.services.credentials.revoke(credential.id);
  });
  afterAll(async () => {
    await programs.stop();
    await storeFixture.stop();
  });

  const malformed = [
    ['an empty header', ''],
    ['a scheme alone', 'Bearer'],
    ['Basic alone', 'Basic'],
    ['Basic that is no base64', 'Basic ???'],
    ['Basic without a colon', `Basic ${Buffer.from('nocolon').toString('base64')}`],
    ['Basic of binary', `Basic ${Buffer.from([0xff, 0xfe, 0x3a, 0x00]).toString('base64')}`],
    ['two tokens', 'Bearer a b'],
    ['another scheme', 'Digest username="a"'],
    ['a token of other signs', 'Bearer "quoted"'],
    ['an over-long token', `Bearer ${'a'.repeat(8000)}`],
  ] as const;

  it.each(routes)('%s %s without a credential is refused with its challenge', async (method, path, scope) => {
    const answer = await programs.ask(method, path);
    expect(answer.status).toBe(401);
    const challenge = answer.headers.get('www-authenticate');
    expect(challenge).toBe(
      scope === 'product' ? 'Basic realm="sso-bridge", charset="UTF-8"' : 'Bearer realm="sso-bridge"',
    );
  });

  describe.each(routes)('%s %s', (method, path, scope) => {
    const scheme = scope === 'product' ? 'Basic' : 'Bearer';

    it.each(malformed)('answers 401, never 500, to %s', async (_what, authorization) => {
      const answer = await programs.ask(method, path, { headers: { authorization } });
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toContain(scheme);
    });

    it.each(['unknown', 'revoked'])('answers 401 to a credential that is %s', async (which) => {
      const secret = which === 'revoked' ? revoked.secret : 'a'.repeat(43);
      const headers = scheme === 'Basic' ? basic(revoked.id, secret) : bearer(secret);
      const answer = await programs.ask(method, path, { headers });
      expect(answer.status).toBe(401);
      if (scheme === 'Bearer') expect(answer.headers.get('www-authenticate')).toContain('error="invalid_token"');
    });

    it('answers 403 to credentials of other scopes, and says which scope it needs', async () => {
      const others = (['product', 'support', 'admin'] as const).filter(
        (each) => each !== scope && !(scope === 'support' && each === 'admin'),
      );
      for (const other of others) {
        const { credential, secret } = await programs.services.credentials.create(other, 'other');
        const headers = scheme === 'Basic' ? basic(credential.id, secret) : bearer(secret);
        const answer = await programs.ask(method, path, { headers });
        expect(answer.status).toBe(403);
        if (method !== 'HEAD') expect(answer.json).toMatchObject({ code: 'insufficient_scope', status: 403 });
        if (scheme === 'Bearer') {
          expect(answer.headers.get('www-authenticate')).toContain(`error="insufficient_scope", scope="${scope}"`);
        }
      }
    });
  });

  it('refuses an id with another credential’s secret', async () => {
    const other = await programs.services.credentials.create('product', 'other');
    const headers = basic(programs.ids.product, other.secret);
    expect((await programs.ask('GET', '/districts/juniper/roster', { headers })).status).toBe(401);
  });

  it.each(routes.filter(([method]) => method !== 'PUT'))(
    '%s %s says 404 of an unknown district',
    async (method, path, scope) => {
      for (const id of ['other', '%00', `${'a'.repeat(300)}`, '..%2f']) {
        const [, , , ...rest] = path.split('/');
        if (path === '/districts') return;
        const answer = await programs.ask(method, `/districts/${[id, ...rest].join('/')}`, {
          headers: programs.headers[scope],
        });
        expect(answer.status).toBe(404);
      }
    },
  );
});

describe.each(engines)('districts and rosters over HTTP on $name', (engine) => {
  let storeFixture: StoreFixture;
  let programs: Programs;
  beforeAll(async () => {
    storeFixture = await engine.start();
  });
  afterAll(() => storeFixture.stop());
  beforeEach(async () => {
    programs = await startPrograms(await storeFixture.place().open(), { parent: uploadParent, bytes: 200_000 });
    await programs.services.districts.put(juniper);
  });
  afterEach(() => programs.stop());

  const admin = (method: string, path: string, init: RequestInit = {}) =>
    programs.ask(method, path, { ...init, headers: { ...programs.headers.admin, ...init.headers } });
  const made = makeDistrict(shape);

  it('makes, changes, lists and shows a district', async () => {
    const put = (body: unknown) =>
      admin('PUT', '/districts/maple', { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });
    const maple = { clever_id: 'b2', name: 'Maple', rostering: ['secure-sync:full', 'manual'] };
    expect(await put(maple)).toMatchObject({ status: 201, json: { id: 'maple', clever_id: 'b2' } });
    expect(await put({ ...maple, name: 'Maple Hills' })).toMatchObject({ status: 200 });
    expect(await put({ ...maple, clever_id: 'a1' })).toMatchObject({
      status: 409,
      json: { code: 'clever_district_taken', by: 'juniper' },
    });
    const list = await programs.ask('GET', '/districts', { headers: programs.headers.support });
    expect(list.json['districts']).toMatchObject([{ id: 'juniper' }, { id: 'maple', name: 'Maple Hills' }]);
    const shown = await programs.ask('GET', '/districts/maple', { headers: programs.headers.support });
    expect(shown.json).toMatchObject({ id: 'maple', feeds: [], licences_used: 0, last_sync: null, trail: [] });
  });

  it('removes a rostering method with its roster, and reports who loses access; held above the limits of the guard', async () => {
    const put = (query = '') =>
      admin('PUT', `/districts/juniper${query}`, {
        body: JSON.stringify({ clever_id: 'a1', name: 'Juniper Flats', rostering: ['sftp'] }),
        headers: { 'content-type': 'application/json' },
      });
    await programs.services.districts.put({ ...juniper, rostering: ['sftp', 'manual'] });
    await programs.services.publisher.publish('juniper', 'manual', feed(...students(11), teacher({ sisId: 't1' })));
    const removed = { methods: ['manual'], accounts_losing_access: { student: 11, employee: 1 } };
    expect(await put()).toMatchObject({
      status: 409,
      json: { code: 'held', removed_rosters: removed, held: [{ kind: 'student', removed: 11, of: 11 }] },
    });
    expect((await programs.services.districts.find('juniper'))?.rostering).toEqual(['sftp', 'manual']);
    expect(await put('?approve=perhaps')).toMatchObject({ status: 400, json: { code: 'malformed_request' } });
    expect(await put('?approve=true')).toMatchObject({ status: 200, json: { removed_rosters: removed } });
    expect(await put()).toMatchObject({ status: 200, json: { removed_rosters: { methods: [] } } });
    const shown = await programs.ask('GET', '/districts/juniper', { headers: programs.headers.support });
    expect(shown.json).toMatchObject({ feeds: [], trail: [{ action: 'roster_retired', method: 'manual' }] });
  });

  it.each([
    ['nothing', ''],
    ['no JSON', '{'],
    ['a list', '[]'],
    ['wrong values', '{"clever_id":"zz","name":"","rostering":["ftp"]}'],
    [
      'two kinds of secure-sync',
      '{"clever_id":"b2","name":"M","rostering":["secure-sync:full","secure-sync:provisioning"]}',
    ],
    ['endless JSON', `{"name":"${'a'.repeat(20_000)}"}`],
  ])('refuses a district of %s', async (_what, body) => {
    const answer = await admin('PUT', '/districts/maple', { body, headers: { 'content-type': 'application/json' } });
    expect(answer).toMatchObject({ status: 400, json: { code: 'malformed_request' } });
    expect(await programs.services.districts.find('maple')).toBeUndefined();
  });

  it('publishes the files of a form, returns the report, and logs who did it and the files', async () => {
    const answer = await admin('POST', '/districts/juniper/rosters/sftp', { body: formOf(made.files) });
    expect(answer).toMatchObject({
      status: 200,
      json: { district: 'juniper', result: 'published', accounts: { student: 30 } },
    });
    const shown = await programs.ask('GET', '/districts/juniper', { headers: programs.headers.support });
    expect(shown.json['trail']).toMatchObject([
      {
        action: 'roster_published',
        by: programs.ids.admin,
        method: 'sftp',
        students: 30,
        'sha256 students.csv': expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    ]);
    const roster = await programs.ask('GET', '/districts/juniper/roster', { headers: programs.headers.product });
    expect(roster.headers.get('content-type')).toContain('application/x-ndjson');
    expect(roster.lines.at(-1)).toMatchObject({
      type: 'end',
      accounts: roster.lines.filter(({ type }) => type === 'account').length,
    });
    expect(uploadFolders()).toEqual([]);
  });

  it('changes nothing in a dry run, not even the audit log', async () => {
    const answer = await admin('POST', '/districts/juniper/rosters/sftp?dry_run=true', { body: formOf(made.files) });
    expect(answer).toMatchObject({ status: 200, json: { result: 'checked' } });
    const shown = await programs.ask('GET', '/districts/juniper', { headers: programs.headers.support });
    expect(shown.json).toMatchObject({ feeds: [], trail: [] });
  });

  it('holds a shrunken roster, then approves it, then goes back', async () => {
    await programs.services.publisher.publish('juniper', 'sftp', feed(...students(100)));
    const held = await admin('POST', '/districts/juniper/rosters/sftp', { body: formOf(made.files) });
    expect(held).toMatchObject({ status: 409, json: { code: 'held', result: 'held' } });
    expect(held.json['held']).toMatchObject([{ kind: 'student' }]);
    expect(await admin('POST', '/districts/juniper/rosters/sftp/approve')).toMatchObject({
      status: 200,
      json: { result: 'published', accounts: { student: 30 } },
    });
    expect(await admin('POST', '/districts/juniper/rosters/sftp/rollback')).toMatchObject({
      status: 200,
      json: { result: 'rolled_back', accounts: { student: 100 } },
    });
    expect(await admin('POST', '/districts/juniper/rosters/sftp/approve')).toMatchObject({
      status: 409,
      json: { code: 'nothing_held' },
    });
    expect(await admin('POST', '/districts/juniper/rosters/sftp/rollback')).toMatchObject({
      status: 409,
      json: { code: 'nothing_to_roll_back_to' },
    });
    const { json } = await programs.ask('GET', '/districts/juniper', { headers: programs.headers.support });
    expect(Object(json['trail']).map(({ action }: { action: string }) => action)).toEqual([
      'roster_rolled_back',
      'roster_approved',
      'roster_held',
    ]);
  });

  it('answers 422 with the findings of a set that has errors, and writes that down', async () => {
    const answer = await admin('POST', '/districts/juniper/rosters/sftp', {
      body: formOf(new Map([['students.csv', 'Student_id\n1\n']])),
    });
    expect(answer).toMatchObject({ status: 422, json: { code: 'errors_found', result: 'refused' } });
    expect(answer.json['findings']).toContainEqual(
      expect.objectContaining({ code: 'file_missing', file: 'schools.csv' }),
    );
    const shown = await programs.ask('GET', '/districts/juniper', { headers: programs.headers.support });
    expect(shown.json['trail']).toMatchObject([{ action: 'roster_refused', errors: expect.any(Number) }]);
  });

  it('takes one spreadsheet as CSV for the manual method', async () => {
    const body = 'Role,ID,First name,Last name,Email,School\nStudent,1,Ada,Moss,ada@juniper.example,North\n';
    const answer = await admin('POST', '/districts/juniper/rosters/manual?dry_run=true', {
      body,
      headers: { 'content-type': 'text/csv' },
    });
    expect([200, 422]).toContain(answer.status);
    expect(answer.json).toHaveProperty('findings');
  });

  it.each([
    ['a method that the district does not use', '/districts/juniper/rosters/secure-sync', 409, 'method_not_used'],
    ['an unknown method', '/districts/juniper/rosters/ftp', 404, 'method_unknown'],
    ['an unknown way of a dry run', '/districts/juniper/rosters/sftp?dry_run=maybe', 400, 'malformed_request'],
    ['two ways of a dry run', '/districts/juniper/rosters/sftp?dry_run=true&dry_run=false', 400, 'malformed_request'],
  ])('refuses %s', async (_what, path, status, code) => {
    expect(await admin('POST', path, { body: formOf(made.files) })).toMatchObject({ status, json: { code } });
  });

  it.each([
    ['a body of another kind', { 'content-type': 'application/gzip' }, 'x', 415],
    ['no kind at all', { 'content-type': '' }, 'x', 415],
    ['a form without boundary', { 'content-type': 'multipart/form-data' }, 'x', 400],
    ['a form that ends too early', { 'content-type': 'multipart/form-data; boundary=b' }, '--b\r\nContent-Dis', 400],
    ['a form without files', { 'content-type': 'multipart/form-data; boundary=b' }, '--b--\r\n', 400],
  ])('refuses %s', async (_what, headers, body, status) => {
    const answer = await admin('POST', '/districts/juniper/rosters/sftp', { body: Buffer.from(body), headers });
    expect(answer.status).toBe(status);
    expect(uploadFolders()).toEqual([]);
  });

  it.each(['../students.csv', '.hidden', 'a\u0000.csv', 'CON|.csv'])(
    'writes no file outside its folder: %j',
    async (name) => {
      const answer = await admin('POST', '/districts/juniper/rosters/sftp', {
        body: formOf(new Map([[name, 'a,b\n1,2\n']])),
      });
      expect([400, 422]).toContain(answer.status);
      expect(uploadFolders()).toEqual([]);
    },
  );

  it('answers 413 to more than the limit, announced or not, and leaves nothing behind', async () => {
    const large = formOf(new Map([['students.csv', 'x'.repeat(300_000)]]));
    expect((await admin('POST', '/districts/juniper/rosters/sftp', { body: large })).status).toBe(413);
    const endless = new ReadableStream({
      start(controller) {
        for (let i = 0; i < 30; i += 1) controller.enqueue(Buffer.alloc(10_000, 'a'));
        controller.close();
      },
    });
    const answer = await admin('POST', '/districts/juniper/rosters/manual', {
      body: endless,
      headers: { 'content-type': 'text/csv' },
      duplex: 'half',
    } as RequestInit);
    expect(answer).toMatchObject({ status: 413, json: { code: 'body_too_large' } });
    expect(uploadFolders()).toEqual([]);
  });

  it('removes what came of an upload whose client goes away', async () => {
    const { hostname, port } = new URL(programs.url);
    const going = httpRequest({
      hostname,
      port,
      method: 'POST',
      path: '/districts/juniper/rosters/manual',
      headers: { ...programs.headers.admin, 'content-type': 'text/csv', 'transfer-encoding': 'chunked' },
    });
    going.on('error', () => undefined);
    going.write('a,b\n');
    await until(() => uploadFolders().length === 1, 'the upload to have begun');
    going.destroy();
    await until(() => uploadFolders().length === 0, 'the upload to be removed');
    expect(programs.failures).toEqual([]);
    expect(await programs.services.auditLog.list('juniper', 5)).toEqual([]);
  });

  it('removes what a server that was killed left of an upload, a day later', async () => {
    const [left, underWay] = ['left', 'under-way'].map((name) => join(uploadParent, `sso-bridge-upload-${name}`));
    for (const folder of [left, underWay]) mkdirSync(folder ?? '', { recursive: true });
    writeFileSync(join(left ?? '', 'students.csv'), 'readable');
    utimesSync(left ?? '', new Date(), new Date(Date.now() - 2 * 86_400_000));
    try {
      await admin('POST', '/districts/juniper/rosters/manual?dry_run=true', {
        body: 'a,b\n',
        headers: { 'content-type': 'text/csv' },
      });
      expect(uploadFolders()).toEqual(['sso-bridge-upload-under-way']);
    } finally {
      for (const folder of [left, underWay]) rmSync(folder ?? '', { recursive: true, force: true });
    }
  });

  it('sends changes after a cursor, and for a lost cursor asks to read the whole roster', async () => {
    const ask = (path: string) =>
      programs.ask('GET', `/districts/juniper/roster${path}`, { headers: programs.headers.product });
    const [head] = (await ask('')).lines;
    await programs.services.publisher.publish('juniper', 'sftp', feed(...students(3)));
    const changes = await ask(`/changes?after=${head?.['cursor']}`);
    expect(changes.lines.map(({ type }) => type)).toEqual(['account', 'account', 'account', 'cursor']);
    expect(await ask('/changes')).toMatchObject({ status: 400, json: { code: 'cursor_malformed' } });
    expect(await ask('/changes?after=a&after=b')).toMatchObject({ status: 400, json: { code: 'malformed_request' } });
    const unknown = `/changes?after=${'0'.repeat(16)}.${'0'.repeat(15)}-${'0'.repeat(10)}`;
    expect(await ask(unknown)).toMatchObject({ status: 410, json: { code: 'cursor_gone' } });
  });

  it('says who will get in of a list, as figures or as a CSV to act on, and writes down that it was asked', async () => {
    await programs.services.publisher.publish('juniper', 'sftp', feed(...students(3)));
    const body =
      'Clever ID,Type,First name,Last name,Email\nc0,student,A,B,student.s0@juniper.example\nc1,student,A,B,Student.s1@juniper.example\n';
    const headers = { 'content-type': 'text/csv' };
    const figures = await admin('POST', '/districts/juniper/preflight', { body, headers });
    expect(figures).toMatchObject({
      status: 200,
      json: { checked: 2, gets_in: 1, causes: [{ cause: 'case', count: 1 }] },
    });
    const list = await admin('POST', '/districts/juniper/preflight', {
      body,
      headers: { ...headers, accept: 'text/csv' },
    });
    expect(list.headers.get('content-type')).toContain('text/csv');
    expect(list.text).toContain('"Student.s1@juniper.example","student.s1@juniper.example","case"');
    const broken = await admin('POST', '/districts/juniper/preflight', { body: 'a,b\n1,2\n', headers });
    expect(broken).toMatchObject({ status: 422, json: { code: 'export_unreadable' } });
    const [entry] = await programs.services.auditLog.list('juniper', 1);
    expect(entry).toMatchObject({ action: 'preflight_made', by: programs.ids.admin });
  });
});

describe('a pre-flight without a list', () => {
  const user = (id: string, email: string) => ({
    id,
    district: 'b2',
    email,
    givenName: 'Ada',
    familyName: 'Moss',
    roles: { student: { sisId: id, school: undefined, grade: undefined } },
  });

  it.each([
    ['reads a Secure Sync district from Clever', 200, { checked: 2, gets_in: 1, refused: 1 }],
    ['says why Clever could not be read', 502, { code: 'clever_unread', reason: 'no-token' }],
  ])('%s', async (_what, status, json) => {
    const storeFixture = await embedded.start();
    async function* users(role: string) {
      if (status === 502) throw new DataApiFailure('no-token');
      if (role === 'student') yield* [user('s0', 'student.s0@juniper.example'), user('s1', 'other@juniper.example')];
    }
    const never = () => {
      throw new Error('not asked');
    };
    const lists = { schools: never, courses: never, terms: never, sections: never };
    const connection = { ...lists, users, district: never, user: never, school: never };
    const programs = await startPrograms(await storeFixture.place().open(), undefined, { connect: () => connection });
    await programs.services.districts.put({
      id: 'maple',
      cleverId: 'b2',
      name: 'Maple',
      rostering: ['secure-sync:full'],
    });
    await programs.services.publisher.publish('maple', 'secure-sync', feed(...students(1)));
    const headers = programs.headers.admin;
    expect(await programs.ask('POST', '/districts/maple/preflight', { headers })).toMatchObject({ status, json });
    await programs.stop();
    await storeFixture.stop();
  });
});

describe('a large roster', () => {
  it('is streamed as slowly as it is read, with flat memory, and a client that leaves is no failure', async () => {
    const storeFixture = await embedded.start();
    const programs = await startPrograms(await storeFixture.place().open());
    await programs.services.districts.put(juniper);
    await programs.services.publisher.publish('juniper', 'sftp', feed(...students(20_000)));
    const answer = await fetch(`${programs.url}/districts/juniper/roster`, { headers: programs.headers.product });
    const reader = answer.body?.getReader();
    if (reader === undefined) throw new Error('no body');
    await reader.read();
    global.gc?.();
    const before = process.memoryUsage().rss;
    let bytes = 0;
    let most = 0;
    let last = '';
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      bytes += value.length;
      last = Buffer.from(value).toString('utf8');
      most = Math.max(most, process.memoryUsage().rss - before);
    }
    expect(last.trim().split('\n').at(-1)).toBe('{"type":"end","accounts":20000,"classes":0,"enrollments":0}');
    expect(bytes).toBeGreaterThan(5_000_000);
    expect(most).toBeLessThan(150 * 1024 * 1024);

    const left = new AbortController();
    const second = await fetch(`${programs.url}/districts/juniper/roster`, {
      headers: programs.headers.product,
      signal: left.signal,
    });
    await second.body?.getReader().read();
    left.abort();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(programs.failures).toEqual([]);
    await programs.stop();
    await storeFixture.stop();
  }, 300_000);
});
