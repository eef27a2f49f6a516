// Graceful shutdown of a server: accepted requests are answered, and responses ask clients to close their connections
// before the server does. Knows connections and times, no routes.
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Server as Listener, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { closeListener } from './listeners.ts';

interface DrainTimes {
  /** Maximum total time; then open connections are cut off. Milliseconds. */
  readonly timeoutMs: number;
  /** Maximum time during which responses close their connection while new ones are still accepted. Milliseconds. */
  readonly drainMs?: number;
}

/** Complete when no connection opened or closed for this long. */
const quietMs = 100;
const pollMs = 20;

/**
 * Call before the server listens. Returns a function that drains it: first every response closes its connection (RFC
 * 9112 section 9.6), so that a proxy's pool empties and no request is lost on a connection closed between two requests;
 * then the server stops listening and lets the rest end.
 * @param listeners further sockets of the server: listeners.ts
 */
export function prepareDrain(
  server: Server,
  { timeoutMs, drainMs = 2_000 }: DrainTimes,
  listeners: readonly Listener[] = [],
): () => Promise<void> {
  // By connection, not a set of responses: a set to which every request is added keeps many of them in memory until the
  // next full collection.
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
      close(server, timeoutMs - (performance.now() - began)),
      ...listeners.map(closeListener),
    ]);
    await sleep(quietMs);
    // Browsers open connections for requests that may never come; Node counts such a connection as busy.
    for (const socket of answering.keys()) if (socket.bytesRead === 0) socket.destroy();
    await ended;
  };
}

const close = (server: Server, timeoutMs: number) =>
  new Promise<void>((resolve) => {
    const last = setTimeout(() => server.closeAllConnections(), timeoutMs);
    // A response that began before the drain could not announce it: its connection becomes idle.
    const idle = setInterval(() => server.closeIdleConnections(), pollMs);
    server.close(() => {
      clearTimeout(last);
      clearInterval(idle);
      resolve();
    });
  });
