// The services of src/compose over any store and clock, flat: tests reach each by its name.

import * as commands from '../../src/compose/commands.ts';
import * as composed from '../../src/compose/services.ts';
import type { CommandConfig } from '../../src/config/config.ts';
import { createFindLiveSession } from '../../src/session/live-session.ts';
import { createSessionTokens } from '../../src/session/session-token.ts';
import type { Store } from '../../src/store/store.ts';
import { openVault, type StoreKey } from '../../src/store/vault.ts';

export const sessionTtlSeconds = 8 * 3600;
export const retentionSeconds = 90 * 86_400;
export const issuer = 'http://localhost:3000';
export const audience = 'http://localhost:4000';

export const storeKey = (id: string, byte = id.charCodeAt(0)): StoreKey => ({ id, key: Buffer.alloc(32, byte) });

/** All members of all subjects; `subjects` as src/compose hands them on. */
export const flatten = (subjects: composed.Services) => ({
  subjects,
  ...subjects.storage,
  ...subjects.audit,
  ...subjects.sessions,
  ...subjects.rosters,
  ...subjects.support,
  ...subjects.admin,
});

export const openServices = async (config: CommandConfig) => flatten(await commands.openServices(config));

export type TestServices = Awaited<ReturnType<typeof createServices>>;

export async function createServices(
  store: Store,
  clock: () => number = Date.now,
  keys: readonly StoreKey[] = [storeKey('one')],
  settings: Pick<CommandConfig, 'STAFF_FOUR_EYES'> = {},
) {
  const vault = await openVault(store, keys, clock);
  const config = { SESSION_TTL: sessionTtlSeconds, ATTEMPT_RETENTION: retentionSeconds, ...settings };
  const services = flatten(composed.createServices({ store, vault, clock }, config));
  const tokens = createSessionTokens(services.keys, { issuer, audience, clock });
  const { registry, rosters, directory } = services;
  return {
    ...services,
    clock,
    tokens,
    findLiveSession: createFindLiveSession({ tokens, registry, rosters, directory }),
  };
}
