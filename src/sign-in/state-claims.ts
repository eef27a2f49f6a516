// A state is used once, whichever server gets it: the first to claim it exchanges the code, the others wait for its answer.
import type { SessionClaims } from '../session/session-token.ts';
import { remember } from '../store/remember.ts';
import type { Address, Store } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';
import type { Refused } from './outcome.ts';
import type { Note } from './record-refusal.ts';
import { signInSeconds } from './state.ts';

/** What the winner found, for a reload of the same callback. Holds no token: one is signed again. */
export type Answer =
  | { readonly kind: 'signed-in'; readonly claims: SessionClaims; readonly returnTo: string }
  | (Refused & { readonly note?: Note; readonly endsSession?: true });

export interface Claim {
  /** Milliseconds since the epoch. */
  readonly claimedAt: number;
  readonly answer?: Answer;
}

export interface StateClaims {
  /** True for exactly one caller of each state. */
  claim(state: string): Promise<boolean>;
  read(state: string): Promise<Claim | undefined>;
  /** Tells the answer to those who wait. */
  settle(state: string, answer: Answer): Promise<void>;
  /** A name for the state that tells nothing, to remember which sign-in opened a session. */
  blind(state: string): string;
}

export function createStateClaims(store: Store, vault: Vault, clock: () => number = Date.now): StateClaims {
  const ttlSeconds = signInSeconds + 60;
  // A sign-in asks for the name of its state three times.
  const blind = remember(1_000, (state) => vault.blind('claimed-state', state));

  // Four thousand partitions spread the claims of a busy morning over all slots of a cluster.
  const addressOf = (state: string): Address => {
    const id = blind(state);
    return { partition: `state-${id.slice(0, 3)}`, id };
  };
  const seal = (at: Address, claim: Claim) => vault.seal(at, JSON.stringify(claim));

  return {
    blind,
    claim(state) {
      const at = addressOf(state);
      return store.put(at, seal(at, { claimedAt: clock() }), { onlyIfAbsent: true, ttlSeconds });
    },
    async read(state) {
      const at = addressOf(state);
      const [value] = await store.get([at]);
      return value === undefined ? undefined : JSON.parse(vault.open(at, value).toString());
    },
    async settle(state, answer) {
      const at = addressOf(state);
      await store.put(at, seal(at, { claimedAt: clock(), answer }), { ttlSeconds });
    },
  };
}
