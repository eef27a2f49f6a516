#!/usr/bin/env node
// The process: environment and config/ in, exit code out. The only file that reads process.env and exits.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ExitCode, Output } from './cli/output.ts';
import { refuseSettings } from './cli/run.ts';
import { runCommand } from './cli.ts';
import { readLayers } from './config/gather-settings.ts';
import type { Log } from './ops/log.ts';

const root = findRoot(dirname(fileURLToPath(import.meta.url)));
const environment = process.env;
const layers = readLayers(root, environment['NODE_ENV']);

process.exitCode = await runCommand(
  process.argv.slice(2),
  { environment, layers, version: readVersion(), stdout: process.stdout, stderr: process.stderr },
  runServer,
);

/** Whatever ends the process or warns of Node leaves as one line of JSON; messages may hold anything and stay out. */
function logEverything(log: Log): void {
  process.removeAllListeners('warning');
  process.on('warning', (warning) =>
    log.warn('node-warning', { name: warning.name, code: String(Object(warning).code ?? '') }),
  );
  // Libraries that write to the console, such as ioredis where INFO is denied: each kind is told once.
  for (const method of ['debug', 'info', 'log', 'warn', 'error'] as const) {
    let isTold = false;
    console[method] = () => {
      if (!isTold) log.warn('library-message', { method });
      isTold = true;
    };
  }
  process.on('uncaughtException', (failure) => {
    log.failure(failure);
    process.exit(1);
  });
  // A terminal that closes ends the server as SIGTERM does. Without one it is an operator's wish to read the settings again.
  if (!process.stdout.isTTY)
    process.on('SIGHUP', () =>
      log.warn('settings-not-reloaded', {
        do: 'restart the server: settings, secrets and certificates are read at start',
      }),
    );
}

async function runServer(output: Output): Promise<ExitCode> {
  // Loaded here: no other command needs a log, HTTP or OpenID Connect.
  const { findUnknownSettings, readConfig } = await import('./config/config.ts');
  const read = readConfig(environment, layers);
  const unknown = findUnknownSettings(environment, layers);
  const { default: cluster } = await import('node:cluster');
  const { createLog } = await import('./ops/log.ts');
  if (read.kind === 'problems') {
    if (!isCollected(output)) {
      for (const name of unknown) output.aside(`${name} is no setting of the bridge: it has no effect.`);
      return refuseSettings(output, read.problems);
    }
    const log = createLog(process.stdout);
    for (const setting of unknown) log.warn('unknown-setting', { setting });
    for (const { setting, message } of read.problems) log.error('setting-refused', { setting, problem: message });
    return 1;
  }
  const log = createLog(process.stdout, read.config.LOG_LEVEL, cluster.worker?.id);
  logEverything(log);
  for (const setting of unknown) log.warn('unknown-setting', { setting });
  const ended = new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT', ...(process.stdout.isTTY ? (['SIGHUP'] as const) : [])] as const)
      process.once(signal, () => resolve());
  });
  try {
    const running =
      read.config.WORKERS > 1 && cluster.isPrimary
        ? await (await import('./workers/serve-workers.ts')).serveWithWorkers(read.config, log)
        : await (await import('./serve.ts')).serve(read.config, log, { version: readVersion(), settings: read.shown });
    await ended;
    await running.close();
    // A collector that does not answer would keep the process until its time is over.
    setTimeout(() => process.exit(0), 500).unref();
    return 0;
  } catch (failure) {
    log.failure(failure);
    const why = await describeFailure(failure);
    const detail = `The bridge could not start or stop cleanly: ${why}`;
    if (!isCollected(output)) return output.problem({ code: 'serve_failed', detail });
    log.error('serve-failed', { detail });
    return 1;
  } finally {
    // The channel to the first process keeps a worker running.
    cluster.worker?.disconnect();
  }
}

async function describeFailure(failure: unknown): Promise<string> {
  const { StoreUnavailable, storeHint } = await import('./store/store.ts');
  if (failure instanceof StoreUnavailable) return `${failure.message}.${storeHint(failure)}`;
  return failure instanceof Error ? failure.message : 'unknown';
}

/** What a server prints in production goes to a collector of logs, on either stream, and has to be JSON; a person reads text. */
function isCollected(output: Output): boolean {
  return environment['NODE_ENV'] === 'production' && !output.isTerminal && !output.isJson;
}

function readVersion(): string {
  const file = join(root, 'package.json');
  return String(JSON.parse(readFileSync(file, 'utf8')).version);
}

/** config/ stands beside package.json, both in the source tree and in the build. */
function findRoot(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : findRoot(dirname(folder));
}
