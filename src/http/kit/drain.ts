// How a server stops: accepted requests are answered, and no client's next request meets a closed connection if that can be
// announced. Knows connections and times, no routes.
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Server as Listener, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { closeListener } from './listeners.ts';

export interface DrainTimes {
  /** The most it takes in all; then what is still open is cut off. Milliseconds. */
  readonly longestMs: number;
  /** So long, at most, answers say that their connection closes while new ones are still taken. Milliseconds. */
  readonly drainMs?: number;
}

/** Over when no connection opened or closed for this long. */
const quietMs = 100;
const pollMs = 20;

/**
 * Call before the server listens. The answer drains it: first every answer closes its connection (RFC 9112 section 9.6),
 * so that a proxy's pool empties itself and no request is lost on a connection closed between two requests; then the
 * server stops listening and lets the rest end.
 * @param listeners further ones that lead to the server: listeners.ts
 */
export function prepareDrain(
  server: Server,
  { longestMs, drainMs = 2_000 }: DrainTimes,
  listeners: readonly Listener[] = [],
): () => Promise<void> {
  // By connection, and not a set of answers: one that every request is put into and taken from holds on to many of them,
  // long gone, until the next full collection.
  const answering = new Map<Socket, ServerResponse | undefined>();
  let isDraining = false;
  let touchedAt = performance.now();
  const touch = () => {
    touchedAt = performance.now();
  };

  server.on('connection', (socket: Socket) => {
    touch();
    answering.set(socket, undefined);
    socket.once('close', () => answering.delete(socket));
  });
  server.prependListener('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    touch();
    answering.set(socket, response);
    if (isDraining) response.setHeader('Connection', 'close');
    response.once('close', () => {
      touch();
      if (answering.get(socket) === response) answering.set(socket, undefined);
    });
  });

  return async () => {
    if (!server.listening) return;
    isDraining = true;
    for (const response of answering.values())
      if (response?.headersSent === false) response.setHeader('Connection', 'close');
    const began = performance.now();
    while (performance.now() - touchedAt < quietMs && performance.now() - began < drainMs) await sleep(pollMs);
    const ended = Promise.all([
      close(server, longestMs - (performance.now() - began)),
      ...listeners.map(closeListener),
    ]);
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
    const idle = setInterval(() => server.closeIdleConnections(), pollMs);
    server.close(() => {
      clearTimeout(last);
      clearInterval(idle);
      resolve();
    });
  });
