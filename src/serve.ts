// Runs the bridge: listens on the public and the operator's port, and on a signal lets what was accepted finish.
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Server as Door } from 'node:net';
import type { Config } from './config.ts';
import { listen, openDoors } from './http/doors.ts';
import { prepareDrain } from './http/drain.ts';
import { messageClassesOf } from './http/message-classes.ts';
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

/**
 * A client that sends its request slowly, or not at all, is let go, within the interval at which Node looks: http/
 * body-deadline.ts sooner than ten minutes, except for rosters.
 */
const connectionLimits = {
  requestTimeout: 600_000,
  headersTimeout: 15_000,
  connectionsCheckingInterval: 5_000,
  maxHeaderSize: 32_768,
} as const;

export async function serve(config: Config, log: Log, options: BridgeOptions = {}): Promise<Running> {
  const bridge = await createBridge(config, log, options);
  const servers: Server[] = [];
  const drains: (() => Promise<void>)[] = [];
  try {
    for (const [app, port, host, farewell] of [
      [bridge.app, config.PORT, undefined, {}],
      [bridge.opsApp, config.OPS_PORT, config.OPS_HOST, { farewellMs: 0 }],
    ] as const) {
      const server = createServer({ ...messageClassesOf(app), ...connectionLimits }, app);
      servers.push(server);
      const doors: Door[] = [];
      drains.push(prepareDrain(server, { longestMs: drainMs, ...farewell }, doors));
      // The operator's port has few visitors.
      if (app === bridge.opsApp) await listen(server, { port, host });
      else doors.push(...(await openDoors(server, { port, host })));
    }
  } catch (failure) {
    await Promise.all(drains.map((drain) => drain()));
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
      bridge.stopBeingReady();
      // The operator's port last: until then it says that the server lives and takes nobody new.
      for (const drain of drains) await drain();
      await bridge.close();
      log.info('stopped');
    },
  };
}
