// Both stand-ins as processes of their own: one line of JSON when they answer, and a quiet end.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { redirectUri } from './start.ts';

const root = new URL('../../', import.meta.url).pathname;
// Inside the repository, so that what was built finds node_modules.
const built = mkdtempSync(join(root, 'node_modules', '.sandbox-build-'));

beforeAll(() => {
  const config = ['-p', 'tsconfig.build.json', '--outDir', built];
  try {
    execFileSync(join(root, 'node_modules/.bin/tsc'), config, { cwd: root, stdio: 'pipe' });
  } catch {
    // Types are checked elsewhere; what is emitted is enough here.
  }
});
afterAll(() => rmSync(built, { recursive: true, force: true }));

async function start(file: string, env: Record<string, string>) {
  const child = spawn(process.execPath, [join(built, 'sandbox', file)], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [line] = await once(createInterface(child.stdout), 'line');
  return { child, url: String(JSON.parse(String(line)).url) };
}

async function end(child: ChildProcess): Promise<unknown> {
  child.kill('SIGTERM');
  const [code] = await once(child, 'exit');
  return code;
}

describe('a process of its own', () => {
  it('is the stand-in Clever', async () => {
    const { child, url } = await start('clever/main.js', {
      SUMMIT_K12_CLIENT_ID: 'a',
      SUMMIT_K12_CLIENT_SECRET: 'b',
      SUMMIT_K12_REDIRECT_URIS: redirectUri,
    });
    expect(await (await fetch(url)).text()).toContain('Who would you like to be?');
    expect(await end(child)).toBe(0);
  });

  it('is the stand-in product', async () => {
    const { child, url } = await start('product/main.js', { BRIDGE_URL: 'http://localhost:9' });
    expect((await fetch(url)).status).toBe(401);
    expect(await end(child)).toBe(0);
  });
});
