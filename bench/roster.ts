// Publishing: accounts a second, memory and bytes an account at growing sizes, with the floors beside them, what a look-up
// costs at each size, and syncs from a stand-in's Data API. Each runs in a process of its own, so that its memory is its own.
// Writes its section of docs/performance.md.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeDistrict } from '../sandbox/district-maker.ts';
import { readBenchOptions } from './bench-options.ts';
import { endOnSignals } from './pinned-process.ts';
import { measuredOn, table, writeSection } from './report-section.ts';
import type { RosterRun } from './roster-run.ts';
import { runApart } from './run-apart.ts';
import { startRedis } from './start-redis.ts';
import type { SyncRun } from './sync-run.ts';

type EngineName = 'embedded' | 'redis';

interface Measured extends RosterRun {
  readonly engine: EngineName;
  readonly students: number;
  readonly bytes: number;
}

/** Accounts a second on the clock, at the largest size. */
const reach: Readonly<Record<EngineName, number>> = { embedded: 40_000, redis: 30_000 };
/** The stand-in makes every page when it is asked: a larger district would measure the stand-in. */
const maxSynced = 100_000;

const options = readBenchOptions({
  script: 'bench:roster',
  about: 'Publishing at growing sizes: accounts a second, memory, bytes an account, look-ups, syncs.',
  sizes: { about: 'students', usual: [10_000, 100_000, 1_000_000], most: 5_000_000 },
  counts: { classes: { about: 'classes a student', usual: 0, least: 0, most: 10 } },
  stores: ['embedded', 'redis'],
});
const { sizes } = options;
const engines = (['embedded', 'redis'] as const).filter((engine) => options.stores.includes(engine));
const classesPerStudent = options.count('classes');

endOnSignals();
const measured: Measured[] = [];
for (const students of sizes) {
  const folder = mkdtempSync(join(tmpdir(), 'sso-bench-roster-'));
  try {
    const files = join(folder, 'files');
    const shape = { students, teachers: Math.ceil(students / 25), staff: Math.ceil(students / 100), classesPerStudent };
    await writeDistrict(files, { ...shape, seed: 1, lineEnds: 'crlf', headerStyle: 'School_id' });
    for (const engine of engines) measured.push(await measure(engine, students, folder, files));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
const synced: SyncRun[] = [];
for (const students of sizes.filter((size) => size <= maxSynced && engines.includes('embedded'))) {
  const run = await runApart<SyncRun>('sync-run.js', [`${students}`]);
  process.stdout.write(`${JSON.stringify({ source: 'Data API', ...run })}\n`);
  synced.push(run);
}
const text = `## Rosters\n\n${describe()}`;
process.stdout.write(`${text}\n`);
if (options.writes) writeSection('performance.md', 'rosters', text);

async function measure(engine: EngineName, students: number, folder: string, files: string): Promise<Measured> {
  const server = engine === 'redis' ? await startRedis() : undefined;
  const path = join(folder, `store-${engine}`);
  try {
    const empty = (await server?.usedBytes()) ?? 0;
    const run = await runApart<RosterRun>('roster-run.js', [server?.url ?? `embedded:${path}`, files]);
    const used = (await server?.usedBytes()) ?? Number(execFileSync('du', ['-sB1', path]).toString().split('\t')[0]);
    const result = { ...run, engine, students, bytes: Math.round((used - empty) / run.accounts) };
    process.stdout.write(`${JSON.stringify(result)}\n`);
    return result;
  } finally {
    await server?.stop();
    rmSync(path, { recursive: true, force: true });
  }
}

function describe(): string {
  return `\`${options.command}\`
on ${measuredOn()}.
CSV files as a district sends them: 34 columns, 1.4 rows a student, ${classesPerStudent} classes a student; sealed. CPU is that
of the publishing process, Redis has its own. Again is the same roster with 1 % of the addresses changed.

${toTable([
  [
    'engine',
    'accounts',
    'accounts a second, first',
    'again',
    'CPU an account, µs, first',
    'again',
    'csv-parse alone, accounts a second',
    'csv-parse ÷ publish',
    'the engine alone, accounts a second',
    'engine ÷ publish',
    'own memory at most, MB',
    'bytes an account',
    'look-up by address, µs',
  ],
  ...measured.map(rosterRow),
])}

The engine alone: as many bytes as one publish leaves in the store, put by themselves in batches of a megabyte, each on
disk; for Redis with \`redis-cli --pipe\`. Bytes an account are those of the whole store after both publishes, which holds both
generations.

${sizes.length < 2 ? '' : `Look-up, median of 2,000 addresses: ${engines.flatMap(lookUpRatio).join('; ')}.\n\n`}${engines.map(sayReach).join('\n')}
${synced.length === 0 ? '' : describeSyncs()}`;
}

function perSecond(count: number, seconds: number): string {
  return Math.round(count / seconds).toLocaleString('en');
}

function microseconds(seconds: number, count: number): string {
  return ((seconds / count) * 1_000_000).toFixed(1);
}

function ratio(one: number, other: number): string {
  return (one / other).toFixed(2);
}

function rosterRow({ engine, accounts, first, again, csv, floor, ...rest }: Measured): (string | number)[] {
  return [
    engine,
    accounts.toLocaleString('en'),
    perSecond(accounts, first.seconds),
    perSecond(accounts, again.seconds),
    microseconds(first.cpuSeconds, accounts),
    microseconds(again.cpuSeconds, accounts),
    perSecond(accounts, csv.seconds),
    ratio(first.seconds, csv.seconds),
    perSecond(accounts, floor.seconds),
    ratio(first.seconds, floor.seconds),
    rest.ownMegabytes,
    rest.bytes,
    rest.lookUpMicroseconds,
  ];
}

function lookUpRatio(engine: EngineName): string[] {
  const of = measured.filter((each) => each.engine === engine);
  const [smallest, largest] = [of[0], of.at(-1)];
  if (smallest === undefined || largest === undefined || of.length < 2) return [];
  const sides = [smallest, largest].map(({ students }) => students.toLocaleString('en')).join(' : ');
  return [`${engine}, ${sides} students = 1 : ${ratio(largest.lookUpMicroseconds, smallest.lookUpMicroseconds)}`];
}

function sayReach(engine: EngineName): string {
  const largest = measured.findLast((each) => each.engine === engine);
  if (largest === undefined) return '';
  const part = Math.round((largest.accounts / largest.first.seconds / reach[engine]) * 100);
  const verb = part >= 100 ? 'is reached' : 'is not reached';
  return `The reach on ${engine}, ${reach[engine].toLocaleString('en')} accounts a second, ${verb}: ${part} % at ${largest.accounts.toLocaleString('en')} accounts.`;
}

function describeSyncs(): string {
  return `
Secure Sync, whose source is the sandbox's Data API over loopback HTTP, embedded store:

${toTable([
  ['accounts', 'accounts a second, first', 'again', 'CPU an account, µs, first', 'again', 'own memory at most, MB'],
  ...synced.map(({ accounts, first, again, ownMegabytes }) => [
    accounts.toLocaleString('en'),
    perSecond(accounts, first.seconds),
    perSecond(accounts, again.seconds),
    microseconds(first.cpuSeconds, accounts),
    microseconds(again.cpuSeconds, accounts),
    ownMegabytes,
  ]),
])}`;
}

/** The first row is the heading. */
function toTable([head = [], ...rows]: readonly (readonly (string | number)[])[]): string {
  return table(
    head.map(String),
    rows.map((cells) => cells.map(String)),
  );
}
