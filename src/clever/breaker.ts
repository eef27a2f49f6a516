// Decides whether Clever is worth calling just now. Knows outcomes and time, not HTTP.
// Not a library: cockatiel 3 (the last for Node 20) keeps failures older than its window and lets callers queue behind a
// hanging probe; opossum opens on a percentage, not on a count. Contract section 7 asks for a count and a try each second.

const FAILURES_TO_OPEN = 20;
const WINDOW_MS = 10_000;
const PROBE_EVERY_MS = 1_000;
/** At a thousand sign-ins a second twenty failures are a blip: they also have to be half of the latest calls. */
const OUTCOMES_KEPT = 2 * FAILURES_TO_OPEN;

export interface Breaker {
  /** Whether a call may go out now. While open, true once a second: that call is the probe, even if the last one still hangs. */
  admit(): boolean;
  /** How an admitted call ended. One success closes the breaker. */
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
    nextProbeAt = clock() + PROBE_EVERY_MS;
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
      nextProbeAt = clock() + PROBE_EVERY_MS;
      return true;
    },
    report(outcome) {
      if (nextProbeAt !== undefined) {
        if (outcome === 'answered') close();
        return;
      }
      failures.push(outcome === 'failed' ? clock() : undefined);
      if (failures.length > OUTCOMES_KEPT) failures.shift();
      const since = clock() - WINDOW_MS;
      const recent = failures.filter((at) => at !== undefined && at > since).length;
      if (recent >= FAILURES_TO_OPEN) open();
    },
  };
}
