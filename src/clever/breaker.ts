// A circuit breaker for calls to Clever. Knows outcomes and time, not HTTP. Not a library: cockatiel 3 (the last for
// Node 20) keeps failures older than its window and lets callers queue behind a hanging probe; opossum opens on a
// percentage, not on a count. Contract section 7 requires a count and a try each second.

const failuresToOpen = 20;
const windowMs = 10_000;
const probeEveryMs = 1_000;
/** At a thousand sign-ins a second, twenty failures are negligible: they also have to be half of the latest calls. */
const outcomesKept = 2 * failuresToOpen;

interface Breaker {
  /**
   * Whether a call may be sent now. While open, true once a second: that call is the probe, even if the last one still
   * hangs.
   */
  admit(): boolean;
  /** The result of an admitted call. One success closes the breaker. */
  report(outcome: 'answered' | 'failed'): void;
}

/**
 * Opens when 20 of the latest 40 calls failed, all of them within 10 s.
 * @param clock milliseconds
 */
export function createBreaker(clock: () => number, onChange: (state: 'open' | 'closed') => void): Breaker {
  let failures: (number | undefined)[] = [];
  let nextProbeAt: number | undefined;

  const open = () => {
    failures = [];
    nextProbeAt = clock() + probeEveryMs;
    onChange('open');
  };
  const close = () => {
    nextProbeAt = undefined;
    onChange('closed');
  };

  return {
    admit() {
      if (nextProbeAt === undefined) return true;
      if (clock() < nextProbeAt) return false;
      nextProbeAt = clock() + probeEveryMs;
      return true;
    },
    report(outcome) {
      if (nextProbeAt !== undefined) {
        if (outcome === 'answered') close();
        return;
      }
      failures.push(outcome === 'failed' ? clock() : undefined);
      if (failures.length > outcomesKept) failures.shift();
      const since = clock() - windowMs;
      const recent = failures.filter((at) => at !== undefined && at > since).length;
      if (recent >= failuresToOpen) open();
    },
  };
}
