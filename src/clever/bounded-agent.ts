// Connections to Clever of which none waits longer than it may and none takes more than it should. The time of a whole call,
// with its wait for a connection, is deadline.ts.
import { Agent, type Dispatcher, EnvHttpProxyAgent } from 'undici';
import { traceHeaders } from '../trace/request-context.ts';
import type { OutgoingProxy } from './outgoing-proxy.ts';

export interface AgentBounds {
  /** To connect, until the headers, and between two pieces of the body. Milliseconds. */
  readonly longestMs: number;
  /** Sockets to one host at most. */
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
    // After an abort undici closes the socket and opens an idle one in its place; that one goes after keepAliveTimeout.
    keepAliveTimeout: 4_000,
    // As it comes; what an answer may unpack to is bounded in read-body.ts.
    maxResponseSize: mostBytes,
  };
  const agent = proxy === undefined ? new Agent(bounds) : new EnvHttpProxyAgent({ ...bounds, ...proxy, httpProxy: '' });
  return agent.compose(
    (dispatch) => (options, handler) =>
      dispatch({ ...options, headers: { ...Object(options.headers), ...traceHeaders() } }, handler),
  );
}
