// What was read of the store a moment ago, for questions whose answer may be that old.

export interface RecentReads<Value> {
  /** As it was at most so long ago, in milliseconds; 0 reads the store. A failed read rejects only for those who wait for it. */
  read(name: string, maxAgeMs: number): Promise<Value>;
  forget(name: string): void;
  forgetAll(): void;
}

/**
 * @param clock milliseconds
 * @param most so many names are remembered
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
      // A clock that was set back makes everything old.
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
