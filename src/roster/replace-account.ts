// Puts one person into a published table in the place of whatever it had of them, as an event or a sign-in would: the one
// page and the few buckets of the index, in one commit that another writer cannot cross.
import {
  bucketOf,
  bucketRow,
  idsIn,
  packEntry,
  packShape,
  pageOf,
  pageRow,
  type Shape,
  shapeRow,
} from '../store/paged-table.ts';
import type { Address, Condition, Write } from '../store/store.ts';
import { cleverIdKey, emailKeys, type FeedAccount, fromLine, nameKey, toLine } from './account.ts';
import { idOf, openPage, type PageRoom, readShape, sealPage } from './pages.ts';

interface Change {
  readonly at: Address;
  readonly before: Buffer | undefined;
  readonly value: Buffer;
}

/** False, and nothing is written, if the account is held by another Clever id. */
export async function replaceAccount(room: PageRoom, table: string, account: FeedAccount): Promise<boolean> {
  const known = await readShape(room, table);
  const shape = known ?? { pages: 1, buckets: 1 };
  const changes = await readChanges(room, table, shape, account);
  if (changes === undefined) return false;
  const shapeAt = { partition: room.partition, table, id: shapeRow };
  const conditions: Condition[] = changes.map(({ at, before }) => ({ at, oneOf: [before] }));
  const writes = changes.map(({ at, value }): Write => ({ kind: 'put', at, value }));
  if (known === undefined) {
    conditions.push({ at: shapeAt, oneOf: [undefined] });
    writes.push({ kind: 'put', at: shapeAt, value: packShape(shape) });
  }
  return (await room.store.commit(conditions, writes)) || replaceAccount(room, table, account);
}

async function readChanges(
  { store, vault, partition }: PageRoom,
  table: string,
  shape: Shape,
  account: FeedAccount,
): Promise<Change[] | undefined> {
  const line = toLine(account);
  const keys = keysOf(vault, account);
  const buckets = [...new Set(keys.map((key) => bucketOf(key, shape)))];
  const pageAt = { partition, table, id: pageRow(pageOf(idOf(line), shape)) };
  const bucketsAt = buckets.map((at) => ({ partition, table, id: bucketRow(at) }));
  const [page, ...values] = await store.get([pageAt, ...bucketsAt]);
  const lines = page === undefined ? [] : openPage(vault, pageAt, page);
  const former = lines.find((each) => idOf(each) === idOf(line));
  const holder = former === undefined ? undefined : fromLine(former).cleverId;
  // Somebody else holds the account by their own Clever id: at a door nobody is put in another person's place.
  if (holder !== undefined && holder !== account.cleverId) return undefined;
  const next = [...lines.filter((each) => each !== former), line].sort();
  return [
    { at: pageAt, before: page, value: sealPage(vault, pageAt, next) },
    ...bucketsAt.map((at, index) => {
      const before = values[index];
      const added = keys.filter((key) => bucketOf(key, shape) === buckets[index]);
      return { at, before, value: withEntries(before ?? Buffer.alloc(0), added, idOf(line)) };
    }),
  ];
}

function keysOf(vault: PageRoom['vault'], { email, givenName, familyName, cleverId }: FeedAccount): string[] {
  return [
    ...(email === undefined ? [] : emailKeys(vault, email)),
    nameKey(vault, givenName, familyName),
    ...(cleverId === undefined ? [] : [cleverIdKey(vault, cleverId)]),
  ];
}

const withEntries = (bucket: Buffer, keys: readonly string[], id: string): Buffer =>
  Buffer.concat([bucket, ...keys.filter((key) => !idsIn(bucket, key).includes(id)).map((key) => packEntry(key, id))]);
