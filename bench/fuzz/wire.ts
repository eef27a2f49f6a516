// Puts a request on the wire as it is, however wrong, and reads what comes back. By Node's client where it lets the
// request through, by a bare socket where it does not.
import { Agent, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import type { FuzzRequest } from './requests.ts';

export interface Seen {
  /** 0: the connection ended without an answer. */
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** The bytes, where no parser came between. */
  readonly raw?: string;
  readonly milliseconds: number;
}

export interface Wire {
  send(request: FuzzRequest): Promise<Seen>;
  /** Text as it is, down one connection; everything that comes back until it ends or nothing comes. */
  sendRaw(text: string | Buffer): Promise<Seen>;
  close(): void;
}

/** Before the first byte of an answer, and between two. */
const [firstMs, silentMs] = [10_000, 4_000];

/** @param timeoutMs that an answer is waited for */
export function createWire(url: string, timeoutMs: number): Wire {
  // Long by the two ways to send a request, with and without a parser; each handles every event of its socket.
  const { port } = new URL(url);
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const target = { host: '127.0.0.1', port: Number(port), agent };

  const send = ({ method, target: path, headers, body, manner }: FuzzRequest): Promise<Seen> =>
    new Promise((resolve) => {
      const began = performance.now();
      const framed =
        manner === 'chunked' ? ['Transfer-Encoding', 'chunked'] : ['Content-Length', String(body?.bytes.length ?? 0)];
      const all = [
        ...headers.flat(),
        ...(body?.type === undefined ? [] : ['Content-Type', body.type]),
        ...(body?.encoding === undefined ? [] : ['Content-Encoding', body.encoding]),
        ...(body === undefined ? [] : framed),
      ];
      const done = (seen: Partial<Seen>) =>
        resolve({ status: 0, headers: {}, body: '', milliseconds: performance.now() - began, ...seen });
      // Throws for requests that Node would not send: those use a bare socket.
      const outgoing = httpRequest({ ...target, method, path, headers: all, setHost: false, timeout: timeoutMs });
      outgoing.once('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => {
          chunks.push(chunk);
          if (manner === 'cut-answer') outgoing.destroy();
        });
        const answered = () =>
          done({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString() });
        response.once('end', answered).once('error', answered).once('close', answered);
      });
      outgoing
        .once('timeout', () => outgoing.destroy())
        .once('error', () => done({}))
        .once('close', () => done({}));
      if (body === undefined) outgoing.end();
      else if (manner !== 'cut-body') outgoing.end(body.bytes);
      else {
        outgoing.write(body.bytes.subarray(0, Math.floor(body.bytes.length / 2)));
        setTimeout(() => outgoing.destroy(), 20);
      }
    });

  const sendRaw = (text: string | Buffer): Promise<Seen> =>
    new Promise((resolve) => {
      const began = performance.now();
      const chunks: Buffer[] = [];
      const socket = connect({ host: target.host, port: target.port }).setTimeout(firstMs);
      socket
        .on('data', (chunk) => {
          chunks.push(chunk);
          socket.setTimeout(silentMs);
        })
        .once('timeout', () => socket.destroy())
        .on('error', () => undefined);
      socket.once('close', () => {
        const raw = Buffer.concat(chunks).toString('latin1');
        const status = Number(/HTTP\/1\.1 ([2-5]\d\d) /.exec(raw)?.[1] ?? 0);
        resolve({ status, headers: {}, body: '', raw, milliseconds: performance.now() - began });
      });
      socket.write(text);
    });

  return {
    async send(request) {
      try {
        return await send(request);
      } catch {
        return sendRaw(asText(request));
      }
    },
    sendRaw,
    close: () => agent.destroy(),
  };
}

/** The request as bytes, with nothing checked. */
export function asText({ method, target, headers, body }: FuzzRequest): Buffer {
  const lines = [
    `${method} ${target} HTTP/1.1`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...(body?.type === undefined ? [] : [`Content-Type: ${body.type}`]),
    ...(body === undefined ? [] : [`Content-Length: ${body.bytes.length}`]),
    'Connection: close',
  ];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), body?.bytes ?? Buffer.alloc(0)]);
}
