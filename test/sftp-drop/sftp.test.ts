// The drop behind a real sshd with the configuration of deploy/sftp: what the stock sftp client sends, and what it may do.
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { juniperFlats } from '../../sandbox/clever/districts.ts';
import { cleverIdOf, type Person } from '../../sandbox/clever/person.ts';
import { startClever } from '../../sandbox/clever/start-clever.ts';
import { startProduct } from '../../sandbox/product/start-product.ts';
import { runCommand } from '../../src/cli.ts';
import { readConfig } from '../../src/config/config.ts';
import { createLog } from '../../src/ops/log.ts';
import { serve } from '../../src/serve.ts';
import { createClient } from '../helpers/bridge-client.ts';
import { until } from '../helpers/bridge-process.ts';
import { quickTimes, rosterOf } from '../helpers/drop.ts';
import { full11, full12, type Sets, tolerated11, zipOf } from '../helpers/oneroster.ts';
import { findFreePort } from '../helpers/redis-server.ts';
import { type Sshd, startSshd } from '../helpers/sshd.ts';

const district = juniperFlats.slug;
const fixture = 'sandbox/rosters/juniper-flats';

let sshd: Sshd;
let folder: string;
let endings: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  sshd = await startSshd();
  sshd.addDistrict(district);
  sshd.addDistrict('port-wexley');
});

afterAll(() => sshd.stop());

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sso-sftp-'));
});

afterEach(async () => {
  for (const end of endings.reverse()) await end();
  endings = [];
  rmSync(folder, { recursive: true, force: true });
});

/** The whole bridge in this process, on a store of its own, with the district linked and no roster. */
async function startBridge(people?: readonly Person[]) {
  const [port, opsPort] = [await findFreePort(), await findFreePort()];
  const publicUrl = `http://localhost:${port}`;
  const app = { clientId: 'app', clientSecret: 'secret', redirectUris: [`${publicUrl}/oauth/clever/callback`] };
  const clever = await startClever({ apps: { 'summit-k12': app }, ...(people && { people }) });
  endings.push(clever.close);
  const product = await startProduct({ bridgeUrl: publicUrl });
  endings.push(product.close);
  const environment = {
    PORT: `${port}`,
    OPS_PORT: `${opsPort}`,
    PUBLIC_URL: publicUrl,
    PRODUCT_URL: product.url,
    LIMITS: 'off',
    CLEVER_ISSUER: clever.url,
    CLEVER_API_URL: clever.url,
    CLEVER_STATELESS: 'restart',
    CLEVER_PKCE: 'on',
    CLEVER_CLIENT_ID: app.clientId,
    CLEVER_CLIENT_SECRET: app.clientSecret,
    SYNC_AT: '10:00',
    STORE_URL: `embedded:${join(folder, 'store')}`,
    SESSION_TTL: '8h',
    ATTEMPT_RETENTION: '90d',
    SFTP_DROP: sshd.drop,
  };
  const read = readConfig(environment, []);
  if (read.kind === 'problems') throw new Error(JSON.stringify(read.problems));
  const said: string[] = [];
  const stream = { write: (text: string) => said.push(text) };
  const link = ['district', 'put', district, '--clever-id', juniperFlats.id, '--name', 'J', '--rostering', 'sftp'];
  await runCommand(link, { environment, layers: [], version: '1.2.3', stdout: stream, stderr: stream }, async () => 0);
  const log: string[] = [];
  const dropTimes = { ...quickTimes, pollMs: 50, settleMs: 1_500, abandonedMs: 2_500 };
  const bridge = await serve(read.config, createLog({ write: (line) => void log.push(line) }), { dropTimes });
  endings.push(bridge.close);
  return {
    clever,
    productUrl: product.url,
    events: (name: string) => log.filter((line) => line.includes(`"event":"${name}`)),
  };
}

it('lets a student sign in whose roster a real sftp client has just sent', async () => {
  const bridge = await startBridge();
  const before = await createClient().open(`${bridge.clever.url}/portal/launch?person=student&app=summit-k12`);
  expect(before.status).toBe(403);
  await sshd.sftp(district, [`put ${fixture}/*.csv`]);
  await until(async () => (await sshd.sftp(district, ['ls -1 ../outgoing'])).includes('report.txt'), 'the report');
  await sshd.sftp(district, [
    `get ../outgoing/report.txt ${folder}/report.txt`,
    `get ../outgoing/report.json ${folder}`,
  ]);
  expect(readFileSync(join(folder, 'report.txt'), 'utf8')).toMatch(/^PUBLISHED/);
  expect(JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'))).toMatchObject({
    district,
    result: 'published',
  });
  const after = await createClient().open(`${bridge.clever.url}/portal/launch?person=student&app=summit-k12`);
  expect([after.status, after.url.origin]).toEqual([200, bridge.productUrl]);
  expect(await sshd.sftp(district, ['ls -1 .'])).not.toMatch(/csv/);
  expect(bridge.events('roster-published')).toHaveLength(1);
});

/** Files of a roster whose students take some five seconds at one kilobyte a second. */
function writeSlowRoster(): void {
  const files = { ...rosterOf(1), 'students.csv': rosterOf(120)['students.csv'] ?? '' };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}

const others = () => [`put ${folder}/teachers.csv`, `put ${folder}/schools.csv`];
const bytesSent = (name: string) =>
  statSync(join(sshd.drop, district, 'incoming', name), { throwIfNoEntry: false })?.size ?? 0;

