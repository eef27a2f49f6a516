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

/**
 * Errors that end the process and Node's warnings are logged as one line of JSON; their messages may contain anything
 * and are omitted.
 */
function logEverything(log: Log): void {
  process.removeAllListeners('warning');
  process.on('warning', (warning) =>
    log.warn('node-warning', { name: warning.name, code: String(Object(warning).code ?? '') }),
  );
  // Libraries that write to the console, such as ioredis if INFO is denied: each kind is logged once.
  for (const method of ['debug', 'info', 'log', 'warn', 'error'] as const) {
    let isLogged = false;
    console[method] = () => {
      if (!isLogged) log.warn('library-message', { method });
      isLogged = true;
    };
  }
  process.on('uncaughtException', (failure) => {
    log.failure(failure);
    process.exit(1);
  });
  // A closing terminal ends the server as SIGTERM does. Without a terminal SIGHUP is an operator's request to reread
  // the settings.
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
    // A collector that does not answer would keep the process alive until its timeout.
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
    // The channel to the primary process keeps a worker alive.
    cluster.worker?.disconnect();
  }
}

async function describeFailure(failure: unknown): Promise<string> {
  const { StoreUnavailable, storeHint } = await import('./store/store.ts');
  if (failure instanceof StoreUnavailable) return `${failure.message}.${storeHint(failure)}`;
  return failure instanceof Error ? failure.message : 'unknown';
}

/**
 * In production, the output of a server on either stream goes to a log collector, and has to be JSON; on a terminal it
 * is text.
 */
function isCollected(output: Output): boolean {
  return environment['NODE_ENV'] === 'production' && !output.isTerminal && !output.isJson;
}

function readVersion(): string {
  const file = join(root, 'package.json');
  return String(JSON.parse(readFileSync(file, 'utf8')).version);
}

/** config/ is beside package.json, both in the source tree and in the build. */
function findRoot(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : findRoot(dirname(folder));
}
