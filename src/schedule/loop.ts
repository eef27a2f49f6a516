// A repeated background task of a server: one run at a time, and closing waits for it. Owns the timer and error
// reporting; the caller supplies the task.

export interface Loop {
  /** Runs now and then at each interval. */
  start(): void;
  /** Runs once, or joins the current run; failures are reported and not thrown. */
  task(): Promise<void>;
  /** Aborts the current run and waits for it. */
  close(): Promise<void>;
}

interface LoopNeeds {
  readonly everyMs: number;
  /** @param signal aborted when the loop closes */
  readonly task: (signal: AbortSignal) => Promise<void>;
  readonly onFailure: (failure: unknown) => void;
}

export function createLoop({ everyMs, task, onFailure }: LoopNeeds): Loop {
  const stop = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;

  /** A run that takes longer than the interval is not overtaken. */
  function run(): Promise<void> {
    running ??= task(stop.signal)
      .catch(onFailure)
      .finally(() => {
        running = undefined;
      });
    return running;
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
      await running;
    },
  };
}
