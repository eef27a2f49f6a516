// Reads a CPU profile of V8: stacks and the time in each, within the measured windows.

export interface Frame {
  /** Of the function, or what V8 says that it did instead, such as `(garbage collector)`. */
  readonly name: string;
  /** As V8 reports it: a file's URL, `node:…` or nothing. */
  readonly url: string;
  readonly line: number;
}

export interface Stack {
  /** Outermost first. */
  readonly frames: readonly Frame[];
  readonly micros: number;
}

/** Microseconds of the machine's monotonic clock, which is also the one of `process.hrtime`. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  readonly children?: readonly number[];
}

export interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  readonly startTime: number;
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** Without the time in which nothing was to be done. */
export function readStacks({ nodes, startTime, samples, timeDeltas }: CpuProfile, windows: readonly Window[]): Stack[] {
  const micros = new Map<number, number>();
  let now = startTime;
  for (const [at, id] of samples.entries()) {
    now += timeDeltas[at] ?? 0;
    // A sample stands for the time until the next.
    if (windows.some(({ from, to }) => now >= from && now < to))
      micros.set(id, (micros.get(id) ?? 0) + Math.max(0, timeDeltas[at + 1] ?? 0));
  }
  const framesOf = createFramesOf(nodes);
  return [...micros]
    .map(([id, spent]) => ({ frames: framesOf(id), micros: spent }))
    .filter(({ frames }) => frames.at(-1)?.name !== '(idle)');
}

function createFramesOf(nodes: readonly ProfileNode[]) {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)));
  return (id: number): readonly Frame[] => {
    const frames: Frame[] = [];
    for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) {
      const { functionName, url, lineNumber } = byId.get(at)?.callFrame ?? { functionName: '', url: '', lineNumber: 0 };
      if (functionName !== '(root)') frames.unshift({ name: functionName || '(anonymous)', url, line: lineNumber + 1 });
    }
    return frames;
  };
}
