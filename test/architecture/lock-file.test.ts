// What a fresh clone installs from: a lock that `npm ci` takes on every machine, and that names no place to download from.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

describe('package-lock.json', () => {
  it('holds every optional package of every platform, or npm ci would refuse it', async () => {
    await expect(run('node', ['scripts/complete-lock.js', '--check'])).resolves.toMatchObject({ stderr: '' });
  });

  it('holds no address to download from', async () => {
    expect(await readFile('package-lock.json', 'utf8')).not.toMatch(/"resolved"|\.tgz/);
  });
});
