// Connections to Clever with limits on waiting time and response size. deadline.ts limits a whole call, including its
// wait for a connection.
import { Agent, type Dispatcher, EnvHttpProxyAgent } from 'undici';
import { traceHeaders } from '../trace/request-context.ts';
import type { OutgoingProxy } from './outgoing-proxy.ts';

export interface AgentBounds {
  /** Timeout to connect, for the headers, and between two chunks of the body. Milliseconds. */
  readonly longestMs: number;
  /** Maximum sockets to one host. */
  readonly connections: number;
  readonly mostBytes: number;
  readonly proxy?: OutgoingProxy | undefined;
}

export function createBoundedAgent({ longestMs, connections, mostBytes, proxy }: AgentBounds): Dispatcher {
  const bounds = {
    connections,
    connect: { timeout: longestMs },
    headersTimeout: longestMs,
    bodyTimeout: longestMs,
    // After an abort undici replaces the closed socket by an idle one, which closes after keepAliveTimeout.
    keepAliveTimeout: 4_000,
    // Before unpacking; read-body.ts limits the unpacked size.
    maxResponseSize: mostBytes,
  };
  const agent = proxy === undefined ? new Agent(bounds) : new EnvHttpProxyAgent({ ...bounds, ...proxy, httpProxy: '' });
  return agent.compose(
    (dispatch) => (options, handler) =>
      dispatch({ ...options, headers: { ...Object(options.headers), ...traceHeaders() } }, handler),
  );
}
