// Servers share their counts once a second through a log in the store, so that limits hold across servers and no
// request waits for the store. While the store does not answer, each server counts on its own.
import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { sealedJson } from '../store/sealed.ts';
import { ignoreSilence, type Log, type Store } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';
import type { Limiter } from './limiter.ts';

export interface CountSharing {
  /** Resolves when the log position is known or the store does not answer; counts that arrive later are merged. */
  start(): Promise<void>;
  close(): Promise<void>;
}

const log: Log = { partition: 'limits', name: 'counts', ttlSeconds: 120 };
const sealedAt = { partition: 'limits', id: 'counts' };
const everyMs = 1_000;
const pageSize = 200;

const countsShape = z.object({ by: z.string(), counts: z.record(z.string(), z.number()) });

export function createCountSharing(store: Store, vault: Vault, limiter: Limiter): CountSharing {
  const by = randomUUID();
  const sealedCounts = sealedJson(vault, countsShape);
  let hasPosition = false;
  let cursor: string | undefined;
  let timer: NodeJS.Timeout | undefined;
  let running = Promise.resolve();

  async function publish(): Promise<void> {
    const counts = await limiter.takeCounts();
    if (Object.keys(counts).length === 0) return;
    await store.commit([], [{ kind: 'append', log, value: sealedCounts.seal(sealedAt, { by, counts }) }]);
  }

  /** Skips older entries: their minute ends soon. */
  async function findPosition(): Promise<void> {
    if (hasPosition) return;
    const [newest] = await store.page(log, { before: undefined }, 1);
    cursor = newest?.cursor;
    hasPosition = true;
  }

  async function mergeOthers(): Promise<void> {
    const entries = await store.page(log, { after: cursor }, pageSize);
    for (const entry of entries) {
      cursor = entry.cursor;
      const shared = sealedCounts.tryOpen(sealedAt, entry.value);
      if (shared !== undefined && shared.by !== by) await limiter.mergeCounts(shared.counts);
    }
  }

  // Reads before it writes, so that its own entries come after the cursor.
  const share = () => findPosition().then(mergeOthers).then(publish).catch(ignoreSilence);

  return {
    start() {
      running = findPosition().catch(ignoreSilence);
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
