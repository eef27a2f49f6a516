// Servers tell each other once a second what they counted, by a log in the store, so that a limit is one for all of them
// and no request waits for the store. While it is silent each server counts by itself.
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { ignoreSilence, type Log, type Store } from '../store/store.ts';
import { SealBroken, type Vault } from '../store/vault.ts';
import type { Limiter } from './limiter.ts';

export interface CountSharing {
  /** Fulfilled when the store has said from where on to listen, or that it is silent: what others tell from then on is heard. */
  start(): Promise<void>;
  close(): Promise<void>;
}

const log: Log = { partition: 'limits', name: 'counts', ttlSeconds: 120 };
const sealedAt = { partition: 'limits', id: 'counts' };
const everyMs = 1_000;
const pageSize = 200;

const shape = z.object({ by: z.string(), counts: z.record(z.string(), z.number()) });

export function createCountSharing(store: Store, vault: Vault, limiter: Limiter): CountSharing {
  const by = randomUUID();
  let isListening = false;
  let cursor: string | undefined;
  let timer: NodeJS.Timeout | undefined;
  let running = Promise.resolve();

  async function tell(): Promise<void> {
    const counts = await limiter.takeNews();
    if (Object.keys(counts).length === 0) return;
    const value = vault.seal(sealedAt, JSON.stringify({ by, counts } satisfies z.infer<typeof shape>));
    await store.commit([], [{ kind: 'append', log, value }]);
  }

  /** What was counted before this server came is of a minute that ends. */
  async function listen(): Promise<void> {
    if (isListening) return;
    const [newest] = await store.page(log, { before: undefined }, 1);
    cursor = newest?.cursor;
    isListening = true;
  }

  async function hear(): Promise<void> {
    const entries = await store.page(log, { after: cursor }, pageSize);
    for (const entry of entries) {
      cursor = entry.cursor;
      const told = read(entry.value);
      if (told !== undefined && told.by !== by) await limiter.learn(told.counts);
    }
  }

  function read(value: Buffer): z.infer<typeof shape> | undefined {
    try {
      return shape.parse(JSON.parse(vault.open(sealedAt, value).toString()));
    } catch (failure) {
      if (failure instanceof SealBroken || failure instanceof z.ZodError) return undefined;
      throw failure;
    }
  }

  // Heard first, so that what is told here begins behind the cursor.
  const share = () => listen().then(hear).then(tell).catch(ignoreSilence);

  return {
    start() {
      running = listen().catch(ignoreSilence);
      timer ??= setInterval(() => {
        running = running.then(share);
      }, everyMs).unref();
      return running;
    },
    async close() {
      clearInterval(timer);
      await running;
    },
  };
}
