// Serves with several processes of one command: the primary starts the workers and restarts them, distributes
// connections (node:cluster), and serves the operator's port for all of them. It opens no store.
import cluster, { type Worker } from 'node:cluster';
import type { AddressInfo } from 'node:net';
import pRetry from 'p-retry';
import type { Config } from '../config/config.ts';
import { createAppServer } from '../http/kit/app-server.ts';
import { listen } from '../http/kit/listeners.ts';
import type { Log } from '../ops/log.ts';
import { addUpMetrics, metricsType } from '../ops/metrics.ts';
import { createOpsApp, type Readiness } from '../ops/ops-app.ts';
import type { FromWorker, ToWorker } from './worker.ts';

/** A worker that does not answer within this time counts as not ready. */
const answerMs = 4_000;
/** Delay before an ended worker is restarted; doubled until it listens again. */
const restartMs = { minTimeout: 500, maxTimeout: 30_000 } as const;

/** @throws Error if the first worker cannot start; the worker has logged the reason */
export async function serveWithWorkers(config: Config, log: Log) {
  // Long because of what one process does for its workers, over the same list; each is short.
  const running = new Map<Worker, { readonly port: number }>();
  const stopping = new AbortController();
  let isDraining = false;
  let worksForAll: Worker | undefined;

  /** Resolves when it listens. */
  function start(): Promise<void> {
    const worker = cluster.fork();
    return new Promise((resolve, reject) => {
      worker.on('message', (message: FromWorker) => {
        if (message.kind !== 'listening') return;
        running.set(worker, { port: message.port });
        chooseWorker();
        resolve();
      });
      worker.once('exit', (code, signal) => {
        const hasListened = running.delete(worker);
        if (!hasListened) reject(new Error('a worker could not start; its own line says why'));
        else if (!isDraining) void restart(worker, code, signal);
      });
    });
  }

  /** One worker runs the SFTP drop, the nightly sync and maintenance; if it ends, another takes over. */
  function chooseWorker(): void {
    if (worksForAll !== undefined && running.has(worksForAll)) return;
    worksForAll = running.keys().next().value;
    if (worksForAll !== undefined) send(worksForAll, { kind: 'start_shared_work' });
  }

  async function restart(worker: Worker, code: number | null, signal: string | null): Promise<void> {
    log.warn('worker-ended', { ended: worker.id, ...(signal === null ? { code: code ?? -1 } : { signal }) });
    chooseWorker();
    const again = { retries: Number.POSITIVE_INFINITY, signal: stopping.signal, ...restartMs };
    await pRetry(start, again).catch((failure) => {
      if (!stopping.signal.aborted) log.failure(failure);
    });
  }

  await start();
  const others = Array.from({ length: config.WORKERS - 1 }, start);
  const app = createOpsApp({
    readiness: async () => readinessOf(await queryAll(running.keys(), 'readiness'), { isDraining, of: config.WORKERS }),
    metrics: { contentType: metricsType, text: () => metricsOf(running.keys()) },
  });
  const server = createAppServer(app, (reason) => log.warn('connection_cut', { reason }));
  const stop = async () => {
    isDraining = true;
    stopping.abort();
    await endWorkers();
    await new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  };
  try {
    await Promise.all(others);
    await listen(server, { port: config.OPS_PORT, host: config.OPS_HOST });
  } catch (failure) {
    await stop();
    throw failure;
  }
  const [{ port } = { port: config.PORT }] = running.values();
  const opsPort = (server.address() as AddressInfo).port;
  log.info('listening', { port, ops_port: opsPort, url: config.PUBLIC_URL.origin, workers: config.WORKERS });
  return { port, opsPort, close: stop };
}

async function endWorkers(): Promise<void> {
  const workers = Object.values(cluster.workers ?? {}).flatMap((worker) => worker ?? []);
  const ended = workers.map((worker) => new Promise((resolve) => worker.once('exit', resolve)));
  for (const worker of workers) worker.process.kill('SIGTERM');
  await Promise.all(ended);
}

async function metricsOf(workers: Iterable<Worker>): Promise<string> {
  const answers = await queryAll(workers, 'metrics');
  return addUpMetrics(answers.flatMap((answer) => (answer?.metrics === undefined ? [] : [answer.metrics])));
}

type Answer = FromWorker & { readonly kind: 'answer' };
let asked = 0;

/** In the order of the workers; undefined for one that did not answer in time. */
const queryAll = (workers: Iterable<Worker>, about: 'readiness' | 'metrics'): Promise<(Answer | undefined)[]> =>
  Promise.all([...workers].map((worker) => ask(worker, about)));

function ask(worker: Worker, about: 'readiness' | 'metrics'): Promise<Answer | undefined> {
  asked += 1;
  const id = asked;
  return new Promise((resolve) => {
    const end = (answer?: Answer) => {
      clearTimeout(late);
      worker.off('message', listen);
      worker.off('exit', gone);
      resolve(answer);
    };
    const listen = (message: FromWorker) => {
      if (message.kind === 'answer' && message.id === id) end(message);
    };
    const gone = () => end();
    const late = setTimeout(end, answerMs);
    worker.on('message', listen).once('exit', gone);
    send(worker, { kind: 'ask', id, about });
  });
}

/** A worker that has just ended receives nothing; its exit event is handled. */
const send = (worker: Worker, message: ToWorker): void => void worker.send(message, undefined, () => undefined);

/** Ready if each running worker is: a connection may reach any of them. A restarting worker receives none. */
function readinessOf(
  answers: readonly (Answer | undefined)[],
  { isDraining, of }: { readonly isDraining: boolean; readonly of: number },
): Readiness {
  const all = answers.map((answer) => answer?.readiness);
  const worst =
    all.find((one) => one?.status !== 200) ?? (all.length === all.filter(Boolean).length ? all[0] : undefined);
  const isReady = worst?.status === 200 && !isDraining;
  return {
    status: isReady ? 200 : 503,
    body: {
      ...(worst?.body ?? {}),
      status: isReady ? 'ready' : isDraining ? 'draining' : 'not_ready',
      workers: { running: answers.length, of },
    },
  };
}
