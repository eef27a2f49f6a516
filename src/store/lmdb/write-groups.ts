// Groups the writes of one turn of the event loop into one transaction: one flush to disk for many.
import { setImmediate as nextTurn } from 'node:timers/promises';

/** A group ends after this time, so that reads and requests between groups are not delayed. */
const groupMs = 20;

interface Job {
  /** Writes, and returns what resolves its promise once the group is on disk. */
  readonly run: () => () => void;
  readonly reject: (error: unknown) => void;
}

export interface WriteGroups {
  /**
   * Runs the job in a transaction, together with all others of this turn. A job that throws rolls back the whole group,
   * so it must have validated its input before.
   */
  write<T>(job: () => T): Promise<T>;
  /** Resolves when no job waits. */
  drain(): Promise<void>;
}

/** @param transact runs the jobs in one transaction, on disk when it returns; if it throws, none of them was written */
export function createWriteGroups(transact: (runJobs: () => void) => void): WriteGroups {
  let queue: Job[] = [];

  function runGroup(): void {
    const jobs = queue;
    queue = [];
    const done: (() => void)[] = [];
    try {
      transact(() => {
        const end = performance.now() + groupMs;
        for (const job of jobs) {
          if (done.length > 0 && performance.now() > end) break;
          done.push(job.run());
        }
      });
    } catch (error) {
      for (const job of jobs) job.reject(error);
      return;
    }
    queue = [...jobs.slice(done.length), ...queue];
    if (done.length < jobs.length) setImmediate(runGroup);
    for (const resolve of done) resolve();
  }

  return {
    write<T>(job: () => T) {
      return new Promise<T>((resolve, reject) => {
        const run = () => {
          const result = job();
          return () => resolve(result);
        };
        queue.push({ run, reject });
        if (queue.length === 1) setImmediate(runGroup);
      });
    },
    async drain() {
      while (queue.length > 0) await nextTurn();
    },
  };
}
