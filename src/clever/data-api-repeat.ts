// Retries of Data API calls: p-retry for transient failures, Clever's headers for its rate limit. Knows no token and no
// page.
import { setTimeout as sleep } from 'node:timers/promises';
import pRetry from 'p-retry';
import { DataApiFailure, type DataApiReason } from '../secure-sync/ports.ts';
import type { DataApiAnswer } from './data-api-http.ts';

export interface Patience {
  /** Retries of one call after transient failures. */
  readonly retries: number;
  /** The first pause; it doubles, with jitter, so that many servers do not retry at once. */
  readonly firstPauseMs: number;
  /** The longest wait for Clever's rate limit window. */
  readonly maxWaitMs: number;
  /** Duration of the window: the wait if a response does not give its end. */
  readonly windowMs: number;
}

/**
 * Clever's window is a fixed minute, and only `X-RateLimit-Reset` of refused requests is documented (dev.clever.com,
 * rate limiting).
 */
export const patience: Patience = { retries: 4, firstPauseMs: 500, maxWaitMs: 65_000, windowMs: 60_000 };

/** Maximum of 429 responses to one call: other programs with the same token may use up the new window first. */
const refusalsTaken = 3;

const passing: ReadonlySet<DataApiReason> = new Set([
  'timeout',
  'refused-connection',
  'reset',
  'no-address',
  'connection-failed',
  'not-http',
  'status-5xx',
  'not-json',
  'wrong-shape',
]);

/** @throws DataApiFailure the last one, or `stopped` */
export async function repeatWhilePassing<Value>(
  { retries, firstPauseMs }: Patience,
  signal: AbortSignal,
  work: () => Promise<Value>,
): Promise<Value> {
  try {
    return await pRetry(work, {
      retries,
      signal,
      randomize: true,
      minTimeout: firstPauseMs,
      maxTimeout: 20 * firstPauseMs,
      shouldRetry: ({ error }) => error instanceof DataApiFailure && passing.has(error.reason),
    });
  } catch (error) {
    throw signal.aborted ? new DataApiFailure('stopped') : error;
  }
}

/** Keeps calls with one token within Clever's rate limit: 1,200 a minute (dev.clever.com, rate limiting). */
interface Pace {
  /** Waits while the window is used up, and again after a 429. @throws DataApiFailure `rate-limited`, `stopped` */
  keep(signal: AbortSignal, call: () => Promise<DataApiAnswer>): Promise<DataApiAnswer>;
}

export function createPace({ maxWaitMs, firstPauseMs, windowMs }: Patience): Pace {
  let freeAt = 0;
  const wait = async (signal: AbortSignal) => {
    const ms = freeAt - performance.now();
    if (ms > 0) await sleep(ms, undefined, { signal }).catch(() => Promise.reject(new DataApiFailure('stopped')));
  };
  return {
    async keep(signal, call) {
      for (let refused = 0; refused < refusalsTaken; refused += 1) {
        await wait(signal);
        const answer = await call();
        const { remaining, resetMs } = answer.rateLimit;
        const isRefused = answer.status === 429;
        if (isRefused || remaining === 0) {
          const least = isRefused ? firstPauseMs * (1 + Math.random()) : 0;
          freeAt = performance.now() + Math.min(maxWaitMs, Math.max(least, resetMs ?? windowMs));
        }
        if (!isRefused) return answer;
      }
      throw new DataApiFailure('rate-limited');
    },
  };
}
