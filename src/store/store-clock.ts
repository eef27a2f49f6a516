// One clock for all processes that work on a store: the store's own. Servers compare their times with each other's (an ending
// with the sessions before it, a key with the day it signs from); a server whose clock is five minutes off must not make
// an ended session live. Owns how often the store is asked; Clever's times are compared with this machine's clock.
import type { Store } from './store.ts';

export interface StoreClock {
  /** Whole milliseconds since the epoch. */
  now(): number;
  /** This machine's clock less the store's, in milliseconds; 0 where the store is on this machine. */
  offsetMs(): number;
}

const askEveryMs = 30_000;
/** An answer that took longer says too little about the moment it was given in. */
const longestAskMs = 1_000;

/**
 * Asks once, then every half a minute while it is in use. In between, a monotonic clock counts the time.
 * @throws StoreUnavailable
 */
export async function openStoreClock({ time }: Pick<Store, 'time'>, local = Date.now): Promise<StoreClock> {
  return time === undefined ? { now: local, offsetMs: () => 0 } : follow(time, local);
}

async function follow(time: () => Promise<number>, local: () => number): Promise<StoreClock> {
  let asked = await ask(time);
  let askedAt = performance.now();

  async function askAgain(): Promise<void> {
    askedAt = performance.now();
    const next = await ask(time);
    if (next.tookMs < longestAskMs || next.tookMs < asked.tookMs) asked = next;
  }

  const now = () => {
    // A silent store changes nothing: the time that was read goes on.
    if (performance.now() - askedAt > askEveryMs) void askAgain().catch(() => undefined);
    return Math.floor(asked.zeroAt + performance.now());
  };
  return { now, offsetMs: () => local() - now() };
}

/** What the store's clock said when performance.now() was 0, taking its answer for half-way old. */
async function ask(time: () => Promise<number>): Promise<{ readonly zeroAt: number; readonly tookMs: number }> {
  const began = performance.now();
  const storeNow = await time();
  const tookMs = performance.now() - began;
  return { zeroAt: storeNow - began - tookMs / 2, tookMs };
}
