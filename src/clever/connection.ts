// Connections to Clever: with limits on waiting time and response size, through the outgoing proxy if there is one; one
// response over them, and a word for why there is none. deadline.ts limits a whole call, including its wait for a
// connection.

import type { IncomingHttpHeaders } from 'node:http';
import { Agent, type Dispatcher, EnvHttpProxyAgent } from 'undici';
import * as z from 'zod';
import type { Config } from '../config/config.ts';
import { traceHeaders } from '../trace/request-context.ts';
import type { OutageReason } from './refusal.ts';

/** Calls to https URLs go through this proxy, by CONNECT. */
export interface OutgoingProxy {
  readonly httpsProxy: string;
  /** Hosts that are called directly: comma-separated, `.example.org` for all subdomains, `*` for all. */
  readonly noProxy: string;
}

/** Node's own fetch, through the proxy if there is one. */
export function createProxiedFetch(
  proxy: OutgoingProxy | undefined,
): (url: string, options: object) => Promise<Response> {
  if (proxy === undefined) return (url, options) => fetch(url, options);
  const dispatcher = new EnvHttpProxyAgent({ ...proxy, httpProxy: '' });
  return (url, options) => fetch(url, { ...options, dispatcher } as RequestInit);
}

export const readOutgoingProxy = ({
  HTTPS_PROXY,
  NO_PROXY = '',
}: Pick<Config, 'HTTPS_PROXY' | 'NO_PROXY'>): OutgoingProxy | undefined =>
  HTTPS_PROXY && { httpsProxy: HTTPS_PROXY.href, noProxy: NO_PROXY };

interface AgentBounds {
  /** Timeout to connect, for the headers, and between two chunks of the body. Milliseconds. */
  readonly timeoutMs: number;
  /** Maximum sockets to one host. */
  readonly connections: number;
  readonly maxBytes: number;
  readonly proxy?: OutgoingProxy | undefined;
}

export function createBoundedAgent({ timeoutMs, connections, maxBytes, proxy }: AgentBounds): Dispatcher {
  const bounds = {
    connections,
    connect: { timeout: timeoutMs },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    // After an abort undici replaces the closed socket by an idle one, which closes after keepAliveTimeout.
    keepAliveTimeout: 4_000,
    // Before unpacking; read-body.ts limits the unpacked size.
    maxResponseSize: maxBytes,
  };
  const agent = proxy === undefined ? new Agent(bounds) : new EnvHttpProxyAgent({ ...bounds, ...proxy, httpProxy: '' });
  return agent.compose(
    (dispatch) => (options, handler) =>
      dispatch({ ...options, headers: { ...Object(options.headers), ...traceHeaders() } }, handler),
  );
}

export interface Received {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** As received; the agent limits its size. */
  readonly body: Buffer;
}

/**
 * One response. Uses `dispatch`, because the body stream of `request` costs as much as the rest of a call. Rejects with
 * undici's error, or with the reason of `signal` as soon as that aborts.
 */
export function receive(
  agent: Dispatcher,
  options: Dispatcher.DispatchOptions,
  signal: AbortSignal,
): Promise<Received> {
  return new Promise((resolve, reject) => {
    let controller: Dispatcher.DispatchController | undefined;
    let started: Pick<Received, 'status' | 'headers'> = { status: 0, headers: {} };
    const chunks: Buffer[] = [];
    const stop = () => {
      controller?.abort(signal.reason);
      reject(signal.reason);
    };
    const end = () => signal.removeEventListener('abort', stop);
    if (signal.aborted) return reject(signal.reason);
    signal.addEventListener('abort', stop);
    agent.dispatch(options, {
      onRequestStart(given) {
        controller = given;
        // It waited for a connection until after the deadline.
        if (signal.aborted) given.abort(signal.reason);
      },
      onResponseStart(_controller, status, headers) {
        started = { status, headers };
      },
      onResponseData: (_controller, chunk) => void chunks.push(chunk),
      onResponseEnd() {
        end();
        const [first = Buffer.alloc(0), ...more] = chunks;
        resolve({ ...started, body: more.length === 0 ? first : Buffer.concat(chunks) });
      },
      onResponseError(_controller, failure) {
        end();
        reject(failure);
      },
    });
  });
}

const reasonOf: Readonly<Record<string, OutageReason>> = {
  ECONNREFUSED: 'refused-connection',
  ECONNRESET: 'reset',
  ECONNABORTED: 'reset',
  EPIPE: 'reset',
  UND_ERR_SOCKET: 'reset',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'reset',
  ETIMEDOUT: 'timeout',
  UND_ERR_ABORTED: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  UND_ERR_RES_EXCEEDED_MAX_SIZE: 'too-large',
  UND_ERR_HEADERS_OVERFLOW: 'too-large',
  HPE_HEADER_OVERFLOW: 'too-large',
  ENOTFOUND: 'no-address',
  EAI_AGAIN: 'no-address',
};

/** Codes of Node and undici for a call with wrong arguments. */
const ourMistakes = new Set(['UND_ERR_INVALID_ARG', 'ERR_INVALID_ARG_TYPE', 'ERR_INVALID_ARG_VALUE']);

const errorSchema = z.looseObject({ name: z.string().catch(''), code: z.string().catch('') });

/**
 * One word for an error of undici or of a socket; `undefined` for a programming error, which must not be reported as an
 * outage.
 */
export function nameNetworkError(error: unknown): OutageReason | undefined {
  const { name, code } = errorSchema.safeParse(error).data ?? { name: '', code: '' };
  if (ourMistakes.has(code)) return undefined;
  const known = reasonOf[code];
  if (known !== undefined) return known;
  // undici's parser error often has no code.
  if (name === 'HTTPParserError') return 'not-http';
  return /CERT|TLS|SSL|SIGNATURE|EPROTO/.test(code) ? 'untrusted-certificate' : 'connection-failed';
}
