// Single values and log entries of the embedded engine: their expiry, and the sweep that removes expired ones.

import { StoreUnavailable } from '../store.ts';
import type { EmbeddedEngine } from './embedded-engine.ts';
import { expiryKey, keyOfExpiry } from './embedded-keys.ts';

const keysPerSweep = 200;
const expiryBytes = 8;
const noBytes = Buffer.alloc(0);

export type Values = ReturnType<typeof createValues>;

/** Single values and log entries: 8 bytes of expiry (ms, 0 for never), then the value. Each has at most one expiry key. */
export function createValues(engine: EmbeddedEngine, clock: () => number) {
  const expiryOf = (stored: Buffer) => Number(stored.readBigUInt64BE());
  const isLive = (stored: Buffer) => expiryOf(stored) === 0 || expiryOf(stored) > clock();

  function open(stored: Buffer | undefined): Buffer | undefined {
    return stored !== undefined && isLive(stored) ? stored.subarray(expiryBytes) : undefined;
  }
  function remove(key: Buffer): void {
    const stored = engine.get(key);
    if (stored === undefined) return;
    if (expiryOf(stored) !== 0) engine.remove(expiryKey(expiryOf(stored), key));
    engine.remove(key);
  }
  /** The same with its time, absent if it does not expire. */
  function openExpiring(stored: Buffer): { readonly value: Buffer; readonly expiresAt?: number } | undefined {
    const value = open(stored);
    const expiresAt = expiryOf(stored);
    return value && { value, ...(expiresAt === 0 ? {} : { expiresAt }) };
  }
  function put(key: Buffer, value: Buffer, ttlMilliseconds: number | undefined): void {
    putUntil(key, value, ttlMilliseconds === undefined ? 0 : Math.ceil(clock() + ttlMilliseconds));
  }
  /** @param expiresAt milliseconds since the epoch; 0 for never */
  function putUntil(key: Buffer, value: Buffer, expiresAt: number): void {
    const before = engine.get(key);
    const earlierExpiry = before === undefined ? 0 : expiryOf(before);
    if (earlierExpiry !== 0 && earlierExpiry !== expiresAt) engine.remove(expiryKey(earlierExpiry, key));
    const stored = Buffer.allocUnsafe(expiryBytes + value.length);
    stored.writeBigUInt64BE(BigInt(expiresAt));
    stored.set(value, expiryBytes);
    engine.put(key, stored);
    if (expiresAt !== 0 && earlierExpiry !== expiresAt) engine.put(expiryKey(expiresAt, key), noBytes);
  }
  const dueKeys = () =>
    engine.keys(Buffer.from('x'), expiryKey(Math.floor(clock()) + 1, Buffer.alloc(0)), keysPerSweep);

  /** Removes some expired values; returns their number. */
  function sweep(): number {
    const due = dueKeys();
    for (const expiry of due) {
      engine.remove(expiry);
      engine.remove(keyOfExpiry(expiry));
    }
    return due.length;
  }
  return { get: (key: Buffer) => open(engine.get(key)), open, openExpiring, put, putUntil, remove, sweep, dueKeys };
}

/** Removes expired values in small steps. Returns a function that stops it. */
export function startSweeping(engine: EmbeddedEngine, values: Values, everyMilliseconds: number): () => Promise<void> {
  let isStopped = false;
  let running = Promise.resolve();
  async function sweepAll(): Promise<void> {
    try {
      engine.forgetDeadReaders();
      // Reads first: an idle store then takes no write lock from other processes.
      while (!isStopped && engine.read(values.dueKeys).length > 0) await engine.write(values.sweep);
    } catch (error) {
      // Expired values are invisible to readers anyway; the next sweep tries again.
      if (!(error instanceof StoreUnavailable)) throw error;
    }
  }
  const timer = setInterval(() => {
    running = running.then(sweepAll);
  }, everyMilliseconds);
  timer.unref();
  return async () => {
    isStopped = true;
    clearInterval(timer);
    await running;
  };
}
