// Memoizes pure functions of a text: keys and names that a request needs many times.

/** Returns the earlier result of `make` for the same text. Clears the cache when it reaches `most` texts. */
export function remember<Value>(most: number, make: (text: string) => Value): (text: string) => Value {
  const made = new Map<string, Value>();
  return (text) => {
    const known = made.get(text);
    if (known !== undefined) return known;
    const fresh = make(text);
    // Evicting only the oldest entry would cost more than `make`: a Map iterates over its deleted entries.
    if (made.size >= most) made.clear();
    made.set(text, fresh);
    return fresh;
  };
}

/** A copy with memory of its own: a kept part of Node's pool, or of an answer, keeps all of it. */
export function ownBytes(bytes: Buffer): Buffer {
  const own = Buffer.alloc(bytes.length);
  own.set(bytes);
  return own;
}
