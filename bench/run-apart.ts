// A script of this folder run in a process of its own, so that its memory is its own.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** What the script prints as JSON. */
export async function runApart<Run>(script: string, args: readonly string[]): Promise<Run> {
  const main = fileURLToPath(new URL(script, import.meta.url));
  const child = spawn(process.execPath, ['--expose-gc', ...process.execArgv, main, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  process.once('exit', () => child.kill());
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (some: string) => {
    said += some;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${script} failed`);
  return JSON.parse(said);
}
