// credential …, preflight and district remove as an operator runs them, in this process.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeDistrict } from '../../sandbox/district-maker.ts';
import { runCommand } from '../../src/cli.ts';

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sso-cli-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function run(...words: readonly string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const exitCode = await runCommand(
    [...words, '--json'],
    {
      environment: { STORE_URL: `embedded:${join(folder, 'store')}`, SESSION_TTL: '8h', ATTEMPT_RETENTION: '90d' },
      layers: [],
      version: '1.2.3',
      stdout: { write: (text: string) => out.push(text) },
      stderr: { write: (text: string) => err.push(text) },
    },
    async () => 0,
  );
  const [document = '{}'] = out.join('').split('\n');
  return {
    exitCode,
    json: document.startsWith('{') ? Object(JSON.parse(document)) : {},
    text: out.join('') + err.join(''),
  };
}

it('creates, lists and revokes a credential, and shows the secret once', async () => {
  const made = await run('credential', 'create', '--scope', 'product', '--name', 'Summit K12');
  expect(made).toMatchObject({
    exitCode: 0,
    json: { id: expect.any(String), secret: expect.stringMatching(/^[\w-]{43}$/) },
  });
  const listed = await run('credential', 'list');
  expect(listed.json).toEqual({
    credentials: [
      {
        id: made.json.id,
        scope: 'product',
        name: 'Summit K12',
        created_at: expect.any(String),
        expires_at: null,
        last_used_at: null,
        revoked_at: null,
      },
    ],
  });
  expect(listed.text).not.toContain(made.json.secret);
  expect(await run('credential', 'revoke', made.json.id)).toMatchObject({ exitCode: 0 });
  expect(await run('credential', 'revoke', made.json.id)).toMatchObject({
    exitCode: 1,
    json: { error: { code: 'credential_unknown' } },
  });
  const after = await run('credential', 'list');
  expect(after.json).toMatchObject({ credentials: [{ name: 'Summit K12', revoked_at: expect.any(String) }] });
});

it('gives a credential an end where one is asked for', async () => {
  const made = await run('credential', 'create', '--scope', 'admin', '--name', 'term', '--expires-in-days', '90');
  const days = (Date.parse(made.json.expires_at) - Date.parse(made.json.created_at)) / 86_400_000;
  expect([made.exitCode, days]).toEqual([0, 90]);
  const listed = await run('credential', 'list');
  expect(listed.json.credentials.at(-1)).toMatchObject({ name: 'term', expires_at: made.json.expires_at });
  await run('credential', 'revoke', made.json.id);
});

it.each([
  [['credential', 'create', '--scope', 'root', '--name', 'x']],
  [['credential', 'create', '--scope', 'admin']],
  [['credential', 'create', '--scope', 'admin', '--name', ' ']],
  [['credential', 'revoke']],
  [['credential', 'create', '--scope', 'admin', '--name', 'x', '--expires-in-days', '0']],
  [['credential', 'create', '--scope', 'admin', '--name', 'x', '--expires-in-days', '1.5']],
  [['preflight', 'a.csv']],
])('takes %j for wrong usage', async (words) => {
  expect((await run(...words)).exitCode).toBe(2);
});

it('reports who can sign in, writes what to do about the others, and erases the district with numbers', async () => {
  const made = makeDistrict({ students: 5, teachers: 2, staff: 0, seed: 3, lineEnds: 'lf', headerStyle: 'School_id' });
  for (const [name, text] of made.files) writeFileSync(join(folder, name), text);
  await run('district', 'put', 'maple', '--clever-id', 'a1', '--name', 'Maple', '--rostering', 'sftp');
  expect(await run('roster', 'publish', folder, '--district', 'maple', '--method', 'sftp')).toMatchObject({
    exitCode: 0,
  });
  const status = await run('roster', 'status', '--district', 'maple');
  expect(status.json).toMatchObject({ licences_used: null, last_sync: null, trail: [{ by: 'command' }] });

  const list = (emails: readonly string[]) => `role,email\n${emails.map((email) => `student,${email}\n`).join('')}`;
  const emails = made.people.filter(({ record }) => record === 'student').map(({ email }) => email);
  const [path, report] = [join(folder, 'export.list'), join(folder, 'report.csv')];
  writeFileSync(path, list(emails));
  expect(await run('preflight', path, '--district', 'maple')).toMatchObject({
    exitCode: 0,
    json: { gets_in: 5, refused: 0 },
  });
  writeFileSync(path, list(emails.map((email) => email.toUpperCase())));
  const refused = await run('preflight', path, '--district', 'maple', '--out', report);
  expect(refused).toMatchObject({
    exitCode: 1,
    json: { gets_in: 0, refused: 5, causes: [{ cause: 'case', count: 5 }] },
  });
  expect(refused.text).not.toContain('@');
  expect(readFileSync(report, 'utf8').trim().split('\r\n')).toHaveLength(6);
  expect(await run('preflight', '--district', 'maple')).toMatchObject({ exitCode: 1 });
  expect(await run('preflight', join(folder, 'nowhere.csv'), '--district', 'maple')).toMatchObject({
    exitCode: 1,
    json: { error: { code: 'path_unreadable' } },
  });

  expect(await run('district', 'remove', 'maple')).toMatchObject({
    exitCode: 0,
    json: { district: 'maple', erased: { generations: 1, accounts: 7 } },
  });
  expect(await run('district', 'show', 'maple')).toMatchObject({ exitCode: 1 });
});

