// How a server stops: what was accepted is answered, and nobody's next request meets a closed connection if that can be
// told ahead. Knows connections and times, no routes.
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Server as Door, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { closeDoor } from './doors.ts';

export interface DrainTimes {
  /** The most it takes in all; then what is still open is cut off. Milliseconds. */
  readonly longestMs: number;
  /** So long, at most, answers say that their connection closes while new ones are still taken. Milliseconds. */
  readonly farewellMs?: number;
}

/** Over when nobody has come or gone for this long. */
const quietMs = 100;
const lookEveryMs = 20;

/**
 * Call before the server listens. The answer drains it: first every answer closes its connection (RFC 9112 section 9.6),
 * so that a proxy's pool empties itself and no request is lost on a connection closed between two requests; then the
 * server stops listening and lets the rest end.
 * @param doors further ones that lead to the server: doors.ts
 */
export function prepareDrain(
  server: Server,
  { longestMs, farewellMs = 2_000 }: DrainTimes,
  doors: readonly Door[] = [],
): () => Promise<void> {
  // By connection, and not a set of answers: one that every request is put into and taken from holds on to many of them,
  // long gone, until the next full collection.
  const answering = new Map<Socket, ServerResponse | undefined>();
  let isDraining = false;
  let stirredAt = performance.now();
  const stir = () => {
    stirredAt = performance.now();
  };

  server.on('connection', (socket: Socket) => {
    stir();
    answering.set(socket, undefined);
    socket.once('close', () => answering.delete(socket));
  });
  server.prependListener('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    stir();
    answering.set(socket, response);
    if (isDraining) response.setHeader('Connection', 'close');
    response.once('close', () => {
      stir();
      if (answering.get(socket) === response) answering.set(socket, undefined);
    });
  });

  return async () => {
    if (!server.listening) return;
    isDraining = true;
    for (const response of answering.values())
      if (response?.headersSent === false) response.setHeader('Connection', 'close');
    const began = performance.now();
    while (performance.now() - stirredAt < quietMs && performance.now() - began < farewellMs) await sleep(lookEveryMs);
    const ended = Promise.all([close(server, longestMs - (performance.now() - began)), ...doors.map(closeDoor)]);
    await sleep(quietMs);
    // Browsers connect ahead of a request that may never come; Node counts such a connection as busy.
    for (const socket of answering.keys()) if (socket.bytesRead === 0) socket.destroy();
    await ended;
  };
}

const close = (server: Server, longestMs: number) =>
  new Promise<void>((resolve) => {
    const last = setTimeout(() => server.closeAllConnections(), longestMs);
    // An answer that had begun before the farewell could not announce it: its connection is idle afterwards.
    const idle = setInterval(() => server.closeIdleConnections(), lookEveryMs);
    server.close(() => {
      clearTimeout(last);
      clearInterval(idle);
      resolve();
    });
  });
