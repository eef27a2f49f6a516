// What a piece of work of this process took: on the clock and on its processors.

export interface Work {
  readonly seconds: number;
  /** Of all threads of this process, in user and system. */
  readonly cpuSeconds: number;
}

export async function measureWork(work: () => Promise<void>): Promise<Work> {
  const startedAt = performance.now();
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return { seconds: (performance.now() - startedAt) / 1000, cpuSeconds: (user + system) / 1_000_000 };
}
