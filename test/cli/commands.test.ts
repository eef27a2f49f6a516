// The command as an operator meets it: exit codes, JSON, reasons in words and never a stack.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../../src/cli.ts';
import type { Environment } from '../../src/config/gather-settings.ts';
import { describeRefusal } from '../../src/sign-in/record-refusal.ts';
import { patientStore } from '../helpers/redis-server.ts';
import { createServices } from '../helpers/services.ts';
import { engines, type Place, type StoreFixture } from '../helpers/stores.ts';
import { claimsOf, createDecider, juniper, opening } from '../sign-in/decider.ts';

const layers = [{ ...patientStore, STORE_URL: 'embedded:nowhere', SESSION_TTL: '8h', ATTEMPT_RETENTION: '90d' }];
const key = Buffer.alloc(32, 'o'.charCodeAt(0)).toString('base64');

interface Told {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
  // biome-ignore lint/suspicious/noExplicitAny: the output of the command is checked field by field.
  readonly json: any;
}

async function run(environment: Environment, words: readonly string[]): Promise<Told> {
  let [out, err] = ['', ''];
  const stdout = { write: (text: string) => (out += text) };
  const stderr = { write: (text: string) => (err += text), isTTY: false };
  const exit = await runCommand(words, { environment, layers, version: '1.2.3', stdout, stderr }, async () => 0);
  expect(out + err).not.toMatch(/^\s+at .*:\d+:\d+/m);
  return { exit, out, err, json: words.includes('--json') && out !== '' ? JSON.parse(out) : undefined };
}

