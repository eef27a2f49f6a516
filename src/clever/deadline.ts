// Time limits: one for a piece of work, one for waiting on shared work. Callers choose the duration.
import { CleverFailure } from './refusal.ts';

/**
 * Runs `work` with a signal that aborts after `ms` milliseconds. The work has to observe the signal.
 * @throws CleverFailure `timeout`, as the signal's reason
 */
export async function withDeadline<T>(ms: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new CleverFailure('timeout')), ms);
  try {
    return await work(controller.signal);
  } finally {
    clearTimeout(timer);
  }
}

/** Waits for shared work until `signal` aborts; the work itself continues for other waiters. */
export function within<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
    if (signal.aborted) stop();
  });
}
