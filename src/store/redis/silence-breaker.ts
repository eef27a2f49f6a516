// A circuit breaker for an unresponsive store. Knows answers and timeouts, not the commands.

/** Consecutive, with no answer in between: a single slow command is no outage. */
const silencesToOpen = 10;
const probeEveryMs = 250;

export interface SilenceBreaker {
  /** Whether a command may be sent; false while the store is known to be unresponsive. */
  admits(): boolean;
  /** The result of a command. An error from the store counts as an answer. */
  report(outcome: 'answered' | 'silent'): void;
  close(): void;
}

/**
 * Opens after ten consecutive timeouts. While it is open no request waits for a timeout: only the probe does, one at a
 * time, and its first answer closes the breaker.
 * @param probe sends the store a small command; must have its own timeout
 */
export function createSilenceBreaker(probe: () => Promise<unknown>): SilenceBreaker {
  let silences = 0;
  let next: NodeJS.Timeout | undefined;

  function heal(): void {
    silences = 0;
    clearTimeout(next);
    next = undefined;
  }

  const isOpen = () => next !== undefined;

  function tryLater(): void {
    const own = setTimeout(async () => {
      try {
        await probe();
        heal();
      } catch {
        if (next === own) tryLater();
      }
    }, probeEveryMs);
    own.unref();
    next = own;
  }

  return {
    admits: () => !isOpen(),
    report(outcome) {
      if (outcome === 'answered') return heal();
      silences += 1;
      if (silences >= silencesToOpen && !isOpen()) tryLater();
    },
    close: heal,
  };
}