it('takes nothing of an upload that is under way, however slow', async () => {
  const bridge = await startBridge();
  writeSlowRoster();
  const slow = sshd.slowSftp(district, [...others(), `put ${folder}/students.csv`], 8);
  const sizes = new Set<number>();
  const growing = setInterval(() => sizes.add(bytesSent('students.csv')), 100);
  expect(await slow.ended).toBe(0);
  clearInterval(growing);
  expect(sizes.size).toBeGreaterThan(5);
  await until(() => bridge.events('roster-').length > 0, 'what comes of it');
  expect(bridge.events('roster-')).toEqual([expect.stringContaining('"students":120')]);
});

it('publishes nothing of an upload that was cut off under the name of an unfinished file', async () => {
  const bridge = await startBridge();
  writeSlowRoster();
  const cut = sshd.slowSftp(district, [...others(), `put ${folder}/students.csv students.csv.filepart`], 8);
  await until(() => bytesSent('students.csv.filepart') > 1_000, 'a part of the file');
  cut.kill();
  await cut.ended;
  await until(() => bridge.events('roster-').length > 0, 'what comes of it');
  expect(bridge.events('roster-')).toEqual([expect.stringContaining('roster-refused')]);
  const report = await sshd.sftp(district, [`get ../outgoing/report.txt ${folder}/report.txt`, 'ls -1']);
  expect(readFileSync(join(folder, 'report.txt'), 'utf8')).toContain('students.csv.filepart: the upload of this file');
  expect(report).not.toContain('students.csv');
});

const quartzPeople = (['s1', 't1', 'a1'] as const).map((sisId): Person => {
  const [id, userType] = [cleverIdOf(`quartz/${sisId}`), { s1: 'student', t1: 'teacher', a1: 'staff' }[sisId]];
  const names = { givenName: 'Given', familyName: sisId, email: `${sisId}@quartz.example` };
  return { id, legacyId: id, district: juniperFlats.id, userType, sisId, ...names };
});

function writeOneRoster(files: Sets, archive?: string): void {
  if (archive === undefined) {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  } else writeFileSync(join(folder, archive), zipOf(files));
}

/** A file of the standard that the bridge does not read: the report does not name it. */
const isLeftUnread = (name: string) => name === 'demographics.csv';

/** Uploads to a folder of the district, and reads the report when it has come. */
async function uploadTo(place: 'files' | 'incoming', names: readonly string[]) {
  const cd = `cd ../${place}`;
  await sshd.sftp(district, [cd, ...names.map((name) => `put "${folder}/${name}"`)]);
  await until(async () => !(await sshd.sftp(district, [cd, 'ls -1'])).includes(names[0] ?? ''), 'the taking');
  const report = join(folder, 'report.json');
  await until(async () => {
    await sshd.sftp(district, [`-get ../outgoing/report.json ${report}`]);
    const text = existsSync(report) ? readFileSync(report, 'utf8') : '';
    return names.every((name) => isLeftUnread(name) || text.toLowerCase().includes(`"${name.toLowerCase()}"`));
  }, 'the report');
  return Object(JSON.parse(readFileSync(report, 'utf8')));
}

it.each([
  ['1.1, loose, in /files', full11(), 'files', undefined, 'oneroster-1.1'],
  ['1.2, as an archive, in /files', full12(), 'files', 'roster.zip', 'oneroster-1.2'],
  ['1.1 with every tolerance, loose, in /incoming', tolerated11(), 'incoming', undefined, 'oneroster-1.1'],
] as const)('signs people in whose OneRoster set came by sftp: %s', async (_what, set, place, archive, format) => {
  const bridge = await startBridge(quartzPeople);
  writeOneRoster(set, archive);
  const report = await uploadTo(place, archive === undefined ? Object.keys(set) : [archive]);
  expect(report).toMatchObject({ result: 'published', format, option: 'full' });
  for (const { id } of quartzPeople) {
    const answer = await createClient().open(`${bridge.clever.url}/portal/launch?person=${id}&app=summit-k12`);
    expect([answer.status, answer.url.origin]).toEqual([200, bridge.productUrl]);
  }
});

it('applies nothing of a OneRoster set of changes that came by sftp, and names file, line and column', async () => {
  const bridge = await startBridge(quartzPeople);
  writeOneRoster({ ...full11(), 'manifest.csv': 'propertyName,value\nfile.users,delta\n' }, 'changes.zip');
  const report = await uploadTo('files', ['changes.zip']);
  expect(report).toMatchObject({ result: 'refused' });
  expect(report.findings).toContainEqual(
    expect.objectContaining({ code: 'delta_not_supported', file: 'manifest.csv', line: 2, column: 'value' }),
  );
  const person = quartzPeople[0]?.id;
  const answer = await createClient().open(`${bridge.clever.url}/portal/launch?person=${person}&app=summit-k12`);
  expect(answer.status).toBe(403);
});

it('gives a district its own two folders, one of them by two names, and nothing else', async () => {
  if (!sshd.hasChroot) return;
  expect((await sshd.sftp(district, ['ls -1 /'])).trim().split('\n').slice(1).sort()).toEqual([
    '/files',
    '/incoming',
    '/outgoing',
  ]);
  for (const line of [
    'mkdir /more',
    'put package.json /outgoing/report.txt',
    'put package.json /package.json',
    'rename /incoming /other',
    'rename /files /other',
    'rm /files',
    'rm /outgoing/report.json',
    'get /etc/passwd /dev/null',
    'cd /../port-wexley',
    'ls /.work',
  ]) {
    await expect(sshd.sftp(district, [line])).rejects.toThrow('sftp ended with 1');
  }
});

it('gives a district no shell, no command and no tunnel', async () => {
  const command = await sshd.ssh(district, ['echo', 'let-in']);
  expect(command.output).not.toContain('let-in');
  const tunnel = await sshd.ssh(district, ['-N', '-o', 'ExitOnForwardFailure=yes', '-R', '0:127.0.0.1:1']);
  expect(tunnel.code).not.toBe(0);
});
