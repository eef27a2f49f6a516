// A clock that stands still until a test moves it.

export interface MovableClock {
  (): number;
  advance(seconds: number): void;
}

/** Milliseconds since the epoch; begins now, or at `start`. */
export function createClock(start: number = Date.now()): MovableClock {
  let now = start;
  return Object.assign(() => now, {
    advance(seconds: number) {
      now += seconds * 1000;
    },
  });
}
