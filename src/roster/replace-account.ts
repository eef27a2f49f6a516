// Replaces the row of one user in a published table, at a sign-in or by an event: one page and a few buckets of the
// index in one commit, conditional on what was read.

import { idOf, openPage, readShape, sealPage, type TableContext } from '../paged-table/pages.ts';
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
import { cleverIdKey, emailKeys, type FeedAccount, fromLine, nameKeys, toLine } from './account.ts';
import type { Alongside } from './switch-generation.ts';

interface Change {
  readonly at: Address;
  readonly before: Buffer | undefined;
  readonly value: Buffer;
}

/**
 * Writes that must accompany the change, in the district's partition; undefined if the change must not be made. Called
 * at each try.
 */
type AlongsideChange = (former: FeedAccount | undefined) => Promise<Alongside | undefined>;

/** False, with nothing written, if the account is held by another Clever id or the change must not be made. */
export async function replaceAccount(
  context: TableContext,
  table: string,
  account: FeedAccount,
  alongside: AlongsideChange,
): Promise<boolean> {
  const known = await readShape(context, table);
  const shape = known ?? { pages: 1, buckets: 1 };
  const found = await readChanges(context, table, shape, account);
  const also = found && (await alongside(found.former));
  if (found === undefined || also === undefined) return false;
  const { changes } = found;
  const shapeAt = { partition: context.partition, table, id: shapeRow };
  const conditions: Condition[] = [...changes.map(({ at, before }) => ({ at, oneOf: [before] })), ...also.conditions];
  const writes: Write[] = [...changes.map(({ at, value }): Write => ({ kind: 'put', at, value })), ...also.writes];
  if (known === undefined) {
    conditions.push({ at: shapeAt, oneOf: [undefined] });
    writes.push({ kind: 'put', at: shapeAt, value: packShape(shape) });
  }
  return (await context.store.commit(conditions, writes)) || replaceAccount(context, table, account, alongside);
}

async function readChanges(
  { store, vault, partition }: TableContext,
  table: string,
  shape: Shape,
  account: FeedAccount,
): Promise<{ readonly former: FeedAccount | undefined; readonly changes: readonly Change[] } | undefined> {
  const line = toLine(account);
  const keys = keysOf(vault, account);
  const buckets = [...new Set(keys.map((key) => bucketOf(key, shape)))];
  const pageAt = { partition, table, id: pageRow(pageOf(idOf(line), shape)) };
  const bucketsAt = buckets.map((at) => ({ partition, table, id: bucketRow(at) }));
  const [page, ...values] = await store.get([pageAt, ...bucketsAt]);
  const lines = page === undefined ? [] : openPage(vault, pageAt, page);
  const formerLine = lines.find((each) => idOf(each) === idOf(line));
  const former = formerLine === undefined ? undefined : fromLine(formerLine);
  const holder = former?.cleverId;
  // Attack: taking over an account that another Clever id holds. A sign-in never replaces its holder.
  if (holder !== undefined && holder !== account.cleverId) return undefined;
  const next = [...lines.filter((each) => each !== formerLine), line].sort();
  const changes = [
    { at: pageAt, before: page, value: sealPage(vault, pageAt, next) },
    ...bucketsAt.map((at, index) => {
      const before = values[index];
      const added = keys.filter((key) => bucketOf(key, shape) === buckets[index]);
      return { at, before, value: withEntries(before ?? Buffer.alloc(0), added, idOf(line)) };
    }),
  ];
  return { former, changes };
}

function keysOf(vault: TableContext['vault'], { email, givenName, familyName, cleverId }: FeedAccount): string[] {
  return [
    ...(email === undefined ? [] : emailKeys(vault, email)),
    ...nameKeys(vault, givenName, familyName),
    ...(cleverId === undefined ? [] : [cleverIdKey(vault, cleverId)]),
  ];
}

const withEntries = (bucket: Buffer, keys: readonly string[], id: string): Buffer =>
  Buffer.concat([bucket, ...keys.filter((key) => !idsIn(bucket, key).includes(id)).map((key) => packEntry(key, id))]);
