// The active sessions. A session is active while its record exists, its account is in the active roster, and nothing
// ended its account or district after it was opened. The published roster's version defines the order, not clocks.
// Endings have no ttl and are in the same table as the session epoch that sessions were opened under: if one is lost,
// so is the other, and no session is active.
import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { createRecentReads } from '../store/recent-reads.ts';
import { remember } from '../store/remember.ts';
import { rememberOpened } from '../store/remember-opened.ts';
import { sealedJson } from '../store/sealed.ts';
import { type Address, type Condition, type Store, type Write, waitForReplica } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';
import { type Revocations, revocationsPartition } from './revocations.ts';

export interface SessionRecord {
  readonly sid: string;
  readonly districtId: string;
  readonly accountId: string;
  /** The published roster's version under which the session was opened. */
  readonly rosterVersion: number;
  /** Seconds since the epoch. */
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** Blinded state of the sign-in that opened it: a reload of that callback continues to the product. */
  readonly openedBy: string;
  readonly returnTo: string;
  /** The session epoch under which it was opened; absent in records from before session epochs. */
  readonly sessionEpoch?: string | undefined;
}

/** Created once for a district, atomically with its endings: docs/adr/0011. */
export interface SessionEpoch {
  readonly id: string;
  /** Holds while no ending was lost; commit it together with whatever opens a session. */
  readonly unchanged: Condition;
}

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

/** As it is stored, where the version is called `serial` and the session epoch `gate`. */
type StoredSession = Omit<SessionRecord, 'rosterVersion' | 'sessionEpoch'> & {
  readonly serial: number;
  readonly gate?: string | undefined;
};
const sessionShape: z.ZodType<StoredSession> = z.object({
  sid: z.string(),
  districtId: z.string(),
  accountId: z.string(),
  serial: z.number(),
  issuedAt: z.number(),
  expiresAt: z.number(),
  openedBy: z.string(),
  returnTo: z.string(),
  gate: z.string().exactOptional(),
});
const toStored = ({ rosterVersion: serial, sessionEpoch: gate, openedBy, returnTo, ...rest }: SessionRecord) => ({
  ...rest,
  serial,
  gate,
  openedBy,
  returnTo,
});
const fromStored = ({ serial, gate, ...rest }: StoredSession): SessionRecord => ({
  ...rest,
  rosterVersion: serial,
  sessionEpoch: gate,
});

/** The stored id, like the field of a session. */
const sessionEpochId = 'gate';

/** Sessions of an earlier version of the roster than `serial` are ended; `at` in milliseconds since the epoch. */
const endingShape = z.object({ serial: z.number(), at: z.number() });
const epochShape = z.object({ id: z.string() });

