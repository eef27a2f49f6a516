// What a server looks at again and again beside requests: one look at a time, and the end waits for it. Owns the timer and
// where failures go; what a look does is the caller's.

export interface Loop {
  /** Looks now and every so often from now on. */
  start(): void;
  /** One look, or the one that is under way; what goes wrong is reported and not thrown. */
  task(): Promise<void>;
  /** Has the look that is under way break off where it can, and waits for it. */
  close(): Promise<void>;
}

export interface LoopNeeds {
  readonly everyMs: number;
  /** @param signal aborted when the rest is not needed any more */
  readonly task: (signal: AbortSignal) => Promise<void>;
  readonly onFailure: (failure: unknown) => void;
}

export function createLoop({ everyMs, task, onFailure }: LoopNeeds): Loop {
  const stop = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> | undefined;

  /** A look that takes longer than the time between two is not overtaken. */
  function run(): Promise<void> {
    looking ??= task(stop.signal)
      .catch(onFailure)
      .finally(() => {
        looking = undefined;
      });
    return looking;
  }

  return {
    task: run,
    start() {
      void run();
      timer = setInterval(() => void run(), everyMs).unref();
    },
    async close() {
      stop.abort();
      clearInterval(timer);
      await looking;
    },
  };
}
