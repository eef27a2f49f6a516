// The settings HTTPS_PROXY and NO_PROXY, for every adapter that calls another service.
import type { OutgoingProxy } from '../clever/outgoing-proxy.ts';
import type { Config } from '../config/config.ts';

export const readOutgoingProxy = ({
  HTTPS_PROXY,
  NO_PROXY = '',
}: Pick<Config, 'HTTPS_PROXY' | 'NO_PROXY'>): OutgoingProxy | undefined =>
  HTTPS_PROXY && { httpsProxy: HTTPS_PROXY.href, noProxy: NO_PROXY };
