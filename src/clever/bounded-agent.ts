// Connections to Clever of which none waits longer than it may and none takes more than it should. The time of a whole call,
// with its wait for a connection, is deadline.ts.
import { Agent } from 'undici';

export interface AgentBounds {
  /** To connect, until the headers, and between two pieces of the body. Milliseconds. */
  readonly longestMs: number;
  /** Sockets to one host at most. */
  readonly connections: number;
  readonly mostBytes: number;
}

export const createBoundedAgent = ({ longestMs, connections, mostBytes }: AgentBounds): Agent =>
  new Agent({
    connections,
    connect: { timeout: longestMs },
    headersTimeout: longestMs,
    bodyTimeout: longestMs,
    // After an abort undici closes the socket and opens an idle one in its place; that one goes after keepAliveTimeout.
    keepAliveTimeout: 4_000,
    // No answer is decompressed either, so a small one cannot grow.
    maxResponseSize: mostBytes,
  });
