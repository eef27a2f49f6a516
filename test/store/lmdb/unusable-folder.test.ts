// A place in which no embedded store can be: it is refused at once, by its name and the likely cause.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { backUpStore } from '../../../src/store/backup/back-up.ts';
import { openEmbeddedStore } from '../../../src/store/lmdb/embedded-store.ts';
import { makeFolder } from '../../../src/store/make-folder.ts';
import { StoreUnavailable, storeHint } from '../../../src/store/store.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sso-place-'));
  writeFileSync(join(root, 'file'), 'a page');
  symlinkSync(join(root, 'nowhere', 'at-all'), join(root, 'link'));
  for (const name of ['data-is-text', 'data-is-zeros', 'data-is-a-folder/data.mdb', 'lock-is-a-folder/lock.mdb'])
    mkdirSync(join(root, name), { recursive: true });
  writeFileSync(join(root, 'data-is-text', 'data.mdb'), 'School_id,Student_id\n');
  writeFileSync(join(root, 'data-is-zeros', 'data.mdb'), Buffer.alloc(20_000));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (failure: unknown) => failure,
  );

it.each([
  ['/proc/store', 'ENOENT', /under \/proc/],
  ['/proc/self/var/store', 'ENOENT', /under \/proc/],
  ['file', 'EEXIST', /A file stands/],
  ['file/store', 'ENOTDIR', /A file stands/],
  ['link', 'EEXIST', /A file stands/],
  ['data-is-text', 'NOT_A_STORE', /put a backup in its place/],
  ['data-is-zeros', 'NOT_A_STORE', /put a backup in its place/],
  ['data-is-a-folder', 'NOT_A_STORE', /put a backup in its place/],
  ['lock-is-a-folder', 'NOT_A_STORE', /put a backup in its place/],
])('a store in %s is refused as %s', async (place, reason, hint) => {
  const path = place.startsWith('/') ? place : join(root, place);
  const failure = await failureOf(openEmbeddedStore(path));
  if (!(failure instanceof StoreUnavailable)) throw new TypeError(`no StoreUnavailable: ${failure}`);
  expect([failure.reason, failure.folder]).toEqual([reason, path]);
  expect(failure.message).toContain(path);
  expect(storeHint(failure)).toMatch(hint);
});

it('an empty data file, as of a process that was killed at its first start, is a store that is to be made', async () => {
  mkdirSync(join(root, 'new'));
  writeFileSync(join(root, 'new', 'data.mdb'), '');
  const store = await openEmbeddedStore(join(root, 'new'));
  expect(await store.put({ partition: 'p', id: 'a' }, Buffer.from('1'))).toBe(true);
  await store.close();
});

it('a backup into such a place fails at once', async () => {
  const store = await openEmbeddedStore(join(root, 'store'));
  const backUp = (to: string) => backUpStore({ kind: 'embedded', path: join(root, 'store') }, store, to, []);
  expect(await backUp('/proc/copy/of/it')).toMatchObject({ kind: 'refused', code: 'backup_failed' });
  await store.close();
});

it('a folder is made with those above it, of this user alone where that is asked, and once only', () => {
  const path = join(root, 'a', 'b', 'c');
  makeFolder(path, 0o700);
  makeFolder(path);
  expect(() => makeFolder(join(root, 'file', 'x'))).toThrow(expect.objectContaining({ code: 'ENOTDIR' }));
});
