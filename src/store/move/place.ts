// The name of a store's place, for operators and for markers: never includes a user or a password.
import { resolve } from 'node:path';
import { type StoreUnavailable, storeHint } from '../store.ts';
import type { HostPort, StoreUrl } from '../store-url.ts';

type Url = Exclude<StoreUrl, { kind: 'invalid' }>;

export function placeOf(url: Url): string {
  if (url.kind === 'embedded') return `embedded:${resolve(url.path)}`;
  if (url.kind === 'unix') return `redis+unix://${url.path}`;
  const scheme = url.tls === true ? 'rediss' : 'redis';
  switch (url.kind) {
    case 'redis':
      return `${scheme}://${hosts([url])}/${url.db}`;
    case 'sentinel':
      return `${scheme}+sentinel://${hosts(url.sentinels)}/${url.name}/${url.db}`;
    case 'cluster':
      return `${scheme}+cluster://${hosts(url.nodes)}`;
  }
}

const hosts = (nodes: readonly HostPort[]): string =>
  nodes.map(({ host, port }) => `${host.includes(':') ? `[${host}]` : host}:${port}`).join(',');

/** One of the two places does not answer; nothing was started. */
export class PlaceSilent extends Error {
  readonly code = 'PLACE_SILENT';
  constructor(place: string, failure: StoreUnavailable) {
    const { reason, folder, cause } = failure;
    const what = folder === undefined ? 'does not answer' : 'cannot be opened';
    super(`${place} ${what}: ${reason}.${storeHint(failure)}`, { cause });
    this.name = 'PlaceSilent';
  }
}
