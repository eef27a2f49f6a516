// One clock for all processes of a store: the store's own. Servers compare times of different machines (an ending with
// earlier sessions, a key with the day from which it signs); a server whose clock is five minutes off must not revive
// an ended session. Owns how often the store's clock is read; Clever's times are compared with this machine's clock.
import type { Store } from './store.ts';

interface StoreClock {
  /** Whole milliseconds since the epoch. */
  now(): number;
  /** This machine's clock minus the store's, in milliseconds; 0 if the store is on this machine. */
  offsetMs(): number;
}

const askEveryMs = 30_000;
/** The answer of a longer request is too imprecise. */
const maxAskMs = 1_000;

/**
 * Reads the clock once, then every 30 seconds while in use. In between, a monotonic clock advances the time.
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
    if (next.tookMs < maxAskMs || next.tookMs < asked.tookMs) asked = next;
  }

  const now = () => {
    // If the store does not answer, the time continues from the last read.
    if (performance.now() - askedAt > askEveryMs) void askAgain().catch(() => undefined);
    return Math.floor(asked.zeroAt + performance.now());
  };
  return { now, offsetMs: () => local() - now() };
}

/** The store's clock when performance.now() was 0, assuming that the answer is half a round trip old. */
async function ask(time: () => Promise<number>): Promise<{ readonly zeroAt: number; readonly tookMs: number }> {
  const began = performance.now();
  const storeNow = await time();
  const tookMs = performance.now() - began;
  return { zeroAt: storeNow - began - tookMs / 2, tookMs };
}
