// Decides whether a store that fell silent is worth asking just now. Knows answers and silence, not what was asked.

/** In a row, with no answer between them: a single slow question is no outage. */
const silencesToOpen = 10;
const probeEveryMs = 250;

export interface SilenceBreaker {
  /** Whether a question may go out; false while the store is known to be silent. */
  admits(): boolean;
  /** How a question ended. A store that refuses has answered. */
  report(outcome: 'answered' | 'silent'): void;
  close(): void;
}

/**
 * Opens after ten silences in a row. While it is open no request waits for a time-out: that is left to the probe, one at a time,
 * and its first answer closes the breaker.
 * @param probe asks the store something small; bounded in time by itself
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
