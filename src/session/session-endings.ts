// What ended the sessions of a district or of an account, and the session epoch they were opened under. Endings have no
// ttl and are in the same table as the epoch: if one is lost, so is the other, and no session is active.
import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { rememberOpened } from '../store/remember-opened.ts';
import { sealedJson } from '../store/sealed.ts';
import type { Address, Condition, Store, Write } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';
import type { Revocations } from './revocations.ts';
import type { SessionRecord } from './session-record.ts';

/** Created once for a district, atomically with its endings: docs/adr/0011. */
export interface SessionEpoch {
  readonly id: string;
  /** Holds while no ending was lost; commit it together with whatever opens a session. */
  readonly unchanged: Condition;
}

/** Whether sessions of one account were ended. Read together with a session, in one round trip. */
interface EndingsOfAccount {
  readonly addresses: readonly Address[];
  /** @param values as read, in the order of the addresses */
  isEnded(session: SessionRecord, values: readonly (Buffer | undefined)[]): boolean;
}

export interface SessionEndings {
  readEpoch(districtId: string): Promise<SessionEpoch>;
  ofAccount(districtId: string, accountId: string): EndingsOfAccount;
  /** As `SessionRegistry.endAccounts`, without waiting for replicas. */
  endAccounts(districtId: string, accountIds: readonly string[], version: number, at: number): Promise<void>;
  /** As `SessionRegistry.endDistrict`. */
  endDistrict(districtId: string, version: number, at: number): Write;
  /** Deletes endings up to then; returns their number. @param until milliseconds since the epoch */
  sweep(districtId: string, until: number): Promise<number>;
}

/** The stored id, like the field of a session. */
const sessionEpochId = 'gate';

/** Sessions of an earlier version of the roster than `serial` are ended; `at` in milliseconds since the epoch. */
const endingShape = z.object({ serial: z.number(), at: z.number() });
const epochShape = z.object({ id: z.string() });

interface EndingsOptions {
  readonly partitionOf: (districtId: string) => string;
  readonly revocations: Pick<Revocations, 'append'>;
  /** Opened session epochs that are kept in memory. */
  readonly maxRemembered: number;
}

export function createSessionEndings(
  store: Store,
  vault: Vault,
  { partitionOf, revocations, maxRemembered }: EndingsOptions,
): SessionEndings {
  // Long because its verbs share addresses and seals.
  // One table, and so one key of Redis, for the session epoch and all endings: an eviction takes all of it or nothing.
  const inEnded = (districtId: string, id: string): Address => ({
    partition: partitionOf(districtId),
    table: 'ended',
    id,
  });
  const accountEndedAt = (districtId: string, accountId: string) => inEnded(districtId, `a.${accountId}`);
  const districtEndedAt = (districtId: string) => inEnded(districtId, 'd');
  const sessionEpochAt = (districtId: string) => inEnded(districtId, sessionEpochId);
  const endings = sealedJson(vault, endingShape);
  const epochs = sealedJson(vault, epochShape);
  const openEpoch = rememberOpened(maxRemembered, epochs.open);
  const toWrite = (at: Address, serial: number, endedAt: number): Write => ({
    kind: 'put',
    at,
    value: endings.seal(at, { serial, at: endedAt }),
  });

  async function readEpoch(districtId: string): Promise<SessionEpoch> {
    const at = sessionEpochAt(districtId);
    const [value] = await store.get([at]);
    if (value !== undefined) return { id: epochs.open(at, value).id, unchanged: { at, oneOf: [value] } };
    await store.put(at, epochs.seal(at, { id: randomBytes(8).toString('hex') }), { onlyIfAbsent: true });
    return readEpoch(districtId);
  }

  async function endAccounts(districtId: string, accountIds: readonly string[], version: number, at: number) {
    const addresses = accountIds.map((accountId) => accountEndedAt(districtId, accountId));
    const values = await store.get(addresses);
    // A delayed process must not overwrite a newer ending with an older one: sessions between the two would become
    // active again.
    const due = addresses.flatMap((endingAt, index) => {
      const before = endings.openFound(endingAt, values[index]);
      const accountId = accountIds[index] ?? '';
      return before !== undefined && before.serial >= version ? [] : [{ accountId, endingAt, value: values[index] }];
    });
    if (due.length === 0) return;
    const before = Math.floor(at / 1000) + 1;
    await revocations.append(due.map(({ accountId: id }) => ({ kind: 'account', id, before })));
    const isDone = await store.commit(
      due.map(({ endingAt, value }) => ({ at: endingAt, oneOf: [value] })),
      due.map(({ endingAt }) => toWrite(endingAt, version, at)),
    );
    if (!isDone) await endAccounts(districtId, accountIds, version, at);
  }

  return {
    readEpoch,
    endAccounts,
    endDistrict: (districtId, version, at) => toWrite(districtEndedAt(districtId), version, at),
    ofAccount(districtId, accountId) {
      const epochAt = sessionEpochAt(districtId);
      const endingsAt = [accountEndedAt(districtId, accountId), districtEndedAt(districtId)];
      return {
        addresses: [epochAt, ...endingsAt],
        isEnded({ rosterVersion, sessionEpoch }, [epochValue, ...values]) {
          const epoch = epochValue && openEpoch(epochAt, epochValue);
          if (sessionEpoch !== undefined && epoch?.id !== sessionEpoch) return true;
          return endingsAt.some((endingAt, index) => {
            const ending = endings.openFound(endingAt, values[index]);
            return ending !== undefined && rosterVersion < ending.serial;
          });
        },
      };
    },
    async sweep(districtId, until) {
      let swept = 0;
      for await (const rows of store.scan(partitionOf(districtId), 'ended')) {
        for (const { id, value } of rows.filter((row) => row.id !== sessionEpochId)) {
          const endingAt = inEnded(districtId, id);
          if (endings.open(endingAt, value).at > until) continue;
          // Another ending may have been written since the read.
          if (await store.commit([{ at: endingAt, oneOf: [value] }], [{ kind: 'remove', at: endingAt }])) swept += 1;
        }
      }
      return swept;
    },
  };
}
