// The section on where a callback's time goes, in words and figures, for docs/performance.md.
import { table } from '../report-section.ts';
import { familyOf, functionOf } from './families.ts';
import { partOf, reasons, sumParts } from './parts.ts';
import type { Stack } from './read-profile.ts';

export interface ProfilesReport {
  readonly command: string;
  readonly machine: string;
  readonly callbacks: number;
  readonly crowd: number;
  /** Microseconds between two looks. */
  readonly interval: number;
}

/** @param profiled the stacks of all callbacks, by the store's engine */
export function describeProfiles(profiled: Readonly<Record<string, readonly Stack[]>>, report: ProfilesReport): string {
  const { command, machine, callbacks, crowd, interval } = report;
  const sections = Object.entries(profiled).map(([engine, stacks]) => describeProfile(engine, stacks, callbacks));
  return `## Profile of the callback

\`${command}\`
on ${machine}:
${callbacks} callbacks, ${crowd} at once; each person authenticated before, so that the profile has only callbacks. Sampled every ${interval} µs by V8,
which has a cost too. A sample belongs to the nearest library or folder of ours on its stack, and to the kind of work of the nearest function
that has a known kind. It is the main thread's time, so waiting there counts, as for LMDB's lock; the work of Web Crypto and LMDB on
other threads is not included. The CPU of all threads is in the section Sign-in.

${sections.join('\n\n')}`;
}

function describeProfile(engine: string, stacks: readonly Stack[], callbacks: number): string {
  const parts = sumParts(stacks);
  const each = (micros: number) => (micros / callbacks).toFixed(0);
  const whole = parts.reduce((sum, { micros }) => sum + micros, 0);
  const widest = parts
    .slice(0, 5)
    .map(({ name, micros, share }, at) =>
      `${at + 1}. **${name}**, ${percent(share)} (${each(micros)} µs): ${reasons[name] ?? 'see the flame graph'}. ${widestOf(stacks, partOf, name)}`.trim(),
    );
  const others = parts.slice(5).filter(({ share }) => share >= 0.005);
  return `### Store: ${engine}

${each(whole)} µs of the bridge's main thread for one callback. [Flame graph](reports/callback-${engine}.svg). The five widest parts by
package, and what in them is widest:

${widest.join('\n')}

The others: ${others.map(({ name, share, micros }) => `${name} ${percent(share)} (${each(micros)} µs)`).join(', ')}.

By kind of work, whichever package does it:

${table(
  ['kind of work', 'share', 'µs', 'the widest of it'],
  sumParts(stacks, familyOf).map(({ name, share, micros }) => [
    name,
    percent(share),
    each(micros),
    widestOf(stacks, familyOf, name),
  ]),
)}`;
}

/** The three functions that are widest within it, of all. */
function widestOf(stacks: readonly Stack[], of: (stack: Stack) => string, name: string): string {
  const functions = sumParts(stacks, (stack) => (of(stack) === name ? functionOf(stack) : undefined));
  return functions
    .slice(0, 3)
    .filter(({ share }) => share >= 0.002)
    .map((one) => `${one.name} ${percent(one.share)}`)
    .join(', ');
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
