// What one connection may cost: answers that are not read, requests sent ahead of their answers, headers that are too
// large. A client that keeps to HTTP meets none of it.
import { createServer, type RequestListener, type Server, type ServerOptions, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

export interface ConnectionBounds {
  /** Requests whose answers are not out; browsers and proxies send one at a time. */
  readonly mostInFlight: number;
  /** Bytes written that the client has not read when it asks for more. */
  readonly mostUnreadBytes: number;
  /** So long may an answer wait to be read without a byte taken. Milliseconds. */
  readonly unreadMs: number;
}

export const connectionBounds: ConnectionBounds = {
  mostInFlight: 16,
  mostUnreadBytes: 1_048_576,
  unreadMs: 60_000,
};

export type OnConnectionCut = (reason: 'requests_in_flight' | 'answers_unread') => void;

/**
 * A server whose connections are bounded.
 * @param onCut called for each connection that was cut off, and why
 */
export function createBoundedServer(
  options: ServerOptions,
  answer: RequestListener,
  bounds: ConnectionBounds = connectionBounds,
  onCut: OnConnectionCut = () => undefined,
): Server {
  const inFlight = new WeakMap<Socket, number>();
  const answering = new WeakMap<Duplex, ServerResponse>();
  const cut = (socket: Socket, reason: Parameters<OnConnectionCut>[0]) => {
    if (!socket.destroyed) onCut(reason);
    socket.destroy();
  };

  const server = createServer(options, (request, response) => {
    const { socket } = request;
    const count = (inFlight.get(socket) ?? 0) + 1;
    inFlight.set(socket, count);
    answering.set(socket, response);
    response.once('close', () => inFlight.set(socket, (inFlight.get(socket) ?? 1) - 1));
    if (count > bounds.mostInFlight) return cut(socket, 'requests_in_flight');
    if (socket.writableLength > bounds.mostUnreadBytes) return cut(socket, 'answers_unread');
    // Requests that were parsed from the same bytes come even after the connection was cut.
    if (!socket.destroyed) answer(request, response);
  });

  // After so long without traffic Node tells and, because there is a listener, leaves the connection to it. An answer that
  // is still being made has nothing unread; a roster may take minutes.
  server.setTimeout(bounds.unreadMs, (socket) => {
    if (socket.writableLength > 0) cut(socket, 'answers_unread');
    else if ((inFlight.get(socket) ?? 0) === 0) socket.destroy();
  });

  server.on('clientError', (failure: NodeJS.ErrnoException, socket) => {
    if (failure.code === 'ECONNRESET' || !socket.writable) return socket.destroy();
    const underWay = answering.get(socket);
    if (underWay?.writableFinished === false) return void underWay.once('close', () => socket.destroy());
    // What is no request behind one that was answered may be the rest of it: it gets no answer of its own.
    if (underWay !== undefined && failure.code !== 'HPE_HEADER_OVERFLOW') return socket.destroy();
    const [status, text] = answers[failure.code ?? ''] ?? badRequest;
    return socket.end(
      [
        `HTTP/1.1 ${status}`,
        'Connection: close',
        'Content-Type: text/plain; charset=utf-8',
        'Cache-Control: no-store',
        `Content-Length: ${Buffer.byteLength(text)}`,
        '',
        text,
      ].join('\r\n'),
    );
  });
  return server;
}

const badRequest = ['400 Bad Request', 'This request cannot be read.\n'] as const;

/** By the code of Node's error. People meet the first: a browser that has gathered cookies of a whole organisation. */
const answers: Readonly<Record<string, readonly [status: string, text: string]>> = {
  HPE_HEADER_OVERFLOW: [
    '431 Request Header Fields Too Large',
    [
      'Your browser sent too much with its request. Clear the cookies of this site, or open a private window. Then sign in again.',
      'Su navegador envió demasiado con su solicitud. Borre las cookies de este sitio o abra una ventana privada. Luego inicie sesión otra vez.',
      '',
    ].join('\n'),
  ],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: ['413 Payload Too Large', 'This request is too large.\n'],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'The request did not arrive in time. Please try again.\n'],
};
