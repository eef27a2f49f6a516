// Loaded into a server before all else (node --import): counts how often each function of one file is called, exactly, by
// V8's own count, and what is allocated on V8's heap. COUNT_CALLS: how the file's address ends. SIGUSR2 prints the counts
// since the last time as a line of JSON on standard error: {"calls":{"seal":12},"allocatedBytes":3400}.
import { type Profiler, Session } from 'node:inspector';
import { GCProfiler } from 'node:v8';

const file = process.env['COUNT_CALLS'] ?? '';
const session = new Session();
session.connect();
session.post('Profiler.enable');
session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });

let collections = startCollections();
let usedBytes = process.memoryUsage().heapUsed;

process.on('SIGUSR2', () => {
  session.post('Profiler.takePreciseCoverage', (_failure, { result }) => {
    process.stderr.write(`${JSON.stringify({ calls: countCalls(result), allocatedBytes: takeAllocated() })}\n`);
  });
});

function startCollections(): GCProfiler {
  const profiler = new GCProfiler();
  profiler.start();
  return profiler;
}

/** What the heap grew by between collections. */
function takeAllocated(): number {
  let allocated = 0;
  for (const { beforeGC, afterGC } of collections.stop().statistics) {
    allocated += Math.max(0, beforeGC.heapStatistics.usedHeapSize - usedBytes);
    usedBytes = afterGC.heapStatistics.usedHeapSize;
  }
  const now = process.memoryUsage().heapUsed;
  allocated += Math.max(0, now - usedBytes);
  usedBytes = now;
  collections = startCollections();
  return allocated;
}

function countCalls(scripts: readonly Profiler.ScriptCoverage[]): Readonly<Record<string, number>> {
  const functions = scripts.filter(({ url }) => url.endsWith(file)).flatMap((script) => script.functions);
  const calls: Record<string, number> = {};
  for (const { functionName, ranges } of functions)
    calls[functionName] = (calls[functionName] ?? 0) + (ranges[0]?.count ?? 0);
  return calls;
}
