// Both stand-ins as processes of their own: one line of JSON when they answer, and a quiet end.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { inheritedEnvironment } from '../../sandbox/inherited-environment.ts';
import { findBuilt } from '../helpers/bridge-build.ts';
import { redirectUri } from './start.ts';

async function start(file: string, env: Record<string, string>) {
  const child = spawn(process.execPath, [findBuilt(`sandbox/${file}`)], {
    env: { ...inheritedEnvironment(), ...env },
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
