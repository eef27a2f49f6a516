// What a fresh clone installs from: a lock that `npm ci` takes on every machine, and that names no place to download from.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

describe('package-lock.json', () => {
  it('holds every optional package of every platform, or npm ci would refuse it', async () => {
    await expect(run('node', ['scripts/complete-lock.js', '--check'])).resolves.toMatchObject({ stderr: '' });
  });

  it('holds a hash of every package, for every platform', async () => {
    const { packages }: { packages: Record<string, { integrity?: string; link?: boolean }> } = JSON.parse(
      await readFile('package-lock.json', 'utf8'),
    );
    const fetched = Object.entries(packages).filter(([path, { link }]) => path.startsWith('node_modules/') && !link);
    expect(fetched.length).toBeGreaterThan(500);
    expect(fetched.filter(([, { integrity = '' }]) => !/^sha512-/.test(integrity)).map(([path]) => path)).toEqual([]);
  });

  it('holds no address to download from, only links to the workspaces', async () => {
    const lock = await readFile('package-lock.json', 'utf8');
    expect(lock).not.toMatch(/\.tgz/);
    const { packages }: { packages: Record<string, { resolved?: string; link?: boolean }> } = JSON.parse(lock);
    const resolved = Object.values(packages).flatMap((entry) => (entry.resolved === undefined ? [] : [entry]));
    expect(resolved).toEqual([
      { resolved: 'bench', link: true },
      { resolved: 'packages/verifier', link: true },
    ]);
  });
});
