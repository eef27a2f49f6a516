// A set sent as one ZIP archive, and the archives that are none.
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strToU8, type Zippable, zipSync } from 'fflate';
import type { FeedItem } from '../../src/formats/feed.ts';
import { full11, provisioning11, type Sets } from '../helpers/oneroster.ts';
import { readFolder } from '../helpers/read-folder.ts';

let folder: string;
let archive: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zip-'));
  archive = join(folder, 'Roster.ZIP');
});
afterEach(() => rm(folder, { recursive: true }));

const pack = (files: Sets, within = '', level: 0 | 6 = 6): Zippable =>
  Object.fromEntries(Object.entries(files).map(([name, text]) => [`${within}${name}`, [strToU8(text), { level }]]));

async function read(path: string): Promise<readonly FeedItem[]> {
  const items: FeedItem[] = [];
  for await (const some of readFolder(path)) items.push(...some);
  return items;
}

const accounts = (items: readonly FeedItem[]) => items.filter(({ kind }) => kind === 'account').length;
const findings = (items: readonly FeedItem[]) =>
  items.flatMap((item) => (item.kind === 'finding' ? [`${item.severity} ${item.code} ${item.place.file}`] : []));

it.each([
  ['deflated', pack(full11())],
  ['stored, in one folder', pack(full11(), 'export 2026/', 0)],
  [
    'with what systems add',
    { ...pack(full11(), 'x/'), ...pack({ '__MACOSX/x/._users.csv': 'a', 'x/.DS_Store': 'a' }) },
  ],
])('reads the files of an archive, %s', async (_, files) => {
  await writeFile(archive, zipSync(files));
  for (const path of [archive, folder]) {
    const items = await read(path);
    expect(items[0]).toEqual({ kind: 'format', format: 'oneroster-1.1', option: 'full' });
    expect(accounts(items)).toBe(8);
    expect(findings(items)).toEqual([]);
  }
});

it('takes the newer of an archive and loose files, and says what it left', async () => {
  await writeFile(archive, zipSync(pack(full11())));
  for (const [name, text] of Object.entries(provisioning11())) await writeFile(join(folder, name), text);
  const at = (name: string, day: number) => utimes(join(folder, name), day, day);
  await at('Roster.ZIP', 2_000);
  await at('users.csv', 1_000);
  await at('orgs.csv', 1_000);
  const zipped = await read(folder);
  expect(zipped).toContainEqual(expect.objectContaining({ option: 'full' }));
  expect(findings(zipped)).toEqual(['warning older_left_aside orgs.csv', 'warning older_left_aside users.csv']);
  await at('users.csv', 3_000);
  const loose = await read(folder);
  expect(loose).toContainEqual(expect.objectContaining({ option: 'provisioning' }));
  expect(findings(loose)).toEqual(['warning older_left_aside Roster.ZIP']);
});

it('takes a whole archive however new a loose file beside it, and a whole loose set beside a part in an archive', async () => {
  const { 'users.csv': users = '', 'orgs.csv': orgs = '' } = provisioning11();
  const lay = async (name: string, content: string | Uint8Array, day: number) => {
    await writeFile(join(folder, name), content);
    await utimes(join(folder, name), day, day);
  };
  await lay('Roster.ZIP', zipSync(pack(full11())), 1_000);
  await lay('users.csv', users, 3_000);
  const zipped = await read(folder);
  expect(zipped).toContainEqual(expect.objectContaining({ option: 'full' }));
  expect(findings(zipped)).toEqual(['warning older_left_aside users.csv']);
  await lay('Roster.ZIP', zipSync(pack({ 'users.csv': users })), 5_000);
  await lay('orgs.csv', orgs, 3_000);
  const loose = await read(folder);
  expect(loose).toContainEqual(expect.objectContaining({ option: 'provisioning' }));
  expect(findings(loose)).toEqual(['warning older_left_aside Roster.ZIP']);
});

it('refuses a newer archive that is broken beside a whole loose set', async () => {
  for (const [name, text] of Object.entries(provisioning11())) {
    await writeFile(join(folder, name), text);
    await utimes(join(folder, name), 1_000, 1_000);
  }
  await writeFile(archive, 'no archive');
  const items = await read(folder);
  expect(accounts(items)).toBe(0);
  expect(findings(items)).toContain('error archive_unreadable Roster.ZIP');
});

it.each([
  ['is broken', Buffer.from('PK\u0003\u0004 and no more'), 'archive_unreadable'],
  ['has files in two folders', zipSync({ ...pack(full11(), 'a/'), ...pack(full11(), 'b/') }), 'archive_unreadable'],
  ['unpacks to very much', zipSync(pack({ 'users.csv': ' '.repeat(3_000_000) })), 'archive_too_large'],
  ['has a password', encrypted(), 'archive_encrypted'],
])('refuses an archive that %s', async (_, bytes, code) => {
  await writeFile(archive, bytes);
  expect(findings(await read(archive))).toEqual([`error ${code} Roster.ZIP`]);
});

/** Bit 0 of the flags, in the local header and in the directory (APPNOTE 4.4.4). */
function encrypted(): Buffer {
  const bytes = Buffer.from(zipSync(pack({ 'users.csv': 'a' })));
  bytes[6] = (bytes[6] ?? 0) | 1;
  const entry = bytes.indexOf('PK\u0001\u0002');
  bytes[entry + 8] = (bytes[entry + 8] ?? 0) | 1;
  return bytes;
}
