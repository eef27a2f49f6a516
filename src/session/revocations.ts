// Ended sessions, accounts and districts, in order, for verifiers that check tokens offline. Small: an entry is kept no
// longer than a token lifetime.
import * as z from 'zod';
import { sealedJson, storedWord } from '../store/sealed.ts';
import { firstLogCursor, type Log, type Store } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';

export interface Revocation {
  readonly kind: 'session' | 'account' | 'district';
  /** Session id, account id or district id. */
  readonly id: string;
  /** Tokens of this id with an `iat` below this are revoked. Seconds since the epoch. */
  readonly before: number;
}

export interface RevocationPage {
  /**
   * Continues after these entries; the caller's own cursor if there are none, or the one before all entries. Always a
   * string: many clients send back what they received.
   */
  readonly cursor: string;
  readonly revocations: readonly Revocation[];
}

export interface Ended extends Pick<Revocation, 'kind' | 'id'> {
  /** `iat` of the session's token, if it is one session. Seconds since the epoch. */
  readonly issuedAt?: number;
  /** If the ending has its own second: exactly this one, whenever it is written. Seconds since the epoch. */
  readonly before?: number;
}

export interface Revocations {
  /** Returns the smallest `before` that was written. */
  append(ended: readonly Ended[]): Promise<number>;
  /** Oldest first. @param after a cursor of this log, or undefined for all entries that are still relevant */
  read(after: string | undefined, limit: number): Promise<RevocationPage>;
}

export interface RevocationsOptions {
  readonly sessionTtlSeconds: number;
  /** Milliseconds since the epoch. */
  readonly clock?: () => number;
}

const daySeconds = 86_400;
/** The list's partition in the store. */
export const revocationsPartition = 'revocations';
const partition = revocationsPartition;
const address = { partition, id: 'revocation' };
const revocationShape = z.tuple([storedWord<Revocation['kind']>(), z.string(), z.number()]);

export function createRevocations(store: Store, vault: Vault, options: RevocationsOptions): Revocations {
  const { sessionTtlSeconds, clock = Date.now } = options;
  const sealedRevocation = sealedJson(vault, revocationShape);
  // A command may run with a shorter SESSION_TTL than the servers: it must not shorten the life of their entries.
  const log: Log = { partition, name: 'all', ttlSeconds: Math.max(sessionTtlSeconds, daySeconds) + 60 };
  return {
    async append(ended) {
      // `iat` is in whole seconds: the current second counts as before.
      const before = Math.floor(clock() / 1000) + 1;
      if (ended.length === 0) return before;
      const values = ended.map(({ kind, id, issuedAt = 0, before: own }) =>
        // The clock of the server that opened the session may be ahead of this one's.
        sealedRevocation.seal(address, [kind, id, own ?? Math.max(before, issuedAt + 1)]),
      );
      await store.commit(
        [],
        values.map((value) => ({ kind: 'append', log, value })),
      );
      return before;
    },
    async read(after, limit) {
      const entries = await store.page(log, { after }, limit);
      const revocations = entries.map(({ value }) => {
        const [kind, id, before] = sealedRevocation.open(address, value);
        return { kind, id, before };
      });
      const oldest = clock() / 1000 - sessionTtlSeconds - 60;
      return {
        cursor: entries.at(-1)?.cursor ?? after ?? firstLogCursor,
        revocations: revocations.filter(({ before }) => before >= oldest),
      };
    },
  };
}
