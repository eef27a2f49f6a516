// Files between a check and its publish: what is restored is what was kept, nothing of it is readable at rest, and large ones
// are not kept.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServices } from '../helpers/services.ts';
import { engines, type StoreFixture } from '../helpers/stores.ts';

describe.each(engines)('kept uploads, on $name', ({ start }) => {
  let fixture: StoreFixture;
  let folder: string;
  beforeAll(async () => {
    fixture = await start();
    folder = mkdtempSync(join(tmpdir(), 'sso-kept-'));
  });
  afterAll(async () => {
    await fixture.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const write = (name: string, content: string | Buffer) => {
    const path = mkdtempSync(join(folder, 'from-'));
    writeFileSync(join(path, name), content);
    return path;
  };

  it('are restored byte for byte, also of several parts and none', async () => {
    const { keptUploads } = await createServices(await fixture.place().open());
    const from = write('students.csv', Buffer.alloc(1_300_000, 'ä'));
    writeFileSync(join(from, 'empty.csv'), '');
    const names = ['students.csv', 'empty.csv'];
    const id = (await keptUploads.keep('d1', { method: 'sftp', owner: 'one', folder: from, names })) ?? '';
    expect(await keptUploads.find('d1', id)).toMatchObject({ method: 'sftp', owner: 'one' });
    const to = mkdtempSync(join(folder, 'to-'));
    expect(await keptUploads.restore('d1', id, to)).toBe(true);
    for (const name of names) expect(readFileSync(join(to, name)).equals(readFileSync(join(from, name)))).toBe(true);
  });

  it('are not another district’s, and not found by what is no id', async () => {
    const { keptUploads } = await createServices(await fixture.place().open());
    const from = write('a.csv', 'a');
    const id = (await keptUploads.keep('d1', { method: 'sftp', owner: 'one', folder: from, names: ['a.csv'] })) ?? '';
    expect(await keptUploads.find('d2', id)).toBeUndefined();
    expect(await keptUploads.restore('d2', id, mkdtempSync(join(folder, 'to-')))).toBe(false);
    for (const no of ['', 'x', '../d1', '0'.repeat(32)]) expect(await keptUploads.find('d1', no)).toBeUndefined();
  });

  it('are none above 16 MB', async () => {
    const { keptUploads } = await createServices(await fixture.place().open());
    const from = write('big.csv', Buffer.alloc(16 * 1024 ** 2 + 1));
    expect(
      await keptUploads.keep('d1', { method: 'sftp', owner: 'one', folder: from, names: ['big.csv'] }),
    ).toBeUndefined();
  });
});
