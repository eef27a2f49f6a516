// Which sessions live. A session lives while its record stands, its account is in the active roster, and nothing ended
// its account or district after it was opened. Order is told by the standing's serial, not by clocks.
import type { Address, Store, Write } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';
import type { Revocations } from './revocations.ts';

export interface SessionRecord {
  readonly sid: string;
  readonly districtId: string;
  readonly accountId: string;
  /** The standing's serial under which the session was opened. */
  readonly serial: number;
  /** Seconds since the epoch. */
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** Blinded state of the sign-in that opened it: a reload of that callback continues to the product. */
  readonly openedBy: string;
  readonly returnTo: string;
}

export interface SessionRegistry {
  /** The write that opens the session; commit it with what it depends on. */
  write(session: SessionRecord): Write;
  /** The record, unless it was ended. Whether the account is still rostered is the caller's to check. */
  find(session: Pick<SessionRecord, 'districtId' | 'sid' | 'accountId'>): Promise<SessionRecord | undefined>;
  /** Ends one session; one that does not live is left as it is. */
  end(districtId: string, sid: string): Promise<void>;
  /** Ends every session of the accounts that was opened under an earlier serial. Idempotent. */
  endAccounts(districtId: string, accountIds: readonly string[], serial: number, at: number): Promise<void>;
  /** The write that ends every session of the district that was opened under an earlier serial. */
  endDistrict(districtId: string, serial: number, at: number): Write;
}

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
  const sessionAt = (districtId: string, sid: string): Address => ({
    partition: partitionOf(districtId),
    id: `session.${vault.blind('session', sid)}`,
  });
  const endedAt = (districtId: string, accountId: string): Address => ({
    partition: partitionOf(districtId),
    id: `ended.${accountId}`,
  });
  const districtEndedAt = (districtId: string): Address => ({ partition: partitionOf(districtId), id: 'ended' });
  const read = <Value>(at: Address, value: Buffer | undefined): Value | undefined =>
    value === undefined ? undefined : JSON.parse(vault.open(at, value).toString());
  const ttlSeconds = sessionTtlSeconds + 60;

  const registry: SessionRegistry = {
    write(session) {
      const at = sessionAt(session.districtId, session.sid);
      return { kind: 'put', at, value: vault.seal(at, JSON.stringify(session)), ttlSeconds };
    },
    async find({ districtId, sid, accountId }) {
      const at = sessionAt(districtId, sid);
      const marks = [endedAt(districtId, accountId), districtEndedAt(districtId)];
      const [value, ...values] = await store.get([at, ...marks]);
      const session = read<SessionRecord>(at, value);
      if (session === undefined || session.accountId !== accountId) return undefined;
      const isEnded = marks.some((mark, index) => {
        const ending = read<{ serial: number }>(mark, values[index]);
        return ending !== undefined && session.serial < ending.serial;
      });
      return isEnded ? undefined : session;
    },
    async end(districtId, sid) {
      const at = sessionAt(districtId, sid);
      const [value] = await store.get([at]);
      if (value === undefined) return;
      // Told before it is done: a crash between the two leaves a session that was never acknowledged as ended.
      await revocations.append([{ kind: 'session', id: sid }]);
      await store.remove(at);
    },
    endDistrict(districtId, serial, at) {
      const mark = districtEndedAt(districtId);
      return { kind: 'put', at: mark, value: vault.seal(mark, JSON.stringify({ serial, at })), ttlSeconds };
    },
    async endAccounts(districtId, accountIds, serial, at) {
      if (accountIds.length === 0) return;
      const marks = accountIds.map((accountId) => endedAt(districtId, accountId));
      const values = await store.get(marks);
      // A process that was held up must not put an older mark over a newer one: sessions between the two would live again.
      const due = marks.flatMap((mark, index) => {
        const before = read<{ serial: number }>(mark, values[index]);
        const accountId = accountIds[index] ?? '';
        return before !== undefined && before.serial >= serial ? [] : [{ accountId, mark, value: values[index] }];
      });
      if (due.length === 0) return;
      await revocations.append(due.map(({ accountId: id }) => ({ kind: 'account', id })));
      const done = await store.commit(
        due.map(({ mark, value }) => ({ at: mark, oneOf: [value] })),
        due.map(({ mark }): Write => {
          return { kind: 'put', at: mark, value: vault.seal(mark, JSON.stringify({ serial, at })), ttlSeconds };
        }),
      );
      if (!done) await registry.endAccounts(districtId, accountIds, serial, at);
    },
  };
  return registry;
}
