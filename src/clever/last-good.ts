// Caches the last good answer of something Clever publishes, refreshes it when due, and serves it for a limited time
// while Clever does not answer. One load at a time, shared by all callers. Independent of the content.
import { withDeadline, within } from './deadline.ts';
import { CleverFailure } from './refusal.ts';

const minuteMs = 60_000;
/** After failed refreshes, served up to this age. */
const keepMs = 24 * 60 * minuteMs;
/** How long to wait for a refresh before the last good value is used. */
const patienceMs = 1_000;

interface LastGoodOptions<T> {
  /** Must have its own timeout. */
  readonly load: () => Promise<T>;
  readonly freshMs: number;
  readonly clock: () => number;
  /** A refresh failed; the value of this age stays in use. */
  readonly onKept: (failure: CleverFailure, ageMs: number) => void;
}

export interface LastGood<T> {
  /** The value, if no load is needed. */
  fresh(): T | undefined;
  /** @throws CleverFailure if there is no value recent enough and none can be loaded before `signal` aborts */
  get(signal: AbortSignal): Promise<T>;
  /** Loads, whatever the age of the value; joins a load in progress. @throws CleverFailure */
  reload(signal: AbortSignal): Promise<T>;
  /** Number of successful loads. */
  loads(): number;
}

export function createLastGood<T>(options: LastGoodOptions<T>): LastGood<T> {
  const { load, freshMs, clock, onKept } = options;
  let good: { readonly value: T; readonly at: number } | undefined;
  let failed: { readonly failure: CleverFailure; readonly at: number } | undefined;
  let flight: Promise<T> | undefined;
  let flightAt = 0;
  let loads = 0;

  const usable = () => (good !== undefined && clock() - good.at < keepMs ? good : undefined);

  const fly = async (): Promise<T> => {
    try {
      const value = await load();
      good = { value, at: clock() };
      failed = undefined;
      loads += 1;
      return value;
    } catch (error) {
      if (!(error instanceof CleverFailure)) throw error;
      failed = { failure: error, at: clock() };
      const kept = usable();
      if (kept) onKept(error, clock() - kept.at);
      throw error;
    }
  };
  const reload = (signal: AbortSignal): Promise<T> => {
    if (flight === undefined) {
      flightAt = clock();
      flight = fly().finally(() => {
        flight = undefined;
      });
    }
    return within(flight, signal);
  };
  const mayTry = (pauseMs: number) => failed === undefined || clock() - failed.at >= pauseMs;

  return {
    fresh: () => (good !== undefined && clock() - good.at < Math.min(freshMs, keepMs) ? good.value : undefined),
    async get(signal) {
      const kept = usable();
      if (kept === undefined) {
        // With nothing to serve, a second between tries keeps a flood of sign-ins from becoming a flood of loads.
        if (failed && !mayTry(1_000)) throw failed.failure;
        return reload(signal);
      }
      if (clock() - kept.at < freshMs || !mayTry(minuteMs)) return kept.value;
      // The wait is counted from the start of the load: while it hangs, later callers do not each wait the full time.
      const patienceLeft = flight === undefined ? patienceMs : flightAt + patienceMs - clock();
      return patienceLeft > 0 ? refresh(reload, patienceLeft, kept.value) : kept.value;
    },
    reload,
    loads: () => loads,
  };
}

async function refresh<T>(reload: (signal: AbortSignal) => Promise<T>, patienceMs: number, kept: T): Promise<T> {
  try {
    return await withDeadline(patienceMs, reload);
  } catch (error) {
    if (error instanceof CleverFailure) return kept;
    throw error;
  }
}
