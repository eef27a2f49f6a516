// Loaded into a server before all else (node --import): counts how often each function of one file is called, exactly, by
// V8's own count. COUNT_CALLS: how the file's address ends. SIGUSR2 prints the counts since the last time as a line of JSON
// on standard error: {"calls":{"seal":12}}.
import { type Profiler, Session } from 'node:inspector';

const file = process.env['COUNT_CALLS'] ?? '';
const session = new Session();
session.connect();
session.post('Profiler.enable');
session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });

process.on('SIGUSR2', () => {
  session.post('Profiler.takePreciseCoverage', (_failure, { result }) => {
    process.stderr.write(`${JSON.stringify({ calls: countCalls(result) })}\n`);
  });
});

function countCalls(scripts: readonly Profiler.ScriptCoverage[]): Readonly<Record<string, number>> {
  const functions = scripts.filter(({ url }) => url.endsWith(file)).flatMap((script) => script.functions);
  const calls: Record<string, number> = {};
  for (const { functionName, ranges } of functions)
    calls[functionName] = (calls[functionName] ?? 0) + (ranges[0]?.count ?? 0);
  return calls;
}
