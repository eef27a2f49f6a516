// The HTTP server of an app. Limits the time of a request and the cost of one connection: unread responses, pipelined
// requests, large headers. A regular HTTP client never reaches the limits.
import {
  createServer,
  IncomingMessage,
  type RequestListener,
  type Server,
  type ServerOptions,
  ServerResponse,
} from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Express } from 'express';

/**
 * A slow or silent client is disconnected, within Node's checking interval: read-body.ts before ten minutes, except
 * for rosters. An idle connection stays open longer than common proxies keep theirs (60 s), so that none sends its next
 * request on a closing connection.
 */
const connectionLimits = {
  requestTimeout: 600_000,
  keepAliveTimeout: 75_000,
  headersTimeout: 15_000,
  connectionsCheckingInterval: 5_000,
  maxHeaderSize: 32_768,
} as const;

/** Does not listen yet. @param onCut called for each connection that was cut off, with the reason */
export const createAppServer = (app: Express, onCut: OnConnectionCut): Server =>
  createBoundedServer({ ...messageClassesOf(app), ...connectionLimits }, app, connectionBounds, onCut);

export interface ConnectionBounds {
  /** Requests without a complete response; browsers and proxies send one at a time. */
  readonly maxInFlight: number;
  /** Bytes that the client has not read when it sends another request. */
  readonly maxUnreadBytes: number;
  /** How long a response may wait without the client reading a byte. Milliseconds. */
  readonly unreadMs: number;
}

export const connectionBounds: ConnectionBounds = {
  maxInFlight: 16,
  maxUnreadBytes: 1_048_576,
  unreadMs: 60_000,
};

type OnConnectionCut = (reason: 'requests_in_flight' | 'answers_unread') => void;

/**
 * A server with limited connections.
 * @param onCut called for each connection that was cut off, with the reason
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
    if (count > bounds.maxInFlight) return cut(socket, 'requests_in_flight');
    if (socket.writableLength > bounds.maxUnreadBytes) return cut(socket, 'answers_unread');
    // Requests parsed from the same bytes arrive even after the connection was cut.
    if (!socket.destroyed) answer(request, response);
  });

  // After this time without traffic Node calls the listener and leaves the connection to it. A response in preparation
  // has nothing unread; a roster may take minutes.
  server.setTimeout(bounds.unreadMs, (socket) => {
    if (socket.writableLength > 0) cut(socket, 'answers_unread');
    else if ((inFlight.get(socket) ?? 0) === 0) socket.destroy();
  });

  server.on('clientError', (failure: NodeJS.ErrnoException, socket) => {
    if (failure.code === 'ECONNRESET' || !socket.writable) return socket.destroy();
    const underWay = answering.get(socket);
    if (underWay?.writableFinished === false) return void underWay.once('close', () => socket.destroy());
    // Invalid data after an answered request may be the rest of it: it gets no response of its own.
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

/**
 * By the code of Node's error. The first one reaches users: a browser that has collected cookies of a whole
 * organisation.
 */
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

/**
 * The classes of the requests and responses of an Express app: a performance workaround. Express sets the prototype of
 * each request and response, which deoptimizes the object: more than half of the time of a small response. Objects
 * created with that prototype are left unchanged.
 */
export function messageClassesOf(app: Express): Pick<ServerOptions, 'IncomingMessage' | 'ServerResponse'> {
  class BridgeRequest extends IncomingMessage {}
  class BridgeResponse<Of extends IncomingMessage = IncomingMessage> extends ServerResponse<Of> {}
  const { request, response } = app;
  Object.assign(app, {
    request: Object.setPrototypeOf(BridgeRequest.prototype, request),
    response: Object.setPrototypeOf(BridgeResponse.prototype, response),
  });
  return { IncomingMessage: BridgeRequest, ServerResponse: BridgeResponse };
}
