// Prepends an item that was read ahead: the first part decides the status, so it is read before anything is sent.

/** All items of a generator whose first one was taken already. */
export async function* behind<Batch>(
  first: IteratorResult<Batch, unknown>,
  rest: AsyncGenerator<Batch>,
): AsyncGenerator<Batch> {
  if (first.done === true) return;
  yield first.value;
  yield* rest;
}
