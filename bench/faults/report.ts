// The figures of fault runs for people: a line each while they run, and docs/reports/faults.md.
import { cpus } from 'node:os';
import type { Figures, Verdict } from './judge.ts';
import type { Fault } from './lab.ts';
import type { StoreKind } from './stores.ts';

export interface Line extends Verdict {
  readonly fault: Fault;
  readonly store: StoreKind;
}

const seconds = (ms: number | undefined) => (ms === undefined ? 'never' : `${(ms / 1000).toFixed(1)} s`);

export function summarize({ fault, store, figures, broken }: Line): string {
  const { failingMs, livezMs, wellAfterMs, readyAfterMs } = figures;
  return [
    `${broken.length === 0 ? 'kept  ' : 'BROKEN'} ${fault.name} on ${store}: ${describeOutcomes(figures)}`,
    `failing in ${failingMs.map(seconds).join(', at most ')}; well ${seconds(wellAfterMs)} after, ready ${seconds(readyAfterMs)}`,
    `slowest success ${seconds(figures.slowestGoodMs)}; at once ${figures.most}; livez at most ${livezMs} ms; unready ${figures.saidNotReady}; unknown sessions ${figures.unanswered}; lost ${describeLoss(figures)}`,
    ...broken.map((what) => `  ${what}`),
  ].join('\n       ');
}

const describeOutcomes = ({ outcomes }: Figures): string =>
  Object.entries(outcomes)
    .sort(([, one], [, other]) => other - one)
    .map(([outcome, count]) => `${outcome} ${count}`)
    .join(', ');

const describeLoss = ({ lost, acknowledged }: Figures): string =>
  (['sessions', 'links', 'attempts', 'endings'] as const)
    .map((what) => `${what} ${lost[what]} of ${acknowledged[what]}`)
    .join(', ');

export function writeReport(lines: readonly Line[]): string {
  const rows = lines.map(({ fault, store, figures, broken }) => [
    fault.title,
    store,
    describeOutcomes(figures),
    figures.failingMs[1] === 0
      ? 'nobody failed'
      : `${seconds(figures.failingMs[0])}, at most ${seconds(figures.failingMs[1])}`,
    seconds(figures.wellAfterMs),
    `${figures.livezMs} ms`,
    figures.saidNotReady ? 'yes' : 'no',
    describeLoss(figures),
    broken.length === 0 ? 'kept' : broken.join('; '),
    `\`npm run prove:faults -- ${fault.name}\``,
  ]);
  const head = [
    'fault',
    'store',
    'how sign-ins ended',
    'failing answers: median and slowest',
    'last failure begun after the end of the fault',
    '/livez at most',
    '/readyz said no',
    'lost of what was acknowledged',
    'promises',
    'command',
  ];
  const table = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return `# Fault runs

Written by \`npm run prove:faults\` on ${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${cpus().length} cores that everything shared: two bridges, the
store, a stub of Clever as a process of its own, and forty sign-ins a second that do not wait for each other, one in
twenty of somebody who is not in the roster (\`not_rostered\`). Each fault comes three seconds after the first sign-in.
Meanwhile live sessions are asked about and some are ended. What is promised: [promises.md](../promises.md).

${table.join('\n')}
`;
}
