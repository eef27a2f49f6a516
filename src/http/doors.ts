// How a server listens: on several sockets of one port where the platform can, because Node takes one new connection a
// socket each time its event loop comes by (libuv 1.45 and up). Behind one socket a crowd of new connections waits in the
// kernel, unseen by whoever decides who is taken, and those who are to be refused wait longest.
import type { Server } from 'node:http';
import { createServer, type Server as Door, type ListenOptions } from 'node:net';

const doorsBeside = 7;

/**
 * Resolves when the server listens, with further doors that lead to it; none before Node 23.1 and where the system does
 * not share ports. Close them with it.
 * @throws the error of Node when the port is taken, also by another server that shares its own
 */
export async function openDoors(server: Server, at: { port: number; host: string | undefined }): Promise<Door[]> {
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
  const doors: Door[] = [];
  while (doors.length < doorsBeside) {
    // As an http.Server makes its own sockets.
    const door = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => server.emit('connection', socket));
    try {
      await listen(door, { ...at, port, ...shared });
    } catch {
      return doors;
    }
    doors.push(door);
  }
  return doors;
}

const shared = { reusePort: true };

/** Whoever shares a port can take connections of another who does: so it is asked for without sharing first. */
async function findFree(at: ListenOptions): Promise<void> {
  const probe = createServer();
  await listen(probe, at);
  await closeDoor(probe);
}

/** Takes nobody new; resolves when everybody has left. */
export const closeDoor = (door: Door): Promise<void> => new Promise((resolve) => void door.close(() => resolve()));

/** @param at host undefined: every address of the machine, as in a container it must be */
export const listen = (server: Door, at: ListenOptions): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject).listen(at, () => {
      server.off('error', reject);
      resolve();
    });
  });
