// Runs the bridge: listens on the public and the operator's port, and on a signal lets what was accepted finish.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Config } from './config.ts';
import type { Log } from './ops/log.ts';
import { type BridgeOptions, createBridge } from './wire.ts';

export interface Running {
  readonly port: number;
  readonly opsPort: number;
  /** Stops accepting, waits for what was accepted, closes everything. */
  close(): Promise<void>;
}

/** Clever may take 10 s, a waiting reload 12. */
const drainMs = 15_000;

export async function serve(config: Config, log: Log, options: BridgeOptions = {}): Promise<Running> {
  const bridge = await createBridge(config, log, options);
  const servers: Server[] = [];
  try {
    for (const [app, port] of [
      [bridge.app, config.PORT],
      [bridge.opsApp, config.OPS_PORT],
    ] as const) {
      // A client that sends its request slowly, or not at all, is let go; http/body-deadline.ts sooner than ten minutes,
      // except for rosters.
      const server = createServer({ requestTimeout: 600_000, headersTimeout: 15_000, maxHeaderSize: 32_768 }, app);
      servers.push(server);
      await listen(server, port);
    }
  } catch (failure) {
    await Promise.all(servers.map(drain));
    await bridge.close();
    throw failure;
  }
  const [port = 0, opsPort = 0] = servers.map((server) => (server.address() as AddressInfo).port);
  bridge.startWork();
  log.info('listening', { port, ops_port: opsPort, url: config.PUBLIC_URL.origin });
  return {
    port,
    opsPort,
    async close() {
      log.info('draining');
      await Promise.all(servers.map(drain));
      await bridge.close();
      log.info('stopped');
    },
  };
}

const listen = (server: Server, port: number) =>
  new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, () => resolve());
  });

const drain = (server: Server) =>
  new Promise<void>((resolve) => {
    if (!server.listening) return resolve();
    const last = setTimeout(() => server.closeAllConnections(), drainMs);
    server.close(() => {
      clearTimeout(last);
      resolve();
    });
    server.closeIdleConnections();
    return undefined;
  });
