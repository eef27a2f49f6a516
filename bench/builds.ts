// `npm run bench:builds -- --checkout FOLDER`: this build beside that of another checkout, such as an earlier commit: the
// sign-in and the publish, round by round in turn. Writes its section of docs/performance.md.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeDistrict } from '../sandbox/district-maker.ts';
import { findFreePort, startRedis } from '../test/helpers/redis-server.ts';
import { readBenchOptions } from './bench-options.ts';
import { endOnSignals, pinSelf } from './pinned-process.ts';
import { commitOf, measuredOn, table, writeSection } from './report-section.ts';
import type { RosterRun } from './roster-run.ts';
import { runApart } from './run-apart.ts';
import { bridge } from './sign-in/contestants.ts';
import { type Measured, measureRound, showSpread, spreadOf } from './sign-in/measure.ts';
import { createPlayer } from './sign-in/play.ts';
import { startStubProcess } from './stub-process.ts';

type EngineName = 'embedded' | 'redis';

/** What one round cost one build, by what was done; CPU in the unit that the name says. */
type Costs = Readonly<Record<string, number>>;

const options = readBenchOptions({
  script: 'bench:builds',
  about: 'This build beside that of another checkout, round by round in turn.',
  counts: {
    rounds: { about: 'rounds in turn', usual: 7, most: 50 },
    logins: { about: 'logins of a round', usual: 400, most: 2_000 },
    warm: { about: 'logins of each build before', usual: 3_000, most: 50_000 },
    students: { about: 'students of a published roster', usual: 30_000, most: 1_000_000 },
  },
  hasCheckout: true,
});
const [rounds, logins, warm] = [options.count('rounds'), options.count('logins'), options.count('warm')];
const [ownCore, measuredCore] = [0, 1];
const district = 'bench';
const students = 1_000;
const app = { clientId: 'bench-app', clientSecret: 'bench-secret' };
const builds = [
  { name: commitOf(options.checkout)[0] ?? 'the other build', checkout: options.checkout },
  { name: 'this build', checkout: undefined },
];

endOnSignals();
const folder = mkdtempSync(join(tmpdir(), 'sso-bench-builds-'));
try {
  // Publishing first: it uses both cores, from which the sign-in takes one.
  const costs = new Map([...(await measurePublishes()), ...(await measureSignIns())]);
  const text = describe(costs);
  process.stdout.write(`${text}\n`);
  if (options.writes) writeSection('performance.md', 'builds', text);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** By the name of what was done: for each round the cost of either build. */
async function measureSignIns(): Promise<Map<string, Costs[]>> {
  pinSelf(ownCore);
  const clever = await startStubProcess({ ...app, takesSecretInForm: true });
  const player = createPlayer(16);
  const servers = await Promise.all(builds.map(() => startRedis({ args: ['--appendonly', 'no'] })));
  const running: { engine: EngineName; build: string; measured: Measured }[] = [];
  const play = (measured: Measured, round: number) =>
    measureRound(measured, {
      player,
      logins,
      concurrency: 16,
      studentOf: (count) => ({ district, number: (round * logins + count) % students }),
    });
  try {
    for (const engine of ['embedded', 'redis'] as const)
      for (const [at, { name, checkout }] of builds.entries()) {
        const port = await findFreePort();
        const contestant = bridge(engine, checkout);
        const own = { folder: join(folder, `${at}`), redisUrl: servers[at]?.url ?? '' };
        mkdirSync(own.folder, { recursive: true });
        const fixture = { core: measuredCore, issuer: clever.url, ...app, district, students, ...own };
        const process = await contestant.start(fixture, port);
        const measured = { contestant, process, origin: `http://localhost:${port}` };
        running.push({ engine, build: name, measured });
        for (let done = 0; done < warm; done += logins) await play(measured, done / logins);
      }
    const costs = new Map<string, Costs[]>();
    for (let round = 0; round < rounds; round += 1) {
      for (const { engine, build, measured } of running) {
        const { startCpuMs, callbackCpuMs } = await play(measured, round);
        add(costs, `sign-in, ${engine}: CPU ms`, round, build, startCpuMs + callbackCpuMs);
      }
      process.stderr.write(`sign-ins, round ${round + 1} of ${rounds}\n`);
    }
    return costs;
  } finally {
    await Promise.all(running.map(({ measured }) => measured.process.stop()));
    await Promise.all([player.close(), clever.stop(), ...servers.map((server) => server.stop())]);
  }
}

async function measurePublishes(): Promise<Map<string, Costs[]>> {
  const count = options.count('students');
  const files = join(folder, 'files');
  const shape = {
    students: count,
    teachers: Math.ceil(count / 25),
    staff: Math.ceil(count / 100),
    classesPerStudent: 0,
  };
  await writeDistrict(files, { ...shape, seed: 1, lineEnds: 'crlf', headerStyle: 'School_id' });
  const costs = new Map<string, Costs[]>();
  for (let round = 0; round < rounds; round += 1) {
    for (const engine of ['embedded', 'redis'] as const)
      for (const { name, checkout } of builds) {
        const run = await publish(engine, files, checkout);
        const microseconds = ({ cpuSeconds }: { readonly cpuSeconds: number }) => (cpuSeconds / run.accounts) * 1e6;
        add(costs, `first publish, ${engine}: CPU µs an account`, round, name, microseconds(run.first));
        add(costs, `again, 1 % changed, ${engine}: CPU µs an account`, round, name, microseconds(run.again));
      }
    process.stderr.write(`publishes, round ${round + 1} of ${rounds}\n`);
  }
  return costs;
}

async function publish(engine: EngineName, files: string, checkout: string | undefined): Promise<RosterRun> {
  const server = engine === 'redis' ? await startRedis() : undefined;
  const path = join(folder, 'published');
  try {
    const scripts = checkout === undefined ? import.meta.dirname : join(checkout, 'dist', 'bench');
    return await runApart<RosterRun>('roster-run.js', [server?.url ?? `embedded:${path}`, files], scripts);
  } finally {
    await server?.stop();
    rmSync(path, { recursive: true, force: true });
  }
}

function add(costs: Map<string, Costs[]>, what: string, round: number, build: string, cost: number): void {
  const those = costs.get(what) ?? [];
  those[round] = { ...those[round], [build]: cost };
  costs.set(what, those);
}

function describe(costs: ReadonlyMap<string, readonly Costs[]>): string {
  const [other, own] = builds.map(({ name }) => name) as [string, string];
  const rows = [...costs].map(([what, those]) => {
    const of = (build: string) => showSpread(spreadOf(those.map((round) => round[build] ?? Number.NaN)));
    const ratios = those.map((round) => (round[own] ?? Number.NaN) / (round[other] ?? Number.NaN));
    return [what, of(other), of(own), showSpread(spreadOf(ratios))];
  });
  return `## This build beside an earlier one

\`${options.command}\`
on ${measuredOn()}; the other is ${other}. ${rounds} rounds in turn: ${logins} sign-ins with 16 at once, each build with a Redis of its own, and a
roster of ${options.count('students')} students. Medians of the rounds, in brackets what half of them lie between; the ratio is that of the same round.

${table(['', other, own, 'this ÷ other'], rows)}`;
}