describe('client', () => {
  const put = (...more: readonly string[]) =>
    run('client', 'put', 'coach', '--redirect-uri', 'https://coach.example/callback', ...more);
  afterEach(() => run('client', 'remove', 'coach'));

  it('registers a client, shows its secret once, shows and lists it, and keeps what is left out', async () => {
    const made = await put('--scopes', 'profile', '--initiate-login-uri', 'https://coach.example/login');
    const described = {
      id: 'coach',
      public: false,
      redirect_uris: ['https://coach.example/callback'],
      post_logout_redirect_uris: [],
      initiate_login_uri: 'https://coach.example/login',
      backchannel_logout_uri: null,
      scopes: ['openid', 'profile'],
      pkce: 'required',
      created_at: expect.any(String),
      launch_apps: [],
      launch_districts: [],
    };
    expect(made).toMatchObject({ exitCode: 0, json: { ...described, secret: expect.stringMatching(/^[\w-]{43}$/) } });
    const changed = await run('client', 'put', 'coach', '--initiate-login-uri', '', '--scopes', 'openid,email');
    const now = { ...described, initiate_login_uri: null, scopes: ['openid', 'email'] };
    expect(changed.json).toEqual(now);
    const listed = { ...now, secrets_made_at: [expect.any(String)] };
    expect((await run('client', 'show', 'coach')).json).toEqual(listed);
    expect((await run('client', 'list')).json).toEqual({ clients: [listed] });
    expect((await run('client', 'list')).text).not.toContain(made.json.secret);
  });

  it('rotates its secret, two valid at a time, and ends former ones where that is asked for', async () => {
    const made = await put();
    expect((await run('client', 'rotate', 'coach')).json).toMatchObject({ id: 'coach', valid_secrets: 2 });
    const last = await run('client', 'rotate', 'coach', '--end-former');
    expect(last.json).toMatchObject({ valid_secrets: 1, secret: expect.stringMatching(/^[\w-]{43}$/) });
    expect(last.json.secret).not.toBe(made.json.secret);
  });

  it('has no secret where it is public', async () => {
    expect((await put('--public')).json).not.toHaveProperty('secret');
    expect(await run('client', 'rotate', 'coach')).toMatchObject({
      exitCode: 1,
      json: { error: { code: 'client_public' } },
    });
  });

  it.each([
    [['show', 'nobody'], 'client_unknown'],
    [['rotate', 'nobody'], 'client_unknown'],
    [['remove', 'nobody'], 'client_unknown'],
    [['put', 'nowhere'], 'client_redirect_missing'],
    [['put', 'x', '--redirect-uri', 'https://x.example/cb', '--launch-app', 'summit-k12'], 'client_initiate_missing'],
    [['put', 'x', '--redirect-uri', 'https://x.example/cb', '--public', '--pkce', 'or-nonce'], 'client_pkce_public'],
  ])('refuses %j with %s', async (words, code) => {
    expect(await run('client', ...words)).toMatchObject({ exitCode: 1, json: { error: { code } } });
  });

  it.each([
    [['put', 'coach', '--redirect-uri', 'http://coach.example/callback']],
    [['put', 'coach', '--redirect-uri', 'https://coach.example/*']],
    [['put', '-x', '--redirect-uri', 'https://coach.example/']],
    [['put', 'coach', '--redirect-uri', 'https://coach.example/', '--scopes', 'phone']],
    [['put', 'coach', '--redirect-uri', 'https://coach.example/', '--launch-app', 'other']],
    [['put', 'coach', '--redirect-uri', 'com.example.coach:/callback', '--public']],
    [['put', 'coach', '--redirect-uri', 'https://coach.example/', '--pkce', 'plain']],
    [['put', 'coach', '--redirect-uri', 'https://coach.example/', '--launch-district', 'a/b']],
    [['put', 'coach', '--redirect-uri', 'https://a.example/', '--redirect-uri', 'https://a.example/']],
    [['put']],
  ])('takes %j for wrong usage', async (words) => {
    expect((await run('client', ...words)).exitCode).toBe(2);
  });

  it('names the client that has a launch already', async () => {
    const launch = ['--initiate-login-uri', 'https://coach.example/login', '--launch-district', 'harbor'];
    await put(...launch);
    const second = await run('client', 'put', 'tutor', '--redirect-uri', 'https://tutor.example/cb', ...launch);
    expect(second).toMatchObject({ exitCode: 1, json: { error: { code: 'client_launch_taken' } } });
    expect(second.json.error.detail).toContain('Client "coach" has');
  });

  it('leaves who changed it, and never a secret, in the audit log', async () => {
    const made = await put();
    const rotated = await run('client', 'rotate', 'coach');
    await run('client', 'remove', 'coach', '--reason', 'retired');
    const { json, text } = await run('trail', '--limit', '3');
    expect(json.entries).toMatchObject([
      { action: 'client_removed', client: 'coach', why: 'retired', by: 'command' },
      { action: 'client_rotated', client: 'coach' },
      { action: 'client_put', client: 'coach', kind: 'confidential', redirect_uris: 'https://coach.example/callback' },
    ]);
    for (const secret of [made.json.secret, rotated.json.secret]) expect(text).not.toContain(secret);
  });
});
