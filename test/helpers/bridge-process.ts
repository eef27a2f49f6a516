// The real bridge as a process of its own: started from the build, its log read line by line, ended with the test.
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { inheritedEnvironment } from '../../sandbox/inherited-environment.ts';
import { findBuilt, root } from './bridge-build.ts';

export type Environment = Readonly<Record<string, string>>;

export type LogLine = Readonly<Record<string, unknown>>;

export interface BridgeProcess {
  /** Where it listens, whatever PUBLIC_URL says. */
  readonly url: string;
  readonly opsUrl: string;
  readonly pid: number;
  /** Every line on standard output and standard error so far. */
  readonly raw: readonly string[];
  /** The log lines of sign-ins so far. */
  signIns(): readonly LogLine[];
  /** The log lines of the sign-ins that end during `work`, waited for; at least one. */
  signInsDuring(work: () => Promise<unknown>): Promise<readonly LogLine[]>;
  kill9(): Promise<void>;
  signal(name: NodeJS.Signals): void;
  /** Ends it as an operator would, and answers its exit code. */
  stop(): Promise<number | null>;
}

/**
 * Waits until it listens.
 * @param build `src`: not bundled, for what is counted by file
 * @throws Error with what it printed, if it ends before
 */
export async function startBridgeProcess(env: Environment, build: 'bridge' | 'src' = 'bridge'): Promise<BridgeProcess> {
  const child = spawn(process.execPath, [findBuilt(`${build}/main.js`), 'serve'], {
    cwd: root,
    env: { ...inheritedEnvironment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const raw: string[] = [];
  for (const stream of [child.stdout, child.stderr]) createInterface(stream).on('line', (line) => raw.push(line));
  const abandon = () => child.kill('SIGKILL');
  process.once('exit', abandon);
  const ended = endOf(child).finally(() => process.off('exit', abandon));
  const { port, ops_port } = await listening(raw, ended);
  const signIns = () => raw.map(readLine).filter((line) => line['event'] === 'sign-in');
  return {
    url: `http://localhost:${port}`,
    opsUrl: `http://localhost:${ops_port}`,
    pid: child.pid ?? 0,
    raw,
    signIns,
    async signInsDuring(work) {
      const before = signIns().length;
      await work();
      // The line is written before the answer is sent, but reaches us by another way.
      await until(() => signIns().length > before, 'a log line of the sign-in');
      await sleep(20);
      return signIns().slice(before);
    },
    signal: (name) => void child.kill(name),
    async kill9() {
      child.kill('SIGKILL');
      await ended;
    },
    async stop() {
      child.kill('SIGTERM');
      const late = setTimeout(abandon, 60_000);
      const code = await ended;
      clearTimeout(late);
      return code;
    },
  };
}

const endOf = (child: ChildProcess) =>
  new Promise<number | null>((resolve, reject) => child.once('error', reject).once('exit', resolve));

async function listening(raw: readonly string[], ended: Promise<unknown>): Promise<LogLine> {
  let isOver = false;
  void ended.finally(() => {
    isOver = true;
  });
  const find = () => raw.map(readLine).find((line) => line['event'] === 'listening');
  await until(() => isOver || find() !== undefined, 'the bridge to listen');
  const line = find();
  if (line === undefined) throw new Error(`The bridge did not start:\n${raw.join('\n')}`);
  return line;
}

/** What is no JSON is a line without an event. */
export function readLine(line: string): LogLine {
  try {
    return Object(JSON.parse(line));
  } catch {
    return {};
  }
}

/** Looks every 10 ms. @throws Error after a minute */
export async function until(isSo: () => boolean | Promise<boolean>, what: string, timeoutMs = 60_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`waited ${timeoutMs} ms for ${what}`);
    await sleep(10);
  }
}
