// The layout of a paged table, the same on both engines: rows `p…` hold many entries each; rows `b…` map index keys to
// the entries that have them; row `shape` has the number of rows of each kind. The first 32 bits of a key or id
// determine its row, so the cost of a look-up does not depend on the size of the table. The writer of the table decides
// the shape; pages are opaque here.

/** Keys and ids are 16 bytes, evenly distributed: keyed hashes, as 32 hex digits. */
const keyBytes = 16;
const entryBytes = 2 * keyBytes;

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

/** One entry of a bucket: the key, followed by the id that has it. */
export const packEntry = (key: string, id: string): Buffer => Buffer.from(key + id, 'hex');

/** The ids that have the key. */
export function idsIn(bucket: Buffer, key: string): string[] {
  const wanted = Buffer.from(key, 'hex');
  const found: string[] = [];
  for (let at = bucket.indexOf(wanted); at >= 0; at = bucket.indexOf(wanted, at + 1)) {
    if (at % entryBytes === 0) found.push(bucket.toString('hex', at + keyBytes, at + entryBytes));
  }
  return found;
}

const hexKey = /^[0-9a-f]{32}$/;

/** Throws TypeError for an invalid key or id of a paged table. */
export function checkKeys(keys: readonly string[]): void {
  if (!keys.every((key) => hexKey.test(key))) throw new TypeError('a key of a paged table is not 32 hex digits');
}
