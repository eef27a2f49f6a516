// The way out of a network that has a proxy: for Clever by bounded-agent.ts, for others by a fetch of their own.
import { EnvHttpProxyAgent } from 'undici';

/** Calls to https addresses go through this proxy, by CONNECT. */
export interface OutgoingProxy {
  readonly httpsProxy: string;
  /** Hosts that are called directly: comma separated, `.example.org` for all below, `*` for all. */
  readonly noProxy: string;
}

/** Node's own fetch, through the proxy where there is one. */
export function createProxiedFetch(
  proxy: OutgoingProxy | undefined,
): (url: string, options: object) => Promise<Response> {
  if (proxy === undefined) return (url, options) => fetch(url, options);
  const dispatcher = new EnvHttpProxyAgent({ ...proxy, httpProxy: '' });
  return (url, options) => fetch(url, { ...options, dispatcher } as RequestInit);
}
