// One of the demo's servers as a child process: start, wait, stop. Its output is kept for the error message and
// otherwise discarded.
import { type ChildProcess, spawn } from 'node:child_process';
import { basename, dirname } from 'node:path';
import { inheritedEnvironment } from '../inherited-environment.ts';

export interface Child {
  /** Resolves with the exit code when the process exits, also after `stop`. */
  readonly ended: Promise<number | null>;
  /** The last lines it printed. */
  lastWords(): string;
  stop(): Promise<void>;
}

const maxStopMs = 20_000;
const keptLines = 20;

/** Of `npm run dev`: each server restarts when one of its modules changes, and its output is shown. */
export const isWatching = process.env['DEMO_WATCH'] === '1';

/** Resolves when the child prints a line that `isReady`. @throws Error with its last words, if it ends before */
export async function startChild(
  file: string,
  words: readonly string[],
  env: Readonly<Record<string, string>>,
  isReady: (line: string) => boolean,
): Promise<Child> {
  // A group of its own: Ctrl-C reaches the demo alone, which then ends its children in order.
  const child = spawn(
    process.execPath,
    [...(isWatching ? ['--watch', '--watch-preserve-output'] : []), file, ...words],
    {
      env: { ...inheritedEnvironment(), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    },
  );
  const lines: string[] = [];
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve).once('error', () => resolve(null)));
  const ready = new Promise<void>((resolve) => {
    onLine(child, (line) => {
      lines.splice(0, Math.max(0, lines.length - keptLines + 1));
      lines.push(line);
      if (isWatching) process.stdout.write(`${basename(dirname(file))}  ${line}\n`);
      if (isReady(line)) resolve();
    });
  });
  const lastWords = () => lines.join('\n');
  const hasEnded = ended.then((code) => {
    throw new Error(`It ended with ${code} before it was ready:\n${lastWords()}`);
  });
  await Promise.race([ready, hasEnded]);
  hasEnded.catch(() => undefined);
  return { ended, lastWords, stop: () => stop(child, ended) };
}

function onLine({ stdout, stderr }: ChildProcess, print: (line: string) => void): void {
  for (const stream of [stdout, stderr]) {
    let rest = '';
    stream?.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      lines.forEach(print);
    });
  }
}

async function stop(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), maxStopMs);
  await ended;
  clearTimeout(late);
}
