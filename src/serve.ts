// Runs the bridge: listens on the public and the operator's port, and shuts down gracefully on a signal.
import cluster from 'node:cluster';
import type { Server } from 'node:http';
import type { AddressInfo, Server as Listener } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Bridge, type BridgeOptions, createBridge } from './compose/bridge.ts';
import type { Config } from './config/config.ts';
import { createAppServer } from './http/kit/app-server.ts';
import { prepareDrain } from './http/kit/drain.ts';
import { listen, openListeners } from './http/kit/listeners.ts';
import type { Log } from './ops/log.ts';
import { serveParent } from './workers/worker.ts';

interface Running {
  readonly port: number;
  readonly opsPort: number;
  /** Stops accepting, waits for accepted requests, closes everything. */
  close(): Promise<void>;
}

/** Clever may take 10 s, a waiting reload 12. */
const drainMs = 15_000;

export async function serve(config: Config, log: Log, options: BridgeOptions = {}): Promise<Running> {
  const bridge = await createBridge(config, log, options);
  const { worker } = cluster;
  const servers: Server[] = [];
  const drains: (() => Promise<void>)[] = [];
  const openServer = (app: Bridge['app'], drain: { readonly drainMs?: number }) => {
    const server = createAppServer(app, (reason) => log.warn('connection_cut', { reason }));
    const listeners: Listener[] = [];
    servers.push(server);
    drains.push(prepareDrain(server, { timeoutMs: drainMs, ...drain }, listeners));
    return { server, listeners };
  };
  try {
    const { server, listeners } = openServer(bridge.app, {});
    const at = { port: config.PORT, host: undefined };
    // The primary process accepts the connections of all workers and distributes them.
    if (worker) await listen(server, at);
    else listeners.push(...(await openListeners(server, at)));
    // The operator's port has little traffic, and with workers the primary process answers on it.
    if (!worker)
      await listen(openServer(bridge.opsApp, { drainMs: 0 }).server, { port: config.OPS_PORT, host: config.OPS_HOST });
  } catch (failure) {
    await Promise.all(drains.map((drain) => drain()));
    await bridge.close();
    throw failure;
  }
  const [port = 0, opsPort = 0] = servers.map((server) => (server.address() as AddressInfo).port);
  bridge.startWork();
  if (worker) serveParent(worker, bridge, port);
  else {
    bridge.startSharedWork();
    log.info('listening', { port, ops_port: opsPort, url: config.PUBLIC_URL.origin });
  }
  return {
    port,
    opsPort,
    async close() {
      log.info('draining', { delay_seconds: config.DRAIN_DELAY });
      bridge.stopBeingReady();
      // A load balancer that checks /readyz infrequently sends requests until it notices; all are served.
      await sleep(config.DRAIN_DELAY * 1000);
      // The operator's port last: until then it reports that the server is alive and draining.
      for (const drain of drains) await drain();
      await bridge.close();
      log.info('stopped');
    },
  };
}
