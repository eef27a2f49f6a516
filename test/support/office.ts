// Everything that works on the store alone, put together as wire.ts does, over any store and clock.
import { createDirectory } from '../../src/roster/directory.ts';
import { createDistricts, partitionOf } from '../../src/roster/district.ts';
import { createLinks } from '../../src/roster/links.ts';
import { createRosterPublisher } from '../../src/roster/publish.ts';
import { createStandings } from '../../src/roster/standing.ts';
import { createFindLiveSession } from '../../src/session/live-session.ts';
import { createSessionRegistry } from '../../src/session/session-registry.ts';
import { createSessionTokens } from '../../src/session/session-token.ts';
import { createSigningKeys } from '../../src/session/signing-keys.ts';
import type { Store } from '../../src/store/store.ts';
import { openVault, type StoreKey } from '../../src/store/vault.ts';
import { createAttemptLog } from '../../src/support/attempt-log.ts';
import { createTrail } from '../../src/support/trail.ts';

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
  const standings = createStandings(store, vault, clock);
  const registry = createSessionRegistry(store, vault, {
    sessionTtlSeconds,
    partitionOf: (districtId) => partitionOf(vault, districtId),
  });
  const directory = createDirectory(store, vault);
  const signingKeys = createSigningKeys(store, vault, { sessionTtlSeconds, clock });
  const tokens = createSessionTokens(signingKeys, { issuer, audience, clock });
  return {
    store,
    vault,
    clock,
    standings,
    registry,
    directory,
    signingKeys,
    tokens,
    districts: createDistricts(store, vault),
    links: createLinks(store, vault, standings),
    publisher: createRosterPublisher({ store, vault, standings, endSessions: registry.endAccounts, clock }),
    attempts: createAttemptLog(store, vault, { retentionSeconds, clock }),
    trail: createTrail(store, vault),
    findLiveSession: createFindLiveSession({ tokens, registry, standings, directory }),
  };
}
