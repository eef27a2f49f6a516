// One upload of a district at a time on a server: each may take a gigabyte of disk and minutes of work.

/** Runs `work` unless the same key is busy; then `refuse`. */
export function createOneAtATime() {
  const busy = new Set<string>();
  return async <Result>(key: string, work: () => Promise<Result>, refuse: () => Result): Promise<Result> => {
    if (busy.has(key)) return refuse();
    busy.add(key);
    try {
      return await work();
    } finally {
      busy.delete(key);
    }
  };
}
