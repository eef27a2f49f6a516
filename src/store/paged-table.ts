// The layout of a paged table, the same on both engines: rows `p…` hold many entries each, rows `b…` say for many index
// keys which entries have them, row `shape` how many of both there are. A key or id finds its row by its first 32 bits, so
// a look-up reads as much of ten rows as of ten million. Who fills such a table decides the shape; pages are opaque here.

/** Keys and ids are 16 bytes, evenly spread: keyed hashes, as 32 hex signs. */
const KEY_BYTES = 16;
const ENTRY_BYTES = 2 * KEY_BYTES;

export interface Shape {
  /** From 1 to 2^21. */
  readonly pages: number;
  readonly buckets: number;
}

export const shapeRow = 'shape';

/** The row among `count` rows of its kind, in the order of the ids. */
const place = (hex: string, count: number): number =>
  Math.floor((Number.parseInt(hex.slice(0, 8), 16) * count) / 2 ** 32);
const rowName = (kind: 'p' | 'b', at: number): string => `${kind}${String(at).padStart(7, '0')}`;

export const pageRow = (at: number): string => rowName('p', at);
export const bucketRow = (at: number): string => rowName('b', at);
export const pageOf = (id: string, { pages }: Shape): number => place(id, pages);
export const bucketOf = (key: string, { buckets }: Shape): number => place(key, buckets);

export function packShape({ pages, buckets }: Shape): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32BE(pages);
  bytes.writeUInt32BE(buckets, 4);
  return bytes;
}

export const unpackShape = (bytes: Buffer): Shape => ({ pages: bytes.readUInt32BE(), buckets: bytes.readUInt32BE(4) });

/** One entry of a bucket: the key, then the id that has it. */
export const packEntry = (key: string, id: string): Buffer => Buffer.from(key + id, 'hex');

/** The ids that have the key. */
export function idsIn(bucket: Buffer, key: string): string[] {
  const wanted = Buffer.from(key, 'hex');
  const found: string[] = [];
  for (let at = bucket.indexOf(wanted); at >= 0; at = bucket.indexOf(wanted, at + 1)) {
    if (at % ENTRY_BYTES === 0) found.push(bucket.toString('hex', at + KEY_BYTES, at + ENTRY_BYTES));
  }
  return found;
}

const KEY = /^[0-9a-f]{32}$/;

/** Throws TypeError for what is no key or id of a paged table. */
export function checkKeys(keys: readonly string[]): void {
  if (!keys.every((key) => KEY.test(key))) throw new TypeError('a key of a paged table is not 32 hex signs');
}
