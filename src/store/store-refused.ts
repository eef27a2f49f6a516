// In a file of its own: every command names it, and few look at the store's server.
import type { StoreFinding } from './redis/redis-checks.ts';

/** The store would lose what it acknowledged, or lacks what is needed of it. The message names each server and setting. */
export class StoreRefused extends Error {
  readonly code = 'STORE_REFUSED';
  constructor(findings: readonly StoreFinding[]) {
    super(`STORE_URL: ${findings.map(({ node, detail }) => `${node}: ${detail}`).join('; ')}`);
    this.name = 'StoreRefused';
  }
}
