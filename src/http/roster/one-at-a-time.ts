// One upload per district at a time on a server: each may take a gigabyte of disk and minutes of work.
import { setTimeout as sleep } from 'node:timers/promises';

/** The previous upload was answered and is removing its files: its client may send the next before that ends. */
const patienceMs = 2_000;

/** Runs `work` unless the same key is still busy after two seconds; then `refuse`. */
export function createOneAtATime() {
  const busy = new Map<string, Promise<unknown>>();
  return async <Result>(key: string, work: () => Promise<Result>, refuse: () => Result): Promise<Result> => {
    const end = performance.now() + patienceMs;
    // Several may wait for the same one: the first to continue makes the others wait again.
    for (let before = busy.get(key); before !== undefined; before = busy.get(key)) {
      if (performance.now() >= end) return refuse();
      await settledWithin(before, end - performance.now());
    }
    const running = work();
    busy.set(key, running);
    try {
      return await running;
    } finally {
      busy.delete(key);
    }
  };
}

async function settledWithin(work: Promise<unknown>, ms: number): Promise<void> {
  const given = new AbortController();
  const done = work.then(
    () => undefined,
    () => undefined,
  );
  await Promise.race([done, sleep(ms, undefined, { signal: given.signal }).catch(() => undefined)]);
  given.abort();
}
