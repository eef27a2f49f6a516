// The report of a run, as Markdown.
import { measuredOn } from '../report-section.ts';
import type { FuzzOptions, FuzzResult } from './run.ts';

export function writeReport(options: FuzzOptions, result: FuzzResult): string {
  const { sent, rawSent, seconds, findings, memory } = result;
  const lines = [
    `## ${options.engine === 'redis' ? 'Redis' : 'Embedded store'}, LIMITS=${options.limits}`,
    '',
    `On ${measuredOn()}, ${new Date().toISOString().slice(0, 10)}.`,
    '',
    `| | |`,
    `| --- | --- |`,
    `| command | \`npm run fuzz -- --seed ${options.seed} --requests ${options.requests} --store ${options.engine} --limits ${options.limits}\` |`,
    `| requests | ${sent.toLocaleString('en')}, and ${rawSent.toLocaleString('en')} that no client library sends, in ${Math.round(seconds)} s |`,
    `| findings | ${findings.length} |`,
    `| memory of the bridge | ${memory[0]} MB before, ${Math.max(...memory)} MB at most, ${memory.at(-1)} MB after |`,
    `| slowest answer; slowest /livez meanwhile | ${Math.round(result.slowestMs)} ms; ${Math.round(result.slowestLivezMs)} ms |`,
    `| log lines | ${result.logLines.toLocaleString('en')} |`,
    `| exit code after SIGTERM | ${result.exitCode} |`,
  ];
  if (findings.length > 0) {
    lines.push('', '| finding | where | times | first |', '| --- | --- | --- | --- |');
    for (const { what, route, times, first } of findings)
      lines.push(`| ${what.replaceAll('|', '\\|')} | ${route} | ${times} | ${first} |`);
  }
  lines.push(
    '',
    '| route | requests | answers by status (0: the client left, or the request was none) |',
    '| --- | --- | --- |',
  );
  for (const [route, statuses] of [...result.counts].sort(([one], [other]) => (one < other ? -1 : 1))) {
    const all = [...statuses.values()].reduce((sum, times) => sum + times, 0);
    const each = [...statuses].sort(([one], [other]) => one - other).map(([status, times]) => `${status}: ${times}`);
    lines.push(`| ${route} | ${all} | ${each.join(', ')} |`);
  }
  return `${lines.join('\n')}\n`;
}
