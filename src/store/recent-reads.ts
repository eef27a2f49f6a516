// A short-lived cache of reads, for callers that accept a slightly old answer.

interface RecentReads<Value> {
  /**
   * The value, at most so many milliseconds old; 0 reads the store. A failed read rejects only for the callers that
   * wait for it.
   */
  read(name: string, maxAgeMs: number): Promise<Value>;
  forget(name: string): void;
  forgetAll(): void;
}

/**
 * @param clock milliseconds
 * @param most maximum number of cached names
 */
export function createRecentReads<Value>(
  readNow: (name: string) => Promise<Value>,
  clock: () => number,
  most: number,
): RecentReads<Value> {
  const recent = new Map<string, { readonly at: number; readonly value: Promise<Value> }>();
  return {
    read(name, maxAgeMs) {
      const known = recent.get(name);
      // If the clock was set back, every entry counts as old.
      const age = known === undefined ? -1 : clock() - known.at;
      if (known !== undefined && age >= 0 && age < maxAgeMs) return known.value;
      const value = readNow(name);
      if (recent.size >= most) recent.clear();
      recent.set(name, { at: clock(), value });
      value.catch(() => recent.delete(name));
      return value;
    },
    forget: (name) => void recent.delete(name),
    forgetAll: () => recent.clear(),
  };
}
