// A kind of sealed value: JSON, sealed for its address and validated when opened.
import * as z from 'zod';
import type { Address, Store, Write } from './store.ts';
import { SealBroken, type Vault } from './vault.ts';

/** Sealed by this store's root key, but in a shape that this version does not know. Contains nothing of the value. */
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
  /** Undefined if the value is absent. @throws SealBroken, StoredShapeUnknown */
  openFound(at: Address, sealed: Buffer | undefined): Value | undefined;
  /** For bytes from a caller: undefined unless this store's vault sealed them in this shape. */
  tryOpen(at: Address, sealed: Buffer): Value | undefined;
}

export interface Sealed<Value> extends SealedJson<Value> {
  /** @throws SealBroken, StoredShapeUnknown */
  read(at: Address): Promise<Value | undefined>;
  /** In the order of the addresses, all of one partition; one round trip. @throws SealBroken, StoredShapeUnknown */
  list(addresses: readonly Address[]): Promise<(Value | undefined)[]>;
  /** The write of the value, for a commit. */
  write(at: Address, value: Value, ttlSeconds?: number): Write;
}

/** A value of a closed set; a newer version that runs at the same time may know more values. */
export const storedWord = <Word extends string>() => z.custom<Word>((value) => typeof value === 'string');

/**
 * A part of a value that another file validates, or that is too large to be validated at each read: only checked to be
 * an object.
 */
export const storedObject = <Value extends object>() =>
  z.custom<Value>((value) => typeof value === 'object' && value !== null);

/** @param shape validates and changes nothing: members that a newer version added survive a write */
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
