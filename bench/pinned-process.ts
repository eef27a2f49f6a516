// A process on one core of its own, and what it and its children cost: CPU by the kernel's count, memory by share.
// Linux only, as taskset and /proc are.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { openSync, readdirSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { inheritedEnvironment } from '../sandbox/inherited-environment.ts';

export interface PinnedProcess {
  readonly pid: number;
  /** CPU milliseconds that it and its children have used. */
  cpuMs(): number;
  /** Milliseconds that their threads were ready and waited for the core. */
  waitedMs(): number;
  /** Proportional set size of it and its children, in MiB: a page that two share counts half for each. */
  memoryMib(): number;
  stop(): Promise<void>;
}

export interface PinnedOptions {
  readonly core: number;
  readonly env: Readonly<Record<string, string>>;
  /** Where its output goes. */
  readonly log: string;
}

/** Starts `command`; it may not answer yet. */
export function startPinned(command: readonly string[], { core, env, log }: PinnedOptions): PinnedProcess {
  const output = openSync(log, 'a');
  const child = spawn('taskset', ['-c', `${core}`, ...command], {
    env: { ...inheritedEnvironment(), ...env },
    stdio: ['ignore', output, output],
  });
  const { pid } = child;
  if (pid === undefined) throw new Error('taskset could not be started');
  const abandon = () => child.kill('SIGKILL');
  process.once('exit', abandon);
  return {
    pid,
    cpuMs: () => sum(treeOf(pid).map((one) => scheduled(one, 0))),
    waitedMs: () => sum(treeOf(pid).map((one) => scheduled(one, 1))),
    memoryMib: () => sum(treeOf(pid).map(memoryMibOf)),
    stop: () => stop(child).finally(() => process.off('exit', abandon)),
  };
}

/**
 * This process and all its threads, from here on.
 * @throws Error on a machine that gives it no core of its own and the contestant another
 */
export function pinSelf(core: number): void {
  const { error, status } = spawnSync('taskset', ['-a', '-p', '-c', `${core}`, `${process.pid}`]);
  if (process.platform !== 'linux' || cpus().length < 2 || error !== undefined || status !== 0)
    throw new Error('Measuring takes Linux with two cores and taskset (Debian: util-linux).');
}

/**
 * From here on a signal ends this process as any other end does, so that what it started ends with it: bridges, stubs and
 * stores would otherwise be left behind.
 */
export function endOnSignals(): void {
  // One for each that was started.
  process.setMaxListeners(50);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
}

/** @throws Error with the end of its log when `isReady` does not come true within two minutes */
export async function untilReady(isReady: () => Promise<boolean>, log: string): Promise<void> {
  for (let tries = 0; tries < 2_400; tries += 1) {
    if (await isReady().catch(() => false)) return;
    await sleep(50);
  }
  throw new Error(`did not start:\n${readFileSync(log, 'utf8').slice(-2_000)}`);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await ended;
  clearTimeout(late);
}

function treeOf(root: number): number[] {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const [, parent] = /\) \S (\d+)/.exec(readProc(`${name}/stat`)) ?? [];
      return parent === undefined ? [] : [{ pid: Number(name), parent: Number(parent) }];
    });
  const found = [root];
  for (const pid of found) found.push(...parents.filter(({ parent }) => parent === pid).map((child) => child.pid));
  return found;
}

/**
 * In nanoseconds, thread by thread: the clock ticks of /proc/PID/stat are too coarse for a hundred sign-ins.
 * @param field 0: time on the core; 1: time ready and waiting for it
 */
function scheduled(pid: number, field: 0 | 1): number {
  const threads = readList(`/proc/${pid}/task`);
  return sum(threads.map((thread) => Number(readProc(`${pid}/task/${thread}/schedstat`).split(' ')[field] ?? 0))) / 1e6;
}

const memoryMibOf = (pid: number): number =>
  Number(/^Pss:\s+(\d+)/m.exec(readProc(`${pid}/smaps_rollup`))?.[1] ?? 0) / 1024;

/** Empty for a process that is gone. */
function readProc(path: string): string {
  try {
    return readFileSync(`/proc/${path}`, 'utf8');
  } catch {
    return '';
  }
}

function readList(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
