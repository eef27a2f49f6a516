// One kind of sealed value: JSON that is sealed for its address, and checked when it is opened.
import * as z from 'zod';
import type { Address, Store, Write } from './store.ts';
import { SealBroken, type Vault } from './vault.ts';

/** Sealed by this store's root key, and not what this version of the bridge knows. Holds nothing of the value. */
class StoredShapeUnknown extends Error {
  readonly code = 'STORED_SHAPE_UNKNOWN';
  constructor() {
    super('a stored value has a shape that this version of the bridge does not know');
    this.name = 'StoredShapeUnknown';
  }
}

export interface SealedJson<Value> {
  seal(at: Address, value: Value): Buffer;
  /** @throws SealBroken, StoredShapeUnknown */
  open(at: Address, sealed: Buffer): Value;
  /** Undefined for what is not there. @throws SealBroken, StoredShapeUnknown */
  openFound(at: Address, sealed: Buffer | undefined): Value | undefined;
  /** For bytes that a caller sent: undefined for what this store's vault did not seal in this shape. */
  tryOpen(at: Address, sealed: Buffer): Value | undefined;
}

export interface Sealed<Value> extends SealedJson<Value> {
  /** @throws SealBroken, StoredShapeUnknown */
  read(at: Address): Promise<Value | undefined>;
  /** In the order of the addresses, all of one partition; one round trip. @throws SealBroken, StoredShapeUnknown */
  list(addresses: readonly Address[]): Promise<(Value | undefined)[]>;
  /** The write that puts it, for a commit. */
  write(at: Address, value: Value, ttlSeconds?: number): Write;
}

/** A word of a closed set that a newer version, serving at the same time, may have more words of. */
export const storedWord = <Word extends string>() => z.custom<Word>((value) => typeof value === 'string');

/** Part of a value that another file checks, or that is too large to be checked at each read: an object, no more. */
export const storedObject = <Value extends object>() =>
  z.custom<Value>((value) => typeof value === 'object' && value !== null);

/** @param shape is checked and changes nothing: what a newer version added to a value is still there when it is written back */
export function sealedJson<Value>(vault: Vault, shape: z.ZodType<Value>): SealedJson<Value> {
  const open = (at: Address, sealed: Buffer): Value => {
    const value = parseJson(vault.open(at, sealed).toString());
    if (!isOf(shape, value)) throw new StoredShapeUnknown();
    return value;
  };
  return {
    open,
    seal: (at, value) => vault.seal(at, JSON.stringify(value)),
    openFound: (at, sealed) => (sealed === undefined ? undefined : open(at, sealed)),
    tryOpen(at, sealed) {
      try {
        return open(at, sealed);
      } catch (failure) {
        if (failure instanceof SealBroken || failure instanceof StoredShapeUnknown) return undefined;
        throw failure;
      }
    },
  };
}

/** As `sealedJson`, for values of a store. */
export function sealed<Value>(store: Pick<Store, 'get'>, vault: Vault, shape: z.ZodType<Value>): Sealed<Value> {
  const json = sealedJson(vault, shape);
  const list = async (addresses: readonly Address[]) => {
    const values = addresses.length === 0 ? [] : await store.get(addresses);
    return addresses.map((at, index) => json.openFound(at, values[index]));
  };
  return {
    ...json,
    list,
    read: async (at) => (await list([at]))[0],
    write: (at, value, ttlSeconds) => ({
      kind: 'put',
      at,
      value: json.seal(at, value),
      ...(ttlSeconds === undefined ? {} : { ttlSeconds }),
    }),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new StoredShapeUnknown();
  }
}

const isOf = <Value>(shape: z.ZodType<Value>, value: unknown): value is Value => shape.safeParse(value).success;
