// The number of the store's format: kept in it, so that a version which would misread or spoil it does not start. Formats are
// raised rarely; docs/upgrade.md says what may change without.
import type { Address, Store } from './store.ts';

/** What this version writes. */
export const storeFormat = 1;
/** The oldest that it reads. */
const oldestFormat = 1;

const formatAt: Address = { partition: 'vault', id: 'format' };

interface Format {
  /** What the newest version that was here writes. */
  readonly format: number;
  /** The least that a version must know to work beside it. */
  readonly least: number;
}

export class WrongStoreFormat extends Error {
  readonly code = 'WRONG_STORE_FORMAT';
  constructor({ format, least }: Format) {
    const cause =
      least > storeFormat
        ? `a newer version has made it one that needs format ${least}. Use that version`
        : `it is of format ${format}. Go by way of a version that reads it`;
    super(
      `STORE_URL: this version of the bridge reads formats ${oldestFormat} to ${storeFormat} of the store; ${cause} (docs/upgrade.md)`,
    );
    this.name = 'WrongStoreFormat';
  }
}

/** Whether the store says its format; one of before there were numbers is of format 1. @throws WrongStoreFormat */
export async function checkStoreFormat(store: Pick<Store, 'get'>): Promise<boolean> {
  const [value] = await store.get([formatAt]);
  if (value === undefined) return false;
  const found: Format = JSON.parse(value.toString());
  if (found.least > storeFormat || found.format < oldestFormat) throw new WrongStoreFormat(found);
  return true;
}

/** Says in a store that says nothing yet which format it is of. */
export async function sayStoreFormat(store: Pick<Store, 'put'>): Promise<void> {
  const format: Format = { format: storeFormat, least: oldestFormat };
  await store.put(formatAt, Buffer.from(JSON.stringify(format)), { onlyIfAbsent: true });
}
