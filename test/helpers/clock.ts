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

/** Does the work while the clock of this machine is where the work sets it; the monotonic clock goes on. */
export async function withWallClock(work: (advance: (seconds: number) => void) => Promise<void>): Promise<void> {
  const wallClock = Date.now;
  const moved = createClock(wallClock());
  Date.now = moved;
  try {
    await work(moved.advance);
  } finally {
    Date.now = wallClock;
  }
}
