// Rows of a long feed whose keyed hashes are computed on a second thread while further rows are read. They are processed in
// the order of the feed; the number of rows that wait is limited.
import type { AccountRow } from '../formats/feed.ts';
import type { HashThread, ToHash } from '../store/hash-thread.ts';
import { bytesOfHash } from '../store/keyed-hash.ts';
import { type LookUps, lookUpsOf, toAccountId } from './account.ts';
import { ownRecord } from './account-aliases.ts';

export interface HashedRow {
  readonly row: AccountRow;
  readonly accountId: string;
  readonly keys: AccountKeys;
}

/** The keys by which an account is found: `count` keyed hashes of 16 bytes. Those of its address come first. */
export interface AccountKeys {
  /** With those of other accounts. */
  readonly bytes: Buffer;
  /** Where the first one begins. */
  readonly start: number;
  readonly count: number;
  readonly ofAddress: number;
}

export interface HashQueue {
  add(rows: readonly AccountRow[]): Promise<void>;
  /** Resolves when all rows are processed. @throws HashThreadEnded */
  drain(): Promise<void>;
}

export interface HashBeside {
  /** The second thread, started by the first call. */
  readonly hashThread: () => HashThread;
}

/** Batches that wait for their hashes. More of them would be promoted to the old generation of the heap. */
const maxWaiting = 2;
/** The purposes of the keys that the second thread needs. */
export const hashedBeside = ['account', 'email', 'name', 'simple-name', 'clever-id', 'further-id'];

/** For rows whose account ids are derived from their SIS ids alone. @param take processes rows */
export function createHashQueue(
  hashThread: HashBeside['hashThread'],
  districtId: string,
  take: (rows: readonly HashedRow[]) => Promise<void>,
): HashQueue {
  const waiting: Promise<readonly HashedRow[]>[] = [];

  async function hash(rows: readonly AccountRow[]): Promise<readonly HashedRow[]> {
    const lookUps = rows.map((row) => lookUpsOf(row, row.furtherIds ?? []));
    const hashes = await hashThread().hash(rows.flatMap((row, at) => toHash(districtId, row, lookUps[at])));
    let next = 0;
    return rows.map((row, at) => {
      const { all = [], ofAddress = 0 } = lookUps[at] ?? {};
      const start = next + bytesOfHash;
      const accountId = toAccountId(hashes.toString('hex', next, start));
      next = start + all.length * bytesOfHash;
      return { row, accountId, keys: { bytes: hashes, start, count: all.length, ofAddress } };
    });
  }

  async function takeDownTo(most: number): Promise<void> {
    while (waiting.length > most) await take((await waiting.shift()) ?? []);
  }

  return {
    async add(rows) {
      const hashed = hash(rows);
      // An error is thrown where the batch is processed.
      hashed.catch(() => undefined);
      waiting.push(hashed);
      await takeDownTo(maxWaiting);
    },
    drain: () => takeDownTo(0),
  };
}

const toHash = (districtId: string, row: AccountRow, lookUps: LookUps | undefined): readonly ToHash[] => [
  { purpose: 'account', parts: ownRecord(districtId, row) },
  ...(lookUps?.all ?? []),
];
