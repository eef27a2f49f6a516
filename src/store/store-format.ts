// The store's format number: stored in it, so that a version which would misread or damage it does not start. It is
// raised rarely; docs/upgrade.md lists the changes that do not raise it.
import type { Address, Store } from './store.ts';

/** The format that this version writes. */
export const storeFormat = 1;
/** The oldest format that it reads. */
const oldestFormat = 1;

const formatAt: Address = { partition: 'vault', id: 'format' };

interface Format {
  /** The format of the newest version that wrote to the store. */
  readonly format: number;
  /** The lowest format that a version must support to run beside it. */
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

/** Whether the store has a format number; without one it is of format 1. @throws WrongStoreFormat */
export async function checkStoreFormat(store: Pick<Store, 'get'>): Promise<boolean> {
  const [value] = await store.get([formatAt]);
  if (value === undefined) return false;
  const found: Format = JSON.parse(value.toString());
  if (found.least > storeFormat || found.format < oldestFormat) throw new WrongStoreFormat(found);
  return true;
}

/** Writes the format number into a store that has none. */
export async function writeStoreFormat(store: Pick<Store, 'put'>): Promise<void> {
  const format: Format = { format: storeFormat, least: oldestFormat };
  await store.put(formatAt, Buffer.from(JSON.stringify(format)), { onlyIfAbsent: true });
}
