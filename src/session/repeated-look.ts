// What a server looks at again and again beside requests: one look at a time, and the end waits for it. Owns the timer and
// where failures go; what a look does is the caller's.

export interface RepeatedLook {
  /** Looks now and every so often from now on. */
  start(): void;
  /** One look; what goes wrong is told and not thrown. */
  look(): Promise<void>;
  /** Has the look that is under way break off where it can, and waits for it. */
  close(): Promise<void>;
}

export interface RepeatedLookNeeds {
  readonly everyMs: number;
  /** @param signal aborted when nobody waits for the rest any more */
  readonly look: (signal: AbortSignal) => Promise<void>;
  readonly onFailure: (failure: unknown) => void;
}

export function createRepeatedLook({ everyMs, look, onFailure }: RepeatedLookNeeds): RepeatedLook {
  const stop = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> | undefined;

  const lookSafely = () => look(stop.signal).catch(onFailure);

  /** A look that takes longer than the time between two is not overtaken. */
  function run(): void {
    looking ??= lookSafely().finally(() => {
      looking = undefined;
    });
  }

  return {
    look: lookSafely,
    start() {
      run();
      timer = setInterval(run, everyMs).unref();
    },
    async close() {
      stop.abort();
      clearInterval(timer);
      await looking;
    },
  };
}
