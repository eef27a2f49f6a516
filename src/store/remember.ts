// What follows from a text alone, made once: keys and names that a request asks for many times.

/** Answers what `make` made of the same text before. Begins afresh where that would be more than `most` texts. */
export function remember<Value>(most: number, make: (text: string) => Value): (text: string) => Value {
  const made = new Map<string, Value>();
  return (text) => {
    const known = made.get(text);
    if (known !== undefined) return known;
    const fresh = make(text);
    // Taking out the oldest alone would cost more than making it: a Map walks over what was taken out of it before.
    if (made.size >= most) made.clear();
    made.set(text, fresh);
    return fresh;
  };
}
