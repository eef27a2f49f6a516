// The section on the attempt log, in words and figures, for docs/performance.md.
import { table } from '../report-section.ts';
import { showSpread, spreadOf } from '../sign-in/measure.ts';
import { days, people } from './made-up.ts';

export interface Searched {
  readonly kind: string;
  readonly found: number;
  readonly reads: number;
  readonly ms: number;
}

/** The longest pause of the process, and the longest put and get of another request. */
export interface Noticed {
  readonly pauseMs: number;
  readonly latencyMs: number;
}

export interface Measured {
  readonly engine: string;
  /** Attempts kept in a second, and plain puts of as many bytes, stretch by stretch in turn. */
  readonly kept: readonly number[];
  readonly floor: readonly number[];
  readonly bytesEach: number;
  readonly searches: readonly Searched[];
  readonly oldest: Noticed & { readonly count: number };
  readonly idle: Noticed;
}

export interface AttemptsReport {
  readonly command: string;
  readonly machine: string;
  readonly count: number;
  /** Of one attempt as JSON, on average. */
  readonly jsonBytes: number;
}

export function describeAttempts(measured: readonly Measured[], report: AttemptsReport): string {
  const { command, machine, count, jsonBytes } = report;
  return `## Attempts

\`${command}\`
on ${machine}:
${count.toLocaleString('en')} attempts of ${people.toLocaleString('en')} people over ${days} days, of ${jsonBytes} bytes each as JSON. Milliseconds of a search are
medians of nine; their floor is one read of 50 values of as many bytes, not opened.

${describeSearches(measured)}

The bound, whatever the number of attempts kept: a reference is 2 reads; a person 1, and 1 for each day among the attempts
of the page; a district the same, and 1 for every 2,000 attempts newer than the time asked for; everything and a code 2 for
each day looked into, and 1 that says which days those are; where a time is asked for, 1 for every 2,000 newer of that day.
A page of 50 is at most 50 days, so a person's ends at 51 and none at more than 101.

Keeping, in ${measured[0]?.kept.length ?? 0} stretches, each in turn with its floor, plain puts of as many bytes with nothing sealed and nothing to
be found by; medians, in brackets what half of the stretches lie between. What others notice while a day
goes is held against five seconds with nothing to remove.

${describeKeeping(measured)}`;
}

function describeSearches(measured: readonly Measured[]): string {
  const searches = measured[0]?.searches ?? [];
  const of = (kind: string, { searches: all }: Measured) => all.find((each) => each.kind === kind);
  return table(
    ['first page of a search', 'found', ...measured.flatMap(({ engine }) => [`${engine}: store reads`, 'ms'])],
    searches.map(({ kind, found }) => [
      kind,
      `${found}`,
      ...measured.flatMap((each) => [`${of(kind, each)?.reads ?? ''}`, `${of(kind, each)?.ms ?? ''}`]),
    ]),
  );
}

function describeKeeping(measured: readonly Measured[]): string {
  const row = (what: string, say: (one: Measured) => string) => [what, ...measured.map(say)];
  return table(
    ['', ...measured.map(({ engine }) => engine)],
    [
      row('kept per second', ({ kept }) => showSpread(spreadOf(kept), 0)),
      row('plain puts per second', ({ floor }) => showSpread(spreadOf(floor), 0)),
      row('kept : plain puts', ({ kept, floor }) => showSpread(spreadOf(ratios(kept, floor)))),
      row('bytes in the store for each', ({ bytesEach }) => `${bytesEach}`),
      row('the oldest day, all due at once: attempts', ({ oldest }) => oldest.count.toLocaleString('en')),
      row(
        'longest pause of the process meanwhile, ms',
        ({ oldest, idle }) => `${oldest.pauseMs} (nothing to remove: ${idle.pauseMs})`,
      ),
      row(
        'longest put and get of another request, ms',
        ({ oldest, idle }) => `${oldest.latencyMs} (nothing to remove: ${idle.latencyMs})`,
      ),
    ],
  );
}

const ratios = (kept: readonly number[], floor: readonly number[]): number[] =>
  kept.map((rate, at) => rate / (floor[at] ?? Number.NaN));
