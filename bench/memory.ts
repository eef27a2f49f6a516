// The peak memory of a piece of work, sampled every 100 ms. LMDB maps its file into the process: its pages count as
// resident, but the kernel can reclaim them at any time, so the process's own memory is counted separately.
import { readFileSync } from 'node:fs';

export interface MostMemory {
  readonly heap: number;
  readonly own: number;
  readonly resident: number;
}

/** @returns a function that stops watching and answers, in MB: heap with buffers, own (anonymous) memory, resident in all */
export function watchMemory(): () => MostMemory {
  globalThis.gc?.();
  const most = { heap: 0, own: 0, resident: 0 };
  const sample = () => {
    const { heapUsed, external, rss } = process.memoryUsage();
    most.heap = Math.max(most.heap, heapUsed + external);
    most.own = Math.max(most.own, anonymous());
    most.resident = Math.max(most.resident, rss);
  };
  const timer = setInterval(sample, 100);
  return () => {
    clearInterval(timer);
    sample();
    const megabytes = (bytes: number) => Math.round(bytes / 2 ** 20);
    return { heap: megabytes(most.heap), own: megabytes(most.own), resident: megabytes(most.resident) };
  };
}

/** Linux only; 0 elsewhere. */
function anonymous(): number {
  try {
    return Number(/RssAnon:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
