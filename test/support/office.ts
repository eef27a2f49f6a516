// Everything that works on the store alone, put together by wire.ts, over any store and clock.
import { createFindLiveSession } from '../../src/session/live-session.ts';
import { createSessionTokens } from '../../src/session/session-token.ts';
import type { Store } from '../../src/store/store.ts';
import { openVault, type StoreKey } from '../../src/store/vault.ts';
import * as wire from '../../src/wire-office.ts';

export const sessionTtlSeconds = 8 * 3600;
export const retentionSeconds = 90 * 86_400;
export const issuer = 'http://localhost:3000';
export const audience = 'http://localhost:4000';

export const storeKey = (id: string, byte = id.charCodeAt(0)): StoreKey => ({ id, key: Buffer.alloc(32, byte) });

export type TestOffice = Awaited<ReturnType<typeof furnish>>;

export async function furnish(
  store: Store,
  clock: () => number = Date.now,
  keys: readonly StoreKey[] = [storeKey('one')],
) {
  const vault = await openVault(store, keys, clock);
  const config = { SESSION_TTL: sessionTtlSeconds, ATTEMPT_RETENTION: retentionSeconds };
  const office = wire.furnish(store, vault, config, clock);
  const tokens = createSessionTokens(office.keys, { issuer, audience, clock });
  const { registry, standings, directory } = office;
  return {
    ...office,
    clock,
    tokens,
    findLiveSession: createFindLiveSession({ tokens, registry, standings, directory }),
  };
}
