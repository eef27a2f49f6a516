// Publishing: rows a second, memory and bytes an account at growing sizes, with the floors beside them, and what a look-up
// costs at each size. Every publish runs in a process of its own, so that its memory is its own.
//   npm run bench:roster -- [SIZES, as 10000,100000,1000000] [embedded|redis|both] [CLASSES A STUDENT] [--write]
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeDistrict } from '../sandbox/district-maker.ts';
import { describeMachine, table, writeSection } from './report-section.ts';
import type { RosterRun } from './roster-run.ts';
import { startRedis } from './start-redis.ts';

type EngineName = 'embedded' | 'redis';

interface Measured extends RosterRun {
  readonly engine: EngineName;
  readonly students: number;
  readonly bytes: number;
}

const words = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const sizes = (words[0] ?? '10000,100000,1000000').split(',').map(Number);
const wanted = words[1] ?? 'both';
const classesPerStudent = Number(words[2] ?? 0);

const measured: Measured[] = [];
for (const students of sizes) {
  const folder = mkdtempSync(join(tmpdir(), 'sso-bench-roster-'));
  try {
    const files = join(folder, 'files');
    const shape = { students, teachers: Math.ceil(students / 25), staff: Math.ceil(students / 100), classesPerStudent };
    await writeDistrict(files, { ...shape, seed: 1, lineEnds: 'crlf', headerStyle: 'School_id' });
    for (const engine of ['embedded', 'redis'] as const) {
      if (wanted === 'both' || wanted === engine) measured.push(await measure(engine, students, folder, files));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
if (process.argv.includes('--write')) writeSection('performance.md', 'rosters', `## Rosters\n\n${describe()}`);

async function measure(engine: EngineName, students: number, folder: string, files: string): Promise<Measured> {
  const server = engine === 'redis' ? await startRedis() : undefined;
  const path = join(folder, `store-${engine}`);
  try {
    const empty = (await server?.usedBytes()) ?? 0;
    const run = await runApart(server?.url ?? `embedded:${path}`, files);
    const used = (await server?.usedBytes()) ?? Number(execFileSync('du', ['-sB1', path]).toString().split('\t')[0]);
    const result = { ...run, engine, students, bytes: Math.round((used - empty) / run.accounts) };
    process.stdout.write(`${JSON.stringify(result)}\n`);
    return result;
  } finally {
    await server?.stop();
    rmSync(path, { recursive: true, force: true });
  }
}

async function runApart(url: string, files: string): Promise<RosterRun> {
  const main = fileURLToPath(new URL('./roster-run.js', import.meta.url));
  const child = spawn(process.execPath, ['--expose-gc', ...process.execArgv, main, url, files], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  process.once('exit', () => child.kill());
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (some: string) => {
    text += some;
  });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error('a publish failed');
  return JSON.parse(text);
}

function describe(): string {
  const perSecond = (rows: number, seconds: number) => Math.round(rows / seconds).toLocaleString('en');
  const lines = measured.map((each) => [
    each.engine,
    each.accounts.toLocaleString('en'),
    perSecond(each.rows, each.firstSeconds),
    perSecond(each.rows, each.againSeconds),
    perSecond(each.rows, each.csvSeconds),
    (each.firstSeconds / each.csvSeconds).toFixed(1),
    perSecond(each.rows, each.floorSeconds),
    (each.firstSeconds / each.floorSeconds).toFixed(1),
    `${each.ownMegabytes}`,
    each.bytes,
    each.lookUpMicroseconds,
  ]);
  const ratios = (['embedded', 'redis'] as const).flatMap((engine) => {
    const of = measured.filter((each) => each.engine === engine);
    const [first, last] = [of[0], of.at(-1)];
    if (first === undefined || last === undefined || of.length < 2) return [];
    const ratio = (last.lookUpMicroseconds / first.lookUpMicroseconds).toFixed(2);
    return [
      `${engine} ${last.students.toLocaleString('en')} : ${first.students.toLocaleString('en')} students = ${ratio}`,
    ];
  });
  return `\`npm run bench:roster -- ${words.join(' ')} --write\` on ${describeMachine()}.
CSV files as a district sends them, ${classesPerStudent} classes a student, sealed. Every publish is a process of its own.

${toTable([
  [
    'engine',
    'accounts',
    'rows a second, first publish',
    'again with 1 % changed',
    'csv-parse alone, rows a second',
    'publish : csv-parse',
    'the same bytes into the engine alone',
    'publish : that',
    'own memory at most, MB',
    'bytes in the store an account',
    'look-up by address, µs',
  ],
  ...lines,
])}

Look-up by address, median of 2,000: ${ratios.join('; ')}.
The engine alone: LMDB puts of as many rows and bytes in batches of a megabyte, each on disk; for Redis the same with
\`redis-cli --pipe\`.`;
}

/** The first row is the heading. */
function toTable([head = [], ...rows]: readonly (readonly (string | number)[])[]): string {
  return table(
    head.map(String),
    rows.map((cells) => cells.map(String)),
  );
}
