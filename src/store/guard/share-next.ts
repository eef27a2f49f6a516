// Coalesces concurrent requests for the same work into as few runs as possible.

/**
 * Runs the work so that it starts after the call. Callers during a run share the next run, with the arguments of the
 * first of them.
 */
export function shareNext<Arguments extends readonly unknown[], Value>(
  work: (...given: Arguments) => Promise<Value>,
): (...given: Arguments) => Promise<Value> {
  let running: Promise<Value> | undefined;
  let next: Promise<Value> | undefined;

  function share(...given: Arguments): Promise<Value> {
    if (running === undefined) {
      running = work(...given).finally(() => {
        running = undefined;
      });
      return running;
    }
    next ??= running
      .catch(() => undefined)
      .then(() => {
        next = undefined;
        return share(...given);
      });
    return next;
  }
  return share;
}
