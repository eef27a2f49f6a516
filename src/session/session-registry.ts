// The active sessions. A session is active while its record exists, its account is in the active roster, and nothing
// ended its account or district after it was opened. The published roster's version defines the order, not clocks.
import { createRecentReads } from '../store/recent-reads.ts';
import { remember } from '../store/remember.ts';
import { type Address, type Store, type Write, waitForReplica } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';
import { type Revocations, revocationsPartition } from './revocations.ts';
import { createSessionEndings, type SessionEpoch } from './session-endings.ts';
import { createSessionSeals, type SessionRecord } from './session-record.ts';

export interface SessionRegistry {
  /** @param isFresh reads the store: for a retry after a failed commit */
  sessionEpoch(districtId: string, isFresh: boolean): Promise<SessionEpoch>;
  /** The write that opens the session; commit it with its conditions. */
  write(session: SessionRecord): Write;
  /** The record, unless it was ended. The caller checks whether the account is still rostered. */
  find(session: Pick<SessionRecord, 'districtId' | 'sid' | 'accountId'>): Promise<SessionRecord | undefined>;
  /** Ends one session; does nothing if it is not active. */
  end(districtId: string, sid: string): Promise<void>;
  /**
   * Ends every session of the accounts that was opened under an earlier version of the roster. Idempotent.
   * @param at offline verifiers reject tokens of this second and earlier. Milliseconds since the epoch
   */
  endAccounts(districtId: string, accountIds: readonly string[], version: number, at: number): Promise<void>;
  /** The write that ends every session of the district that was opened under an earlier version of the roster. */
  endDistrict(districtId: string, version: number, at: number): Write;
  /** Runs work that ends sessions of the district; resolves when its writes are as durable as the store supports. */
  waitForReplica<Value>(districtId: string, work: () => Promise<Value>): Promise<Value>;
  /**
   * Deletes endings that are older than any session; returns their number.
   * @param at milliseconds since the epoch
   */
  sweep(districtId: string, at: number): Promise<number>;
}

/** Products ask about the same session many times. About a kilobyte each. */
const maxRemembered = 10_000;

/** Another process may have a longer SESSION_TTL than this one. */
const sweepMarginSeconds = 30 * 86_400;

export interface RegistryOptions {
  readonly sessionTtlSeconds: number;
  readonly partitionOf: (districtId: string) => string;
  readonly revocations: Pick<Revocations, 'append'>;
}

export function createSessionRegistry(
  store: Store,
  vault: Vault,
  { sessionTtlSeconds, partitionOf, revocations }: RegistryOptions,
): SessionRegistry {
  const blindSid = (sid: string) => vault.blind('session', sid);
  const cachedBlindSid = remember(maxRemembered, blindSid);
  const sessionAt = (districtId: string, sid: string, blind = blindSid): Address => ({
    partition: partitionOf(districtId),
    id: `session.${blind(sid)}`,
  });
  const sessions = createSessionSeals(vault, maxRemembered);
  const endings = createSessionEndings(store, vault, { partitionOf, revocations, maxRemembered });
  const sessionEpochs = createRecentReads(endings.readEpoch, Date.now, 10_000);
  const ttlSeconds = sessionTtlSeconds + 60;
  const registry: SessionRegistry = {
    waitForReplica: (districtId, work) => waitForReplica(store, [partitionOf(districtId), revocationsPartition], work),
    sessionEpoch: (districtId, isFresh) => sessionEpochs.read(districtId, isFresh ? 0 : Number.POSITIVE_INFINITY),
    write(session) {
      const at = sessionAt(session.districtId, session.sid);
      return { kind: 'put', at, value: sessions.seal(at, session), ttlSeconds };
    },
    async find({ districtId, sid, accountId }) {
      const at = sessionAt(districtId, sid, cachedBlindSid);
      const { addresses, isEnded } = endings.ofAccount(districtId, accountId);
      const [value, ...values] = await store.get([at, ...addresses]);
      const session = value && sessions.open(at, value);
      if (session === undefined || session.accountId !== accountId) return undefined;
      return isEnded(session, values) ? undefined : session;
    },
    end(districtId, sid) {
      const at = sessionAt(districtId, sid);
      // Also if there is nothing to end: a second request may come because the first was never acknowledged.
      return registry.waitForReplica(districtId, async () => {
        const [value] = await store.get([at]);
        if (value === undefined) return;
        // Published before it is done: a crash between the two leaves an active session whose ending was never
        // acknowledged.
        await revocations.append([{ kind: 'session', id: sid, issuedAt: sessions.open(at, value).issuedAt }]);
        await store.remove(at);
      });
    },
    async endAccounts(districtId, accountIds, version, at) {
      if (accountIds.length > 0)
        await registry.waitForReplica(districtId, () => endings.endAccounts(districtId, accountIds, version, at));
    },
    endDistrict: endings.endDistrict,
    sweep: (districtId, at) => endings.sweep(districtId, at - (ttlSeconds + sweepMarginSeconds) * 1000),
  };
  return registry;
}
