// Opens and closes the stand-ins' servers, on this machine alone.
import type { Server } from 'node:http';

/** @param port 0 takes any free one @returns the port taken @throws Error when it is taken already */
export function listen(server: Server, port: number, host = 'localhost'): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

/** Cuts off whoever is still connected. */
export function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** Ends a stand-in that runs as a process of its own, once, on SIGTERM or Ctrl-C. */
export function endOnSignal(end: () => Promise<void>): void {
  let ending = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (ending) return;
      ending = true;
      void end().then(() => process.exit(0));
    });
  }
}
