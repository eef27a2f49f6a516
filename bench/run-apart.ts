// A script of this folder run in a process of its own, so that its memory is its own.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** @param folder where the script stands: this one, or `dist/bench` of another checkout. @returns what it prints as JSON */
export async function runApart<Run>(
  script: string,
  args: readonly string[],
  folder: string = import.meta.dirname,
): Promise<Run> {
  const main = join(folder, script);
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