/** Products ask about the same session many times. About a kilobyte each. */
const mostRemembered = 10_000;

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
  // Long because of the verbs of the registry, which share addresses and seals; each is short.
  const blindSid = (sid: string) => vault.blind('session', sid);
  const blindAskedSid = remember(mostRemembered, blindSid);
  const sessionAt = (districtId: string, sid: string, blind = blindSid): Address => ({
    partition: partitionOf(districtId),
    id: `session.${blind(sid)}`,
  });
  // One table, and so one key of Redis, for the session epoch and all endings: an eviction takes all of it or nothing.
  const inEnded = (districtId: string, id: string): Address => ({
    partition: partitionOf(districtId),
    table: 'ended',
    id,
  });
  const endedAt = (districtId: string, accountId: string) => inEnded(districtId, `a.${accountId}`);
  const districtEndedAt = (districtId: string) => inEnded(districtId, 'd');
  const sessionEpochAt = (districtId: string) => inEnded(districtId, sessionEpochId);
  const sessions = sealedJson(vault, sessionShape);
  const endings = sealedJson(vault, endingShape);
  const epochs = sealedJson(vault, epochShape);
  const openSession = rememberOpened(mostRemembered, (at, value) => fromStored(sessions.open(at, value)));
  const openEpoch = rememberOpened(mostRemembered, epochs.open);
  const ttlSeconds = sessionTtlSeconds + 60;

  async function readSessionEpoch(districtId: string): Promise<SessionEpoch> {
    const at = sessionEpochAt(districtId);
    const [value] = await store.get([at]);
    if (value !== undefined) {
      const { id } = epochs.open(at, value);
      return { id, unchanged: { at, oneOf: [value] } };
    }
    await store.put(at, epochs.seal(at, { id: randomBytes(8).toString('hex') }), { onlyIfAbsent: true });
    return readSessionEpoch(districtId);
  }

  async function writeEndings(districtId: string, accountIds: readonly string[], version: number, at: number) {
    const endingsAt = accountIds.map((accountId) => endedAt(districtId, accountId));
    const values = await store.get(endingsAt);
    // A delayed process must not overwrite a newer ending with an older one: sessions between the two would become
    // active again.
    const due = endingsAt.flatMap((endingAt, index) => {
      const before = endings.openFound(endingAt, values[index]);
      const accountId = accountIds[index] ?? '';
      return before !== undefined && before.serial >= version ? [] : [{ accountId, endingAt, value: values[index] }];
    });
    if (due.length === 0) return;
    const before = Math.floor(at / 1000) + 1;
    await revocations.append(due.map(({ accountId: id }) => ({ kind: 'account', id, before })));
    const done = await store.commit(
      due.map(({ endingAt, value }) => ({ at: endingAt, oneOf: [value] })),
      due.map(
        ({ endingAt }): Write => ({
          kind: 'put',
          at: endingAt,
          value: endings.seal(endingAt, { serial: version, at }),
        }),
      ),
    );
    if (!done) await writeEndings(districtId, accountIds, version, at);
  }

  const sessionEpochs = createRecentReads(readSessionEpoch, Date.now, 10_000);
  const registry: SessionRegistry = {
    waitForReplica: (districtId, work) => waitForReplica(store, [partitionOf(districtId), revocationsPartition], work),
    sessionEpoch: (districtId, isFresh) => sessionEpochs.read(districtId, isFresh ? 0 : Number.POSITIVE_INFINITY),
    write(session) {
      const at = sessionAt(session.districtId, session.sid);
      return { kind: 'put', at, value: sessions.seal(at, toStored(session)), ttlSeconds };
    },
    async find({ districtId, sid, accountId }) {
      const at = sessionAt(districtId, sid, blindAskedSid);
      const endingsAt = [endedAt(districtId, accountId), districtEndedAt(districtId)];
      const epochAt = sessionEpochAt(districtId);
      const [value, sessionEpochValue, ...values] = await store.get([at, epochAt, ...endingsAt]);
      const session = value && openSession(at, value);
      if (session === undefined || session.accountId !== accountId) return undefined;
      const { sessionEpoch } = session;
      const epoch = sessionEpochValue && openEpoch(epochAt, sessionEpochValue);
      if (sessionEpoch !== undefined && epoch?.id !== sessionEpoch) return undefined;
      const isEnded = endingsAt.some((endingAt, index) => {
        const ending = endings.openFound(endingAt, values[index]);
        return ending !== undefined && session.rosterVersion < ending.serial;
      });
      return isEnded ? undefined : session;
    },
    end(districtId, sid) {
      const at = sessionAt(districtId, sid);
      // Also if there is nothing to end: a second request may come because the first was never acknowledged.
      return registry.waitForReplica(districtId, async () => {
        const session = sessions.openFound(at, (await store.get([at]))[0]);
        if (session === undefined) return;
        // Published before it is done: a crash between the two leaves an active session whose ending was never
        // acknowledged.
        await revocations.append([{ kind: 'session', id: sid, issuedAt: session.issuedAt }]);
        await store.remove(at);
      });
    },
    endDistrict(districtId, version, at) {
      const endingAt = districtEndedAt(districtId);
      return { kind: 'put', at: endingAt, value: endings.seal(endingAt, { serial: version, at }) };
    },
    async sweep(districtId, at) {
      const partition = partitionOf(districtId);
      let swept = 0;
      for await (const rows of store.scan(partition, 'ended')) {
        for (const { id, value } of rows.filter((row) => row.id !== sessionEpochId)) {
          const endingAt = inEnded(districtId, id);
          if (endings.open(endingAt, value).at + (ttlSeconds + sweepMarginSeconds) * 1000 > at) continue;
          // Another ending may have been written since the read.
          if (await store.commit([{ at: endingAt, oneOf: [value] }], [{ kind: 'remove', at: endingAt }])) swept += 1;
        }
      }
      return swept;
    },
    async endAccounts(districtId, accountIds, version, at) {
      if (accountIds.length > 0)
        await registry.waitForReplica(districtId, () => writeEndings(districtId, accountIds, version, at));
    },
  };
  return registry;
}
