// Listens on several sockets of one port where the platform can, because Node accepts one new connection per socket and
// event loop pass (libuv 1.45 and up). With one socket a burst of connections waits in the kernel, invisible to
// admission control, and the requests that will be refused wait longest.
import type { Server } from 'node:http';
import { createServer, type Server as Listener, type ListenOptions } from 'node:net';

const listenersBeside = 7;

/**
 * Resolves when the server listens, with the further sockets; none before Node 23.1 and on systems that do not share
 * ports. Close them with it.
 * @throws Node's error if the port is in use, even by another server that shares its own
 */
export async function openListeners(
  server: Server,
  at: { port: number; host: string | undefined },
): Promise<Listener[]> {
  if (at.port !== 0) await findFree(at);
  try {
    await listen(server, { ...at, ...shared });
  } catch (failure) {
    if (Object(failure).code !== 'ENOTSUP') throw failure;
    await listen(server, at);
    return [];
  }
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : at.port;
  const listeners: Listener[] = [];
  while (listeners.length < listenersBeside) {
    // With the same options as an http.Server's sockets.
    const listener = createServer({ allowHalfOpen: true, noDelay: true }, (socket) =>
      server.emit('connection', socket),
    );
    try {
      await listen(listener, { ...at, port, ...shared });
    } catch {
      return listeners;
    }
    listeners.push(listener);
  }
  return listeners;
}

const shared = { reusePort: true };

/** Servers that share a port receive each other's connections: so the port is first opened without sharing. */
async function findFree(at: ListenOptions): Promise<void> {
  const probe = createServer();
  await listen(probe, at);
  await closeListener(probe);
}

/** Accepts no new connection; resolves when all are closed. */
export const closeListener = (listener: Listener): Promise<void> =>
  new Promise((resolve) => void listener.close(() => resolve()));

/** @param at host undefined: every address of the machine, as a container requires */
export const listen = (server: Listener, at: ListenOptions): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject).listen(at, () => {
      server.off('error', reject);
      resolve();
    });
  });
