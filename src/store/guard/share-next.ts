// Work that many ask for at once, done as seldom as is right for all of them.

/**
 * Does the work so that it begins after the call. Who calls while it runs shares the next run with all others who do;
 * it is given what the first of them gives.
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
