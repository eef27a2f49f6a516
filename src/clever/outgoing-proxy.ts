// An outgoing HTTP proxy: bounded-agent.ts uses it for Clever, a separate fetch for others.
import { EnvHttpProxyAgent } from 'undici';
import type { Config } from '../config/config.ts';

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
