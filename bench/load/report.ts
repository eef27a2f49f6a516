// The figures of loads for people: sections of docs/reports/load.md.
import { table } from '../report-section.ts';
import { type Capacity, concurrency } from './capacity.ts';
import { type Figures, spell } from './figures.ts';
import type { Engine } from './load-fixture.ts';
import type { Promises } from './promises.ts';
import { judgeSteady, type Sample, type Steady } from './steady.ts';

export interface Step {
  readonly times: number;
  readonly figures: Figures;
  readonly broken: readonly string[];
}

export interface Ramp {
  readonly engine: Engine;
  readonly seconds: number;
  readonly capacity: Capacity;
  readonly full: number;
  readonly steps: readonly Step[];
  readonly promises: Promises;
}

const ms = (value: number) => (Number.isNaN(value) ? '–' : value < 10 ? value.toFixed(1) : value.toFixed(0));
const pair = ({ p50Ms, p99Ms }: { readonly p50Ms: number; readonly p99Ms: number }) => `${ms(p50Ms)} / ${ms(p99Ms)}`;

export function describeRamp({ engine, seconds, capacity, full, steps, promises }: Ramp, machine: string): string {
  const rows = steps.map(({ times, figures, broken }) => [
    `${times} ×`,
    ...[figures.arrived, figures.taken, figures.signedIn].map((value) => value.toFixed(0)),
    pair(figures.inside),
    spell(figures.refused),
    pair(figures.refusing),
    spell(figures.endings),
    pair(figures.product),
    `${figures.cpuPercent.toFixed(0)} %`,
    figures.cpuMsEach.toFixed(1),
    `${ms(figures.loopMeanMs)} / ${ms(figures.loopP99Ms)}`,
    figures.memoryMib.toFixed(0),
    broken.length === 0 ? 'kept' : broken.join('; '),
  ]);
  const head = [
    'arrivals',
    'arrived/s',
    'taken/s',
    'signed in/s',
    'signed in: p50 / p99, ms',
    'refused',
    'refused: p50 / p99, ms',
    'how those taken ended',
    'product: p50 / p99, ms',
    'CPU',
    'CPU ms each',
    'event loop: mean / p99, ms',
    'memory, MiB',
    'promises',
  ];
  return `## A school morning, ${engine}

\`npm run load -- --store ${engine}\`
on ${machine}, ${new Date().toISOString().slice(0, 10)}; ${seconds} seconds a step.

With ${concurrency} people at once the core did ${capacity.perSecond.toFixed(0)} sign-ins a second, ${capacity.cpuMsEach.toFixed(1)} ms of CPU each; it had ${capacity.cpuPercent.toFixed(0)} % of its core${
    capacity.cpuPercent < 80 ? ', the rest went to others on the machine or to waiting for the disk or the driver' : ''
  }. 1 × is ${full.toFixed(0)} arrivals a second.

${table(head, rows)}

From one browser ${promises.browser} and from one address ${promises.address} signed in within a minute, all of them; of thirty
students behind one address ${promises.school}.`;
}

export function describeSteady(steady: Steady, machine: string): string {
  const { perSecond, samples, residentSlope } = steady;
  const row = ({ minute, heapMib, residentMib, storeMib, signedIn, p99Ms }: Sample) => [
    `${minute}`,
    heapMib.toFixed(1),
    residentMib.toFixed(0),
    storeMib?.toFixed(0) ?? '–',
    `${signedIn}`,
    ms(p99Ms),
  ];
  const head = ['minute', 'heap after a full collection, MiB', 'resident, MiB', 'Redis, MiB', 'signed in', 'p99, ms'];
  return `## Memory

\`npm run load -- --minutes ${samples.length}\`
on ${machine}, ${new Date().toISOString().slice(0, 10)}: ${perSecond.toFixed(0)} arrivals a second.
${judgeSteady(steady).verdict} Resident memory grows by ${residentSlope.toFixed(2)} MiB a minute. The first minutes, while caches
fill, are left out. The store grows with the sessions that live in it.

${table(head, samples.map(row))}`;
}
