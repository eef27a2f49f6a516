// The services of sessions: registry, revocations, signing keys, and the callers that may query them: program
// credentials, clients of the OpenID provider.

import { partitionOf } from '../district/district.ts';
import { createClients } from '../session/clients.ts';
import { createCredentials } from '../session/credentials.ts';
import { createRevocations, type Revocations } from '../session/revocations.ts';
import { createSessionRegistry } from '../session/session-registry.ts';
import { createSigningKeys } from '../session/signing-keys.ts';
import type { Storage } from './storage.ts';

export type Sessions = ReturnType<typeof createSessions>;

interface SessionsOptions {
  readonly sessionTtlSeconds: number;
  /** Wraps the revocations, to measure them. */
  readonly watch?: ((revocations: Revocations) => Revocations) | undefined;
}

export function createSessions({ store, vault, clock }: Storage, { sessionTtlSeconds, watch }: SessionsOptions) {
  const appended = createRevocations(store, vault, { sessionTtlSeconds, clock });
  const revocations = watch?.(appended) ?? appended;
  return {
    revocations,
    registry: createSessionRegistry(store, vault, {
      revocations,
      sessionTtlSeconds,
      partitionOf: (districtId) => partitionOf(vault, districtId),
    }),
    keys: createSigningKeys(store, vault, { sessionTtlSeconds, clock }),
    credentials: createCredentials(store, vault, { clock }),
    clients: createClients(store, vault, { clock }),
  };
}
