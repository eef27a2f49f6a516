// Limits the concurrency of work, first in, first out.

interface Turns {
  /** Starts now or when a slot is free; settles as the work does. */
  take<Result>(work: () => Promise<Result>): Promise<Result>;
}

export function createTurns(places: number): Turns {
  const waiting: (() => void)[] = [];
  let taken = 0;
  return {
    async take(work) {
      if (taken === places) await new Promise<void>((resolve) => waiting.push(resolve));
      else taken += 1;
      try {
        return await work();
      } finally {
        const next = waiting.shift();
        // The slot passes to the next in line without becoming free.
        if (next === undefined) taken -= 1;
        else next();
      }
    },
  };
}
