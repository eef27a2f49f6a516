// `sso-bridge …` as an operator runs it: a process of its own, with --json, its exit code and its document read.
import { execFile } from 'node:child_process';
import { inheritedEnvironment } from '../../sandbox/inherited-environment.ts';
import { findBuilt, root } from './bridge-build.ts';
import { type Environment, readLine } from './bridge-process.ts';

export interface CommandResult {
  readonly exitCode: number;
  /** The one JSON document on standard output; empty if there was none. */
  readonly json: Readonly<Record<string, unknown>>;
  readonly stdout: string;
  readonly stderr: string;
}

export async function runBridgeCommand(env: Environment, words: readonly string[]): Promise<CommandResult> {
  const file = findBuilt('bridge/main.js');
  const options = { cwd: root, env: { ...inheritedEnvironment(), ...env }, timeout: 120_000 };
  return new Promise((resolve) => {
    execFile(process.execPath, [file, ...words], options, (failure, stdout, stderr) => {
      const exitCode = failure === null ? 0 : typeof failure.code === 'number' ? failure.code : -1;
      resolve({ exitCode, json: readLine(stdout), stdout, stderr });
    });
  });
}
