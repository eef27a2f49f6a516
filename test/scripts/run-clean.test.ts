// What `npm test` runs in: nothing that the tests start or leave behind stays.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { until } from '../helpers/bridge-process.ts';

/** Prints its temporary file, and the id of a process in the group, and of one that left it. */
const untidy = `
  file=$(mktemp)
  sleep 1000 & kept=$!
  left=$(node -e "console.log(require('node:child_process').spawn('sleep', ['1000'], { detached: true, stdio: 'ignore' }).pid), process.exit()")
  echo "$file $kept $left"`;

interface Started {
  readonly file: string;
  readonly pids: readonly number[];
  readonly ended: Promise<unknown>;
  readonly pid: number;
}

async function start(rest: string, wrap: readonly string[] = []): Promise<Started> {
  const [program = '', ...args] = [...wrap, process.execPath, 'scripts/run-clean.js', 'sh', '-c', untidy + rest];
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit').then(([code]) => code);
  const [line] = await once(createInterface(child.stdout), 'line');
  const [file = '', ...pids] = String(line).split(' ');
  return { file, pids: pids.map(Number), ended, pid: child.pid ?? 0 };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function expectNothingLeft({ file, pids }: Started): Promise<void> {
  expect([pids.length, pids.every((pid) => pid > 0)]).toEqual([2, true]);
  await until(() => !pids.some(isAlive), 'both processes to be gone');
  await until(() => !existsSync(file), 'the file to be gone');
}

it.each([0, 3])('nothing stays of a command that ends with %i, which is passed on', async (code) => {
  const started = await start(`\nexit ${code}`);
  expect(await started.ended).toBe(code);
  await expectNothingLeft(started);
});

it.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('nothing stays when it is interrupted by %s', async (signal, code) => {
  const started = await start('\nsleep 1000');
  process.kill(started.pid, signal);
  expect(await started.ended).toBe(code);
  await expectNothingLeft(started);
});

it('nothing stays when the shell that started it is killed', async () => {
  // A second command keeps the shell from becoming the first one.
  const started = await start('\nsleep 1000', ['sh', '-c', '"$@"; true', 'sh']);
  process.kill(started.pid, 'SIGKILL');
  await started.ended;
  await expectNothingLeft(started);
});

it('temporary files are below TMPDIR where it is set, and what a killed run left there is removed', async () => {
  const place = mkdtempSync(join(tmpdir(), 'sso-place-'));
  const gone = spawn('true');
  await once(gone, 'exit');
  mkdirSync(join(place, `sso-run-${gone.pid}-left`));
  const started = await start('\nexit 0', ['env', `TMPDIR=${place}`]);
  expect(started.file).toMatch(new RegExp(`^${place}/sso-run-\\d+-`));
  expect(await started.ended).toBe(0);
  expect(readdirSync(place)).toEqual([]);
  rmSync(place, { recursive: true });
});

it('says how it is used', async () => {
  const child = spawn(process.execPath, ['scripts/run-clean.js'], { stdio: 'ignore' });
  expect((await once(child, 'exit'))[0]).toBe(2);
});