describe.each(engines)('the command on $name', ({ start }) => {
  let storeFixture: StoreFixture;
  let place: Place;
  let environment: Environment;
  let folder: string;

  beforeAll(async () => {
    storeFixture = await start();
    folder = mkdtempSync(join(tmpdir(), 'sso-rosters-'));
  });
  beforeEach(() => {
    place = storeFixture.place();
    environment = { STORE_URL: place.url, STORE_KEYS: `one:${key}` };
  });
  afterAll(async () => {
    await storeFixture.stop();
    rmSync(folder, { recursive: true });
  });

  const sso = (...words: readonly string[]) => run(environment, words);
  const put = () =>
    sso(
      'district',
      'put',
      juniper.id,
      '--clever-id',
      juniper.cleverId,
      '--name',
      juniper.name,
      '--rostering',
      'sftp',
      '--json',
    );

  function writeRoster(count: number): string {
    const path = mkdtempSync(join(folder, 'roster-'));
    const rows = Array.from(
      { length: count },
      (_, i) => `school-1,s${i},n${i},Givens${i},Familys${i},student.s${i}@juniper.example`,
    );
    const students = ['School_id,Student_id,Student_number,First_name,Last_name,Student_email', ...rows];
    writeFileSync(join(path, 'schools.csv'), 'School_id,School_name,School_number\nschool-1,One,1\n');
    writeFileSync(join(path, 'students.csv'), `${students.join('\n')}\n`);
    writeFileSync(join(path, 'teachers.csv'), 'School_id,Teacher_id,Teacher_email,First_name,Last_name\n');
    return path;
  }

  it('every action of an administrator is in the audit log, with whose account and machine it was', async () => {
    await put();
    await roster('publish', writeRoster(3), '--method', 'sftp');
    const { id } = (await sso('credential', 'create', '--scope', 'support', '--name', 'phones', '--json')).json;
    await sso('credential', 'revoke', id);
    await sso('credential', 'revoke', id);
    const { kid } = (await sso('keys', 'rotate', '--json')).json.key;
    environment = { ...environment, PUBLIC_URL: 'https://sso.example' };
    await sso('keys', 'vectors', '--audience', 'https://product.example');
    await sso('store', 'restored', '--keep-all-credentials');
    await sso('district', 'remove', juniper.id, '--reason', 'moved away');
    const { entries } = (await sso('trail', '--json')).json;
    const who = { by: 'command', os_user: userInfo().username, host: hostname() };
    expect(entries.toReversed()).toEqual(
      [
        { action: 'district_put', district: juniper.id, why: 'linked' },
        { action: 'roster_published', district: juniper.id, method: 'sftp' },
        { action: 'credential_created', credential: id, scope: 'support', why: 'phones' },
        { action: 'credential_revoked', credential: id },
        { action: 'keys_rotated', key: kid },
        { action: 'vectors_made', audience: 'https://product.example' },
        { action: 'sessions_ended', district: juniper.id },
        { action: 'store_restored', kept: 0, revoked: 0 },
        { action: 'district_removed', district: juniper.id, accounts: 3, why: 'moved away' },
      ].map((entry) => expect.objectContaining({ ...entry, ...who })),
    );
  });

  it('a backup says when it was taken, and on which machine or server the copy is', async () => {
    const isEmbedded = environment['STORE_URL']?.startsWith('embedded:') === true;
    const copy = join(folder, `copy-of-${Date.now()}`);
    const { exit, out } = await sso('store', 'backup', ...(isEmbedded ? [copy] : []));
    expect(exit).toBe(0);
    expect(out).toMatch(/^The store as it was at \d{4}-\d\d-\d\dT[\d:.]+Z:$/m);
    expect(out).toMatch(
      isEmbedded
        ? /^ {2}\/.*copy-of-\d+, \d+\.\d MB \(a folder on this machine, .+\)$/m
        : /^ {2}.+ \(on the disk of the Redis server 127\.0\.0\.1:\d+\)$/m,
    );
  });

  const roster = (verb: string, ...more: readonly string[]) =>
    sso('roster', verb, ...more, '--district', juniper.id, '--json');

  it.each([
    [],
    ['roster'],
    ['nonsense'],
    ['district', 'put', 'x'],
    ['district', 'put', '-dash', '--clever-id', juniper.cleverId, '--name', 'n', '--rostering', 'sftp'],
    ['district', 'put', 'Not An Id', '--clever-id', juniper.cleverId, '--name', 'n', '--rostering', 'sftp'],
    ['district', 'put', 'x', '--clever-id', 'short', '--name', 'n', '--rostering', 'sftp'],
    ['district', 'put', 'x', '--clever-id', juniper.cleverId, '--name', 'n', '--rostering', 'fax'],
    ['district', 'put', 'x', '--clever-id', juniper.cleverId, '--name', 'n', '--rostering', 'sftp,sftp'],
    ['district', 'show'],
    ['roster', 'publish', '--district', 'x', '--method', 'sftp'],
    ['roster', 'publish', '.', '--district', 'x', '--method', 'fax'],
    ['roster', 'publish', '.', '--method', 'sftp'],
    ['roster', 'publish', '.', '--district', 'x'],
    ['attempts', '--reference', 'ABC'],
    ['attempts', '--since', 'last week'],
    ['attempts', '--limit', '0'],
    ['attempts', '--code', 'nonsense'],
    ['attempts', '--nonsense'],
    ['link', 'release', '--district', 'x', '--all'],
    ['link', 'release', '--district', 'x', '--reason', 'r', '--account', 'x'.repeat(1000)],
    ['keys', 'list', 'more'],
  ])('is used wrongly by %j: exit 2', async (...words) => {
    const result = await sso(...words);
    expect(result.exit).toBe(2);
    expect(result.err).not.toBe('');
    const json = await sso(...words, '--json');
    expect(json.exit).toBe(2);
    expect(json.json).toMatchObject({ error: { code: 'usage', detail: expect.any(String) } });
  });

  it('says either or, and why, where a release is not clear', async () => {
    await put();
    const release = ['link', 'release', '--district', juniper.id, '--json', '--reason'];
    expect(await sso(...release, 'r')).toMatchObject({ exit: 2, json: { error: { code: 'usage' } } });
    expect(await sso(...release, ' ', '--all')).toMatchObject({ exit: 2, json: { error: { code: 'usage' } } });
  });

  it('prints its version', async () => {
    expect(await sso('--version')).toMatchObject({ exit: 0, out: '1.2.3\n' });
  });

  it.each([['--help'], ['roster', '--help'], ['help', 'roster']])('helps by %j: exit 0', async (...words) => {
    expect(await sso(...words)).toMatchObject({ exit: 0, out: expect.stringContaining('Usage: sso-bridge') });
  });

  it.each([
    ['district', 'show', 'nowhere'],
    ['district', 'remove', 'nowhere'],
    ['roster', 'status', '--district', 'nowhere'],
    ['roster', 'publish', '.', '--district', 'nowhere', '--method', 'sftp'],
    ['link', 'release', '--district', 'nowhere', '--all', '--reason', 'r'],
  ])('knows no district in %j: exit 1', async (...words) => {
    expect(await sso(...words, '--json')).toMatchObject({ exit: 1, json: { error: { code: 'district_unknown' } } });
    expect((await sso(...words)).err).toContain('"nowhere"');
  });

  it('refuses a Clever district that another of ours is linked to', async () => {
    await put();
    const result = await sso(
      'district',
      'put',
      'x',
      '--clever-id',
      juniper.cleverId,
      '--name',
      'n',
      '--rostering',
      'sftp',
      '--json',
    );
    expect(result).toMatchObject({ exit: 1, json: { error: { code: 'clever_district_taken' } } });
  });

  it('lists and shows districts', async () => {
    expect(await sso('district', 'list', '--json')).toMatchObject({ exit: 0, json: { districts: [] } });
    await put();
    const settings = {
      oneroster_email: 'email',
      oneroster_id: 'sourcedId',
      district_admins: 'deny',
      school_admins: 'deny',
      time_zone: 'UTC',
    };
    const shown = { id: juniper.id, clever_id: juniper.cleverId, name: juniper.name, rostering: ['sftp'], ...settings };
    expect((await sso('district', 'list', '--json')).json).toEqual({ districts: [shown] });
    const day = { from: expect.any(String), failures: 0, by_code: {}, hours: expect.any(Array), complete: true };
    expect((await sso('--json', 'district', 'show', juniper.id)).json).toEqual({ ...shown, last_24_hours: day });
    expect((await sso('district', 'show', juniper.id)).out).toContain(juniper.name);
  });

  it('keeps the time zone of a district, and refuses what is none', async () => {
    await put();
    const again = ['district', 'put', juniper.id, '--clever-id', juniper.cleverId, '--name', juniper.name];
    const zone = 'America/Los_Angeles';
    expect(await sso(...again, '--rostering', 'sftp', '--time-zone', zone, '--json')).toMatchObject({
      exit: 0,
      json: { time_zone: zone },
    });
    expect(await sso(...again, '--rostering', 'sftp', '--time-zone', 'Pacific', '--json')).toMatchObject({ exit: 2 });
    await put();
    expect((await sso('district', 'show', juniper.id)).out).toContain(`time_zone: ${zone}`);
  });

  it('checks, publishes, holds, approves and rolls back, and reports it in JSON', async () => {
    await put();
    const method = ['--method', 'sftp'];
    expect(await roster('status')).toMatchObject({ exit: 0, json: { feeds: [] } });
    expect(await roster('check', writeRoster(30), ...method)).toMatchObject({ exit: 0, json: { result: 'checked' } });
    expect(await roster('status')).toMatchObject({ json: { feeds: [] } });
    expect(await roster('publish', writeRoster(30), ...method)).toMatchObject({
      exit: 0,
      json: { result: 'published', accounts: { student: 30 } },
    });
    expect(await roster('check', writeRoster(3), ...method)).toMatchObject({ exit: 1 });
    expect(await roster('publish', writeRoster(3), ...method)).toMatchObject({ exit: 1, json: { result: 'held' } });
    expect(await roster('status')).toMatchObject({ json: { feeds: [{ held: { accounts: { student: 3 } } }] } });
    expect(await roster('approve')).toMatchObject({ exit: 0, json: { accounts: { student: 3 } } });
    expect(await roster('approve')).toMatchObject({ exit: 1, json: { error: { code: 'nothing_held' } } });
    expect(await roster('rollback')).toMatchObject({ exit: 0, json: { accounts: { student: 30 } } });
    expect(await roster('rollback')).toMatchObject({ exit: 1, json: { error: { code: 'nothing_to_roll_back_to' } } });
    expect(await roster('publish', writeRoster(3), ...method, '--approve')).toMatchObject({ exit: 0 });
  });

  it('says why a first roster without any email is held, and approves it', async () => {
    await put();
    const path = writeRoster(12);
    const blank = '1,s0,Family,Given,\n1,s1,Family,Given,\n';
    writeFileSync(join(path, 'students.csv'), `School_id,Student_id,Last_name,First_name,Student_email\n${blank}`);
    expect(await roster('publish', path, '--method', 'sftp')).toMatchObject({
      exit: 1,
      json: { result: 'held', held: [{ code: 'too_many_without_email', kind: 'student', count: 2, of: 2 }] },
    });
    const { out } = await sso('roster', 'status', '--district', juniper.id);
    expect(out).toContain('2 of 2 students have no email, 2 of them newly: they cannot sign in.');
    expect(await roster('approve')).toMatchObject({ exit: 0, json: { accounts: { student: 2 } } });
    expect(await roster('publish', path, '--method', 'sftp')).toMatchObject({ exit: 0, json: { result: 'published' } });
  });

  it('removes a rostering method with its roster, and reports how many lose access; held until it is approved', async () => {
    await put();
    await roster('publish', writeRoster(30), '--method', 'sftp');
    const words = ['--clever-id', juniper.cleverId, '--name', juniper.name, '--rostering', 'manual'];
    const removed = { methods: ['sftp'], accounts_losing_access: { student: 30 } };
    const held = await sso('district', 'put', juniper.id, ...words, '--json');
    expect(held).toMatchObject({ exit: 1, json: { error: { code: 'held', removed_rosters: removed } } });
    expect((await sso('district', 'put', juniper.id, ...words)).err).toMatch(/^HELD: .*30 students.*--approve\.$/m);
    expect((await sso('district', 'show', juniper.id, '--json')).json).toMatchObject({ rostering: ['sftp'] });
    const result = await sso('district', 'put', juniper.id, ...words, '--approve', '--json');
    expect(result).toMatchObject({ exit: 0, json: { rostering: ['manual'], removed_rosters: removed } });
    expect(await roster('status')).toMatchObject({ json: { feeds: [], trail: [{ action: 'roster_retired' }, {}] } });
  });

  it('reports progress in plain lines without a terminal, separate from the result', async () => {
    await put();
    const result = await sso('roster', 'publish', writeRoster(30), '--district', juniper.id, '--method', 'sftp');
    expect(result.err).toMatch(/^students\.csv: \d+%$/m);
    for (const sign of ['\r', '\u001b']) expect(result.err).not.toContain(sign);
    expect(result.out).toContain('Published.');
  });

  it.each([
    ['session', 'end', '--district', juniper.id, '--all', '--reason'],
    ['credential', 'create', '--scope', 'support', '--name'],
  ])('repeats a refused argument of %s %s without escape sequences', async (...words) => {
    const result = await sso(...words, 'Ann\u001b]52;c;ZXZpbA==\u0007\u009b2J\u202e');
    expect(result.exit).toBe(2);
    expect(result.err).toContain('Ann\\u001b]52;c;ZXZpbA==\\u0007\\u009b2J\\u202e');
    for (const sign of ['\u001b', '\u0007', '\u009b', '\u202e']) expect(result.err).not.toContain(sign);
  });

  it('refuses a folder that is none, a method that is not used, and a folder without files', async () => {
    await put();
    expect(await roster('publish', join(folder, 'missing'), '--method', 'sftp')).toMatchObject({
      exit: 1,
      json: { error: {} },
    });
    expect(await roster('publish', folder, '--method', 'manual')).toMatchObject({
      exit: 1,
      json: { error: { code: 'method_not_used' } },
    });
    const empty = mkdtempSync(join(folder, 'empty-'));
    expect(await roster('publish', empty, '--method', 'sftp')).toMatchObject({ exit: 1, json: { result: 'refused' } });
  });

  it('finds attempts and releases links of accounts and districts', async () => {
    await put();
    await roster('publish', writeRoster(3), '--method', 'sftp');
    const services = await createServices(await place.open());
    const signedIn = await createDecider(services)(claimsOf(), opening);
    const account = signedIn.kind === 'signed-in' ? signedIn.claims.sub : '';
    await services.attempts.record({ at: Date.now(), code: 'not_rostered', app: 'summit-k12' }, 'ABCD2345');
    const attempts = async (...words: string[]) => (await sso('attempts', ...words, '--json')).json.attempts;
    expect(await attempts('--reference', 'abcd-2345')).toMatchObject([
      { reference: 'ABCD-2345-S', code: 'not_rostered' },
    ]);
    expect(await attempts('--reference', 'ABCD-2345-S')).toHaveLength(1);
    expect(await sso('attempts', '--reference', 'ABCD-2346-S', '--json')).toMatchObject({
      exit: 2,
      json: { error: { detail: expect.stringContaining('One character of this reference is wrong; ask again.') } },
    });
    for (const since of ['24h', 'yesterday'])
      expect(await attempts('--code', 'not_rostered', '--since', since)).toHaveLength(1);
    expect(await attempts('--code', 'ambiguous')).toEqual([]);
    expect(await attempts('--email', 'nobody@nowhere.example')).toEqual([]);
    const release = ['link', 'release', '--district', juniper.id, '--reason', 'r', '--json'];
    expect(await sso(...release, '--account', account)).toMatchObject({ exit: 0, json: { released: account } });
    expect(await sso(...release, '--account', account)).toMatchObject({
      exit: 1,
      json: { error: { code: 'not_linked' } },
    });
    expect(await sso(...release, '--all')).toMatchObject({ exit: 0, json: { released: 'all' } });
    expect(await services.auditLog.list(juniper.id, 2)).toMatchObject(
      [{ account: 'all' }, { account }].map((each) => expect.objectContaining({ action: 'link_released', ...each })),
    );
  });

  it('moves links of one account and by a list, and says why it does not', async () => {
    await put();
    await roster('publish', writeRoster(3), '--method', 'sftp');
    const services = await createServices(await place.open());
    const signedIn = await createDecider(services)(claimsOf(), opening);
    const account = signedIn.kind === 'signed-in' ? signedIn.claims.sub : '';
    const move = ['link', 'move', '--district', juniper.id, '--reason', 'new SIS', '--json'];
    const moveOne = (from: string, to: string) => sso(...move, '--from', from, '--to', to);
    expect(await moveOne(account, 'nobody')).toMatchObject({ exit: 1, json: { error: { code: 'account_unknown' } } });
    expect(await moveOne(account, 's1')).toMatchObject({ exit: 0, json: { result: 'moved', from: account } });
    expect(await moveOne('s0', 's1')).toMatchObject({ exit: 0, json: { result: 'moved_before' } });
    expect((await sso(...move, '--from', 's0')).exit).toBe(2);
    expect((await sso(...move, '--map', join(folder, 'none.csv'))).json).toMatchObject({
      error: { code: 'path_unreadable' },
    });
    writeFileSync(join(folder, 'ids.csv'), 'old,new\ns1,s2\ns0,nobody\n');
    expect(await sso(...move, '--map', join(folder, 'ids.csv'))).toMatchObject({
      exit: 1,
      json: {
        moved: 1,
        refused: 1,
        rows: [
          { line: 2, code: 'name_differs' },
          { line: 3, code: 'account_unknown' },
        ],
      },
    });
  });

  it('purges the attempts of no known district, and keeps why', async () => {
    const services = await createServices(await place.open());
    await services.attempts.record({ at: Date.now(), code: 'sign_in_expired', app: 'summit-k12' }, 'ABCD2345');
    expect((await sso('attempt', 'purge', '--json')).exit).toBe(2);
    expect((await sso('attempt', 'purge', '--reason', ' ', '--json')).exit).toBe(2);
    expect(await sso('attempt', 'purge', '--reason', 'a flood', '--json')).toMatchObject({
      exit: 0,
      json: { removed: 1 },
    });
    expect(await sso('attempt', 'purge', '--reason', 'a flood')).toMatchObject({
      exit: 0,
      out: expect.stringContaining('Removed: 0 attempts of no known district.'),
    });
    expect((await sso('attempts', '--reference', 'ABCD-2345', '--json')).json.attempts).toEqual([]);
    const { entries } = await services.staffAuditLog.page(5);
    expect(entries).toContainEqual(expect.objectContaining({ action: 'attempts_purged', why: 'a flood', removed: 1 }));
  });

  it('keeps the options of a district’s files that a put leaves out', async () => {
    await put();
    const change = ['district', 'put', juniper.id, '--clever-id', juniper.cleverId, '--rostering', 'sftp', '--json'];
    await sso(...change, '--name', 'Juniper', '--oneroster-email', 'username', '--district-admins', 'allow');
    expect(await sso(...change, '--name', 'Juniper Flats', '--oneroster-id', 'identifier')).toMatchObject({
      exit: 0,
      json: {
        name: 'Juniper Flats',
        oneroster_email: 'username',
        oneroster_id: 'identifier',
        district_admins: 'allow',
      },
    });
  });

  it('shows role and position of a person, the position where the roster gives one', async () => {
    const words = ['--clever-id', juniper.cleverId, '--name', juniper.name, '--rostering', 'manual,sftp'];
    await sso('district', 'put', juniper.id, ...words);
    await roster('publish', writeRoster(1), '--method', 'sftp');
    const file = join(mkdtempSync(join(folder, 'template-')), 'staff.csv');
    const header = 'School Name,District-Assigned Email,First Name,Last Name,Grade,Summit K12 Role';
    writeFileSync(file, `${header}\nJuniper,ada@juniper.example,Ada,Byron,,District Admin\n`);
    await sso('roster', 'publish', file, '--district', juniper.id, '--method', 'manual');
    const personAt = async (email: string) => {
      const { json } = await sso('attempts', '--email', email, '--json');
      return (await sso('person', '--district', juniper.id, '--account', json.people[0].account)).out;
    };
    expect(await personAt('ada@juniper.example')).toMatch(/\n {2}Role: +administrator, district_admin\n/);
    expect(await personAt('student.s0@juniper.example')).toMatch(/\n {2}Role: +student\n/);
  });

  it('shows a person, a district’s day and the audit log, as the support pages do', async () => {
    await put();
    await roster('publish', writeRoster(3), '--method', 'sftp');
    const services = await createServices(await place.open());
    const at = Date.now() - 1000;
    const claims = claimsOf({ email: 'Student.s0@juniper.example' });
    const refused = await createDecider(services)(claims, opening);
    if (refused.kind === 'signed-in') throw new Error('was let in');
    const { reference } = await services.attempts.record(
      describeRefusal(refused, claims, 'summit-k12', at),
      'ABCD2345',
    );
    await services.counts.flush();
    const signedIn = await createDecider(services)(claimsOf(), opening);
    const account = signedIn.kind === 'signed-in' ? signedIn.claims.sub : '';

    const person = ['person', '--district', juniper.id, '--account', account, '--reason', 'ticket 7'];
    const result = await sso(...person, '--json');
    expect(result).toMatchObject({ exit: 0, json: { account, clever_id: 'clever-of-s0', linked_account: account } });
    expect(result.json.events.map(({ kind }: { kind: string }) => kind)).toEqual(
      expect.arrayContaining(['success', 'failure', 'roster']),
    );
    expect((await sso(...person)).out).toMatch(
      /student s0[\s\S]*Last success: 20[\s\S]*failed: ABCD-2345-S email_mismatch/,
    );
    expect(await sso('person', '--district', juniper.id, '--clever-id', 'nobody', '--json')).toMatchObject({
      exit: 1,
      json: { error: { code: 'person_unknown' } },
    });
    expect(await sso('person', '--district', juniper.id, '--json')).toMatchObject({ exit: 2 });

    expect((await sso('district', 'show', juniper.id, '--json')).json.last_24_hours).toMatchObject({
      failures: 1,
      by_code: { email_mismatch: 1 },
    });
    expect((await sso('district', 'show', juniper.id)).out).toMatch(/24 hours: 1 \(email_mismatch 1\)/);

    const never = await sso('attempts', '--email', 'student.s2@juniper.example', '--json');
    expect(never.json).toMatchObject({ attempts: [], people: [{ district: juniper.id, sis_id: 's2' }] });
    const [{ account: found }] = never.json.people;
    expect((await sso('attempts', '--account', found)).out).toContain(`person --district ${juniper.id} --account`);

    const trail = await sso('trail', '--limit', '2', '--json');
    expect(trail.json.entries).toMatchObject([
      { action: 'attempts_searched', by: 'command', why: 'not said', accounts: found },
      { action: 'attempts_searched', by: 'command', accounts: found },
    ]);
    const older = await sso('trail', '--cursor', trail.json.cursor, '--json');
    expect(older.json.entries).toContainEqual(
      expect.objectContaining({ action: 'person_read', why: 'ticket 7', account }),
    );
    expect(JSON.stringify([trail.json, older.json])).not.toContain('@');
    expect((await sso('attempts', '--reference', reference, '--json')).json.attempts).toHaveLength(1);
  });

  it('keeps why a roster was approved or rolled back, and who by the command released and ended', async () => {
    await put();
    await roster('publish', writeRoster(30), '--method', 'sftp');
    await roster('publish', writeRoster(2), '--method', 'sftp');
    expect(await roster('approve', '--reason', 'a school closed')).toMatchObject({ exit: 0 });
    expect(await roster('rollback', '--reason', 'it did not')).toMatchObject({ exit: 0 });
    const said = ['--district', juniper.id, '--all', '--reason', 'new system'];
    expect(await sso('session', 'end', ...said)).toMatchObject({ exit: 0 });
    expect(await sso('link', 'release', ...said)).toMatchObject({ exit: 0 });
    const { entries } = (await sso('trail', '--json')).json;
    expect(entries).toMatchObject([
      { action: 'links_released', by: 'command', why: 'new system', account: 'all' },
      { action: 'sessions_ended', by: 'command', why: 'new system', account: 'all' },
      { action: 'roster_rolled_back', by: 'command', why: 'it did not', method: 'sftp' },
      { action: 'roster_approved', by: 'command', why: 'a school closed', method: 'sftp' },
      { action: 'roster_held', by: 'command', method: 'sftp' },
      { action: 'roster_published', by: 'command', method: 'sftp' },
      { action: 'district_put', by: 'command', why: 'linked' },
    ]);
    expect((await roster('status')).json.trail).toMatchObject([
      { action: 'link_released', reason: 'new system', account: 'all' },
      { action: 'sessions_ended', reason: 'new system', account: 'all' },
      { action: 'roster_rolled_back', reason: 'it did not' },
      { action: 'roster_approved', reason: 'a school closed' },
      { action: 'roster_held' },
      { action: 'roster_published' },
    ]);
  });

  it.each([
    ['attempts', '--district', 'nope'],
    ['attempts', '--district', 'nope', '--reference', 'ABCD-2345'],
    ['person', '--district', 'nope', '--clever-id', 'x'],
    ['district', 'show', 'nope'],
  ])('says of %j that there is no such district: exit 1', async (...words) => {
    expect(await sso(...words, '--json')).toMatchObject({ exit: 1, json: { error: { code: 'district_unknown' } } });
    expect((await sso(...words)).err).toContain('There is no district "nope"');
  });

  it('suggests the district that an unknown id resembles', async () => {
    await put();
    expect((await sso('district', 'show', 'junipr-flats')).err).toContain('Did you mean "juniper-flats"?');
  });

  it('lists and rotates keys', async () => {
    expect((await sso('keys', 'list', '--json')).json.keys).toMatchObject([{ status: 'current' }]);
    expect(await sso('keys', 'rotate', '--json')).toMatchObject({ exit: 0, json: { key: { status: 'next' } } });
    expect(await sso('keys', 'rotate', '--json')).toMatchObject({
      exit: 1,
      json: { error: { code: 'rotation_under_way' } },
    });
    expect((await sso('keys', 'list')).out).toMatch(/current[\s\S]*next/);
  });

  it('erases a district whole', async () => {
    await put();
    await roster('publish', writeRoster(3), '--method', 'sftp');
    expect(await sso('district', 'remove', juniper.id, '--json')).toMatchObject({ exit: 0 });
    expect((await sso('district', 'list', '--json')).json).toEqual({ districts: [] });
    expect(await roster('status')).toMatchObject({ exit: 1 });
  });

  it('names wrong keys by their id alone', async () => {
    await put();
    const other = Buffer.alloc(32, 9).toString('base64');
    const result = await run({ ...environment, STORE_KEYS: `two:${other}` }, ['district', 'list', '--json']);
    expect(result).toMatchObject({ exit: 1, json: { error: { code: 'store_keys' } } });
    expect(result.out).toContain('\\"one\\"');
    expect(result.out).not.toContain(other);
  });
});

it.each(['redis://127.0.0.1:1', 'embedded:/dev/null/store'])('says that the store %s does not answer', async (url) => {
  const result = await run({ STORE_URL: url, STORE_KEYS: `one:${key}` }, ['district', 'list', '--json']);
  expect(result).toMatchObject({ exit: 1, json: { error: { code: 'service_unavailable' } } });
});

it.each(['/proc/store', '/dev/null/store'])(
  'names %s, in which no store can be, and the likely cause',
  async (place) => {
    const result = await run({ STORE_URL: `embedded:${place}`, STORE_KEYS: `one:${key}` }, [
      'district',
      'list',
      '--json',
    ]);
    expect(result).toMatchObject({ exit: 1, json: { error: { code: 'service_unavailable' } } });
    expect(result.out).toMatch(new RegExp(`No store \\(STORE_URL\\) can be opened in ${place}: \\w+\\. \\w`));
  },
);

it('lists bad settings by name', async () => {
  const result = await run({ STORE_URL: 'mysql://secret', SESSION_TTL: 'secret' }, ['keys', 'list']);
  expect(result.exit).toBe(1);
  expect(result.err).toMatch(/STORE_URL[\s\S]*SESSION_TTL/);
  expect(result.err).not.toContain('secret');
});
