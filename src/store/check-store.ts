// Checks the store's server before it is used: a problem that loses data silently is refused in production, the others
// are reported. Every command refers to this file and few check the server: it loads no engine until then.
import type { StoreFinding } from './redis/redis-checks.ts';
import type { RedisConnectionOptions } from './redis/redis-connection.ts';
import type { RedisProblem } from './redis/redis-verdict.ts';
import type { StoreUrl } from './store-url.ts';

/** The store would lose acknowledged writes, or lacks a required feature. The message names each server and setting. */
export class StoreRefused extends Error {
  readonly code = 'STORE_REFUSED';
  constructor(findings: readonly StoreFinding[]) {
    super(`STORE_URL: ${findings.map(({ node, detail }) => `${node}: ${detail}`).join('; ')}`);
    this.name = 'StoreRefused';
  }
}

/** `always` cannot work; `production` works but loses data. */
const refusals: Partial<Record<RedisProblem, 'always' | 'production'>> = {
  version_too_old: 'always',
  read_only: 'always',
  eviction: 'production',
};

/** Returns warnings. @throws StoreRefused, StoreUnavailable */
export async function checkStore(
  url: Exclude<StoreUrl, { kind: 'invalid' }>,
  isProduction: boolean,
  answerTime: RedisConnectionOptions = {},
): Promise<readonly StoreFinding[]> {
  if (url.kind === 'embedded') return [];
  const { checkRedis } = await import('./redis/redis-checks.ts');
  const found = await checkRedis(url, answerTime);
  const isRefused = ({ problem }: StoreFinding) =>
    refusals[problem] === 'always' || (refusals[problem] === 'production' && isProduction);
  const refused = found.filter(isRefused);
  if (refused.length > 0) throw new StoreRefused(refused);
  return found;
}
