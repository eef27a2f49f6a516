// The figures of fault runs for people: a line each while they run, and docs/reports/faults.md.
import { measuredOn } from '../report-section.ts';
import { faults } from './faults.ts';
import type { Figures, Verdict } from './judge.ts';
import type { Fault } from './lab.ts';
import type { StoreKind } from './stores.ts';

export interface Line extends Verdict {
  readonly fault: Fault;
  readonly store: StoreKind;
}

const seconds = (ms: number | undefined) => (ms === undefined ? 'never' : `${(ms / 1000).toFixed(1)} s`);

export function summarize({ fault, store, figures, facts, broken }: Line): string {
  const { failingMs, livezMs, wellAfterMs, readyAfterMs } = figures;
  return [
    `${broken.length === 0 ? 'kept  ' : 'BROKEN'} ${fault.name} on ${store}: ${describeOutcomes(figures)}`,
    `failing in ${failingMs.map(seconds).join(', at most ')}; for ${seconds(figures.failedForMs)}; well ${seconds(wellAfterMs)} after, ready ${seconds(readyAfterMs)}`,
    `slowest success ${seconds(figures.slowestGoodMs)}; at once ${figures.most}; livez at most ${livezMs} ms (machine ${figures.machineMs} ms); unready ${figures.saidNotReady}; about sessions ${describeCounts(figures.answers)}; lost ${describeLoss(figures)}`,
    ...facts,
    ...broken.map((what) => `  ${what}`),
  ].join('\n       ');
}

const describeOutcomes = ({ outcomes }: Figures): string => describeCounts(outcomes);

const describeCounts = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .sort(([, one], [, other]) => other - one)
    .map(([outcome, count]) => `${outcome} ${count}`)
    .join(', ');

const describeLoss = ({ lost, acknowledged }: Figures): string =>
  (['sessions', 'links', 'attempts', 'endings'] as const)
    .map((what) => `${what} ${lost[what]} of ${acknowledged[what]}`)
    .join(', ');

const head = [
  'fault',
  'store',
  'how sign-ins ended',
  'failing answers: median and slowest',
  'failing for',
  'last failure begun after the end of the fault',
  'questions about live sessions, by status',
  '/livez, 99 in 100 (and the longest that the measuring process stood still)',
  '/readyz said no',
  'lost of what was acknowledged',
  'promises',
  'command',
];

/** @param before the report as it stands: what was not run again stays as it was */
export function writeReport(lines: readonly Line[], before: string): string {
  const rows = new Map(lines.map((line) => [keyOf(line.fault.name, line.store), rowOf(line)]));
  const kept = new Map(
    before.split('\n').flatMap((row) => {
      const [, store, name] = /^\|[^|]*\| (\w+) \|.*prove:faults -- ([\w-]+)` \|$/.exec(row) ?? [];
      return store === undefined || name === undefined ? [] : [[keyOf(name, store), row] as const];
    }),
  );
  const all = faults.flatMap(({ name, stores }) =>
    stores.flatMap((store) => rows.get(keyOf(name, store)) ?? kept.get(keyOf(name, store)) ?? []),
  );
  const cells = (row: readonly string[]) => `| ${row.join(' | ')} |`;
  return `# Fault runs

Written by \`npm run prove:faults\`, last on ${new Date().toISOString().slice(0, 10)}
on ${measuredOn()}; everything shared the cores:
two bridges, the store, a stub of Clever as a process of its own, and ten sign-ins a second that do not wait for each other,
one in twenty of a student who is not in the roster (\`not_rostered\`). Each fault begins four seconds after the first
sign-in. Meanwhile live sessions are checked and some are ended; afterwards every acknowledged write is searched for.
What is promised: [promises.md](../promises.md).

${[cells(head), cells(head.map(() => '---')), ...all].join('\n')}
`;
}

const keyOf = (name: string, store: string) => `${name} on ${store}`;

function rowOf({ fault, store, figures, facts, broken }: Line): string {
  const [median, slowest] = figures.failingMs;
  const row = [
    fault.title,
    store,
    describeOutcomes(figures),
    slowest === 0 ? 'none failed' : `${seconds(median)}, at most ${seconds(slowest)}`,
    seconds(figures.failedForMs),
    seconds(figures.wellAfterMs),
    describeCounts(figures.answers),
    `${figures.livezMs} ms (${figures.machineMs} ms)`,
    figures.saidNotReady ? 'yes' : 'no',
    describeLoss(figures),
    [...(broken.length === 0 ? ['kept'] : broken), ...facts].join('; '),
    `\`npm run prove:faults -- ${fault.name}\``,
  ];
  return `| ${row.join(' | ')} |`;
}
