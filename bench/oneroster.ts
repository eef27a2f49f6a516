// OneRoster sets beside the Clever-style files of the same people, published in turn: CPU and memory of each, and their
// ratios in the same round. Each publish has a process and a store of its own. Writes its section of docs/performance.md.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeDistrict } from '../sandbox/district-maker.ts';
import { readBenchOptions } from './bench-options.ts';
import type { FormatRun } from './oneroster-run.ts';
import { writeOneRosterSet } from './oneroster-set.ts';
import { endOnSignals } from './pinned-process.ts';
import { measuredOn, table, writeSection } from './report-section.ts';
import { runApart } from './run-apart.ts';
import { startRedis } from './start-redis.ts';

/** The first is what the others are compared with. */
const sets = ['clever', 'oneroster-1.1', 'oneroster-1.2'] as const;
type SetName = (typeof sets)[number];

interface Measured {
  readonly engine: string;
  readonly users: number;
  /** By set, one of each round. */
  readonly runs: ReadonlyMap<SetName, readonly FormatRun[]>;
}

const options = readBenchOptions({
  script: 'bench:oneroster',
  about: 'OneRoster sets beside Clever-style files of the same people: CPU and memory of a first publish.',
  sizes: { about: 'users', usual: [104_857, 1_048_576], most: 5_000_000 },
  counts: { rounds: { about: 'rounds, each of all sets', usual: 3, most: 50 } },
  stores: ['embedded', 'redis'],
});

endOnSignals();
const measured: Measured[] = [];
for (const users of options.sizes) {
  const folder = mkdtempSync(join(tmpdir(), 'sso-bench-oneroster-'));
  try {
    await writeSets(folder, users);
    for (const engine of options.stores) measured.push(await measure(engine, users, folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
const text = `## OneRoster\n\n${describe()}`;
process.stdout.write(`${text}\n`);
if (options.writes) writeSection('performance.md', 'oneroster', text);

/** A teacher to 25 students, and some staff: together as many as asked for. */
async function writeSets(folder: string, users: number): Promise<void> {
  const teachers = Math.ceil(users / 26);
  const staff = Math.floor(users / 104);
  // Every seventh of the staff is one of the teachers.
  const students = users - teachers - (staff - Math.floor(staff / 7));
  const shape = {
    students,
    teachers,
    staff,
    classesPerStudent: 0,
    seed: 1,
    ...({ lineEnds: 'crlf', headerStyle: 'School_id' } as const),
  };
  await writeDistrict(join(folder, 'clever'), shape);
  // Of people and schools alone, as the sets beside it.
  for (const name of ['sections.csv', 'enrollments.csv']) rmSync(join(folder, 'clever', name));
  await writeOneRosterSet(join(folder, 'oneroster-1.1'), shape, '1.1');
  await writeOneRosterSet(join(folder, 'oneroster-1.2'), shape, '1.2');
}

async function measure(engine: string, users: number, folder: string): Promise<Measured> {
  const runs = new Map<SetName, FormatRun[]>(sets.map((set) => [set, []]));
  for (let round = 0; round < options.count('rounds'); round += 1) {
    // The first of a round finds the machine otherwise than the last.
    const inTurn = [...sets.slice(round % sets.length), ...sets.slice(0, round % sets.length)];
    for (const set of inTurn) {
      const run = await publish(engine, folder, set);
      process.stdout.write(`${JSON.stringify({ engine, round, ...run })}\n`);
      runs.get(set)?.push(run);
    }
  }
  return { engine, users, runs };
}

async function publish(engine: string, folder: string, set: SetName): Promise<FormatRun> {
  const server = engine === 'redis' ? await startRedis() : undefined;
  const path = join(folder, 'store');
  try {
    return await runApart<FormatRun>('oneroster-run.js', [server?.url ?? `embedded:${path}`, join(folder, set)]);
  } finally {
    await server?.stop();
    rmSync(path, { recursive: true, force: true });
  }
}

function describe(): string {
  return `\`${options.command}\`
on ${measuredOn()}.
The same people as Clever-style files (34 columns, 1.4 rows a student) and as OneRoster sets (one row a user, with an
\`identifier\`, which is one more key to find the person by; 1.2 with roles.csv), published first, in turn. Medians of the
rounds; × is against the Clever-style files of the same round, and speed is users by CPU. Resident memory has the pages of
LMDB's file in it, which the kernel takes back; own memory has not.

${table(
  [
    'engine',
    'files',
    'accounts',
    'accounts a second',
    'CPU an account, µs',
    'speed, ×',
    'own memory at most, MB',
    '×',
    'resident at most, MB',
    '×',
  ],
  measured.flatMap(({ engine, runs }) =>
    sets.map((set) => rowOf(engine, runs.get(set) ?? [], runs.get(sets[0]) ?? [])),
  ),
)}`;
}

function rowOf(engine: string, runs: readonly FormatRun[], beside: readonly FormatRun[]): string[] {
  const of = (read: (run: FormatRun) => number) => median(runs.map(read));
  const ratio = (read: (run: FormatRun) => number) =>
    median(runs.map((run, round) => read(run) / read(beside[round] ?? run))).toFixed(2);
  const cpu = ({ work, accounts }: FormatRun) => (work.cpuSeconds / accounts) * 1_000_000;
  const own = ({ memory }: FormatRun) => memory.own;
  const resident = ({ memory }: FormatRun) => memory.resident;
  return [
    engine,
    runs[0]?.format ?? '',
    (runs[0]?.accounts ?? 0).toLocaleString('en'),
    Math.round(of(({ work, accounts }) => accounts / work.seconds)).toLocaleString('en'),
    of(cpu).toFixed(1),
    ratio((run) => 1 / cpu(run)),
    `${of(own)}`,
    ratio(own),
    `${of(resident)}`,
    ratio(resident),
  ];
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((one, other) => one - other)[numbers.length >> 1] ?? 0;
}
