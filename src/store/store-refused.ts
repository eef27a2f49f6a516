// In a file of its own: every command refers to it, and few check the store's server.
import type { StoreFinding } from './redis/redis-checks.ts';

/** The store would lose acknowledged writes, or lacks a required feature. The message names each server and setting. */
export class StoreRefused extends Error {
  readonly code = 'STORE_REFUSED';
  constructor(findings: readonly StoreFinding[]) {
    super(`STORE_URL: ${findings.map(({ node, detail }) => `${node}: ${detail}`).join('; ')}`);
    this.name = 'StoreRefused';
  }
}
