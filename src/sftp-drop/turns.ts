// Work that is done some pieces at a time, in the order in which it came: a place that is free is taken at once.

export interface Turns {
  /** Begins now or when a place is free; ends as the work ends. */
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
        // The place goes on to the next without being free in between.
        if (next === undefined) taken -= 1;
        else next();
      }
    },
  };
}
