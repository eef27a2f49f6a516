// Puts back what was read ahead of an answer: its first part decides the status, so it is read before anything is sent.

/** All of a generator whose first step was taken already. */
export async function* behind<Batch>(
  first: IteratorResult<Batch, unknown>,
  rest: AsyncGenerator<Batch>,
): AsyncGenerator<Batch> {
  if (first.done === true) return;
  yield first.value;
  yield* rest;
}
