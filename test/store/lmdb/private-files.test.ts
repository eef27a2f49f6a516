// Files of the bridge on a disk are readable by its own user only.
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copyFile } from '../../../src/sftp-drop/drop-set.ts';
import { backUpStore } from '../../../src/store/backup/back-up.ts';
import { openEmbeddedStore } from '../../../src/store/lmdb/embedded-store.ts';
import { readDevelopmentKeys } from '../../../src/store/open-store.ts';
import { openVault } from '../../../src/store/vault.ts';

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

describe('on a disk', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sso-private-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('an embedded store, its key and its backup are for their own user alone', async () => {
    const path = join(folder, 'var', 'store');
    const keys = await readDevelopmentKeys(path);
    const store = await openEmbeddedStore(path);
    try {
      await openVault(store, keys);
      const copy = join(folder, 'copy');
      expect(await backUpStore({ kind: 'embedded', path }, store, copy, keys)).toMatchObject({ kind: 'done' });
      expect([path, `${path}.keys`, copy].map(modeOf)).toEqual(['700', '600', '700']);
    } finally {
      await store.close();
    }
  });

  it('a key beside the store is made once, also by several at the same time', async () => {
    const path = join(folder, 'store');
    const all = await Promise.all([1, 2, 3, 4].map(() => readDevelopmentKeys(path)));
    expect(new Set(all.map(([one]) => one?.key.toString('hex'))).size).toBe(1);
    expect(readFileSync(`${path}.keys`, 'utf8')).toMatch(/^development:[\w+/]{43}=\n$/);
  });

  it('a copy of an uploaded roster is for its own user alone', async () => {
    const [from, to] = [join(folder, 'students.csv'), join(folder, 'copy.csv')];
    writeFileSync(from, 'a,b\n', { mode: 0o644 });
    expect(await copyFile(from, to, 'students.csv', 4)).toMatchObject({ bytes: 4 });
    expect(modeOf(to)).toBe('600');
  });
});
