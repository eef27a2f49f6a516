#!/usr/bin/env node
// The process: environment and config/ in, exit code out. The only file that reads process.env and exits.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Output } from './cli/output.ts';
import type { ExitCode } from './cli/run.ts';
import { refuseSettings } from './cli/run.ts';
import { runCommand } from './cli.ts';
import { type Layer, readConfig } from './config.ts';
import { createLog } from './ops/log.ts';

const root = findRoot(dirname(fileURLToPath(import.meta.url)));
const environment = process.env;
const layers = ['default', environment['NODE_ENV'] ?? 'development'].flatMap(readLayer);
const log = createLog(process.stdout);

process.exitCode = await runCommand(
  process.argv.slice(2),
  { environment, layers, version: readVersion(), stdout: process.stdout, stderr: process.stderr },
  runServer,
);

async function runServer(output: Output): Promise<ExitCode> {
  const read = readConfig(environment, layers, isFolder);
  if (read.kind === 'problems') return refuseSettings(output, read.problems);
  const ended = new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
  });
  try {
    // Loaded here: no other command needs HTTP or OpenID Connect.
    const { serve } = await import('./serve.ts');
    const running = await serve(read.config, log, { version: readVersion() });
    await ended;
    await running.close();
    return 0;
  } catch (failure) {
    log.failure(failure);
    const why = failure instanceof Error ? failure.message : 'unknown';
    return output.problem({ code: 'serve_failed', detail: `The bridge could not start or stop cleanly: ${why}` });
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function readVersion(): string {
  const file = join(root, 'package.json');
  return String(JSON.parse(readFileSync(file, 'utf8')).version);
}

/** config/ stands beside package.json, both in the source tree and in the build. */
function readLayer(name: string): Layer[] {
  const file = join(root, 'config', `${name}.json`);
  return existsSync(file) ? [JSON.parse(readFileSync(file, 'utf8'))] : [];
}

function findRoot(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : findRoot(dirname(folder));
}
