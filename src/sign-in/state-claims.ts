// A state is used once, on any server: the first to claim it exchanges the code, the others wait for its answer.

import * as z from 'zod';
import type { Refused } from '../outcome/outcome.ts';
import type { SessionClaims } from '../session/session-token.ts';
import { remember } from '../store/remember.ts';
import { sealed, storedObject } from '../store/sealed.ts';
import type { Address, Store } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';
import type { Note } from './record-refusal.ts';
import { signInSeconds } from './state.ts';

/** The result of the first exchange, for a reload of the same callback. Contains no token: a new one is signed. */
export type Answer =
  | { readonly kind: 'signed-in'; readonly claims: SessionClaims; readonly returnTo: string }
  | (Refused & { readonly note?: Note; readonly endsSession?: true });

export interface Claim {
  /** Milliseconds since the epoch. */
  readonly claimedAt: number;
  readonly answer?: Answer;
}

export interface StateClaims {
  /** True for exactly one caller per state. */
  claim(state: string): Promise<boolean>;
  read(state: string): Promise<Claim | undefined>;
  /** Publishes the answer to waiting reloads. */
  recordAnswer(state: string, answer: Answer): Promise<void>;
  /** A keyed hash of the state, stored with the session that the sign-in opened. */
  blind(state: string): string;
}

const claimShape: z.ZodType<Claim> = z.object({
  claimedAt: z.number(),
  answer: storedObject<Answer>().exactOptional(),
});

export function createStateClaims(store: Store, vault: Vault, clock: () => number = Date.now): StateClaims {
  const ttlSeconds = signInSeconds + 60;
  // A sign-in computes the name of its state three times.
  const blind = remember(1_000, (state) => vault.blind('claimed-state', state));

  // Four thousand partitions spread the claims over all slots of a cluster.
  const addressOf = (state: string): Address => {
    const id = blind(state);
    return { partition: `state-${id.slice(0, 3)}`, id };
  };
  const sealedClaims = sealed(store, vault, claimShape);

  return {
    blind,
    claim(state) {
      const at = addressOf(state);
      return store.put(at, sealedClaims.seal(at, { claimedAt: clock() }), { onlyIfAbsent: true, ttlSeconds });
    },
    read: (state) => sealedClaims.read(addressOf(state)),
    async recordAnswer(state, answer) {
      const at = addressOf(state);
      await store.put(at, sealedClaims.seal(at, { claimedAt: clock(), answer }), { ttlSeconds });
    },
  };
}
