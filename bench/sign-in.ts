// `npm run bench:sign-in`: complete logins at this bridge and at what one would pick instead, round by round in turn, with
// Clever's stub, Redis and the driver on one core and the contestant on the other. Writes its section of
// docs/performance.md. --rounds, --logins: how many, and of how many logins each; --only WORD: whose names hold it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findFreePort, startRedis } from '../test/support/redis-server.ts';
import { pinSelf } from './pinned-process.ts';
import { describeMachine, table, writeSection } from './report-section.ts';
import { type Contestant, contestants, type House } from './sign-in/contestants.ts';
import { countRoundTrips } from './sign-in/count-round-trips.ts';
import { type Measured, measureRound, type Round, showSpread, spreadOf } from './sign-in/measure.ts';
import { createPlayer } from './sign-in/play.ts';
import { forgeries, type Refusals, tryForgeries } from './sign-in/refusals.ts';
import { startStubProcess } from './stub-process.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '15' },
    logins: { type: 'string', default: '200' },
    only: { type: 'string', default: '' },
    write: { type: 'boolean', default: true },
  },
  allowNegative: true,
});
const [rounds, logins] = [Number(values.rounds), Number(values.logins)];
const [ownCore, contestantCore] = [0, 1];
const crowd = 16;
/** A server that has run for a while, compiled as far as it gets. */
const warmLogins = 3_000;
const district = 'bench';
const pupils = 1_000;
const app = { clientId: 'bench-app', clientSecret: 'bench-secret' };

interface Result extends Measured {
  readonly alone: Round[];
  readonly together: Round[];
  readonly refusals: Refusals;
}

const entered = contestants.filter(({ name }) => name.includes(values.only));
const leftOut = entered.filter(({ lacks }) => lacks.length > 0);
for (const { name, lacks } of leftOut) say(`${name}: left out, ${lacks.join(', ')} is missing`);

pinSelf(ownCore);
const folder = mkdtempSync(join(tmpdir(), 'sso-bench-sign-in-'));
const redis = await startRedis({ args: ['--appendonly', 'no'] });
const clever = await startStubProcess({ ...app, takesSecretInForm: true });
const player = createPlayer(crowd);
const results: Result[] = [];
try {
  const house: House = {
    ...{ folder, core: contestantCore, issuer: clever.url, redisUrl: redis.url, ...app, district, pupils },
  };
  for (const contestant of entered.filter(({ lacks }) => lacks.length === 0)) {
    results.push(await enter(contestant, house));
    say(`${contestant.name}: ready`);
  }
  for (let round = 0; round < rounds; round += 1) {
    for (const result of results) {
      result.alone.push(await measure(result, 1, round));
      result.together.push(await measure(result, crowd, round));
    }
    say(`round ${round + 1} of ${rounds}`);
  }
  const trips = await countRoundTrips(results, { player, redis });
  const text = write(trips);
  process.stdout.write(`${text}\n`);
  if (values.write && values.only === '') writeSection('performance.md', 'sign-in', text);
} finally {
  await Promise.all(results.map((result) => result.process.stop()));
  await player.close();
  await clever.stop();
  await redis.stop();
  rmSync(folder, { recursive: true, force: true });
}

/** Started, warmed up, and tried with forgeries. */
async function enter(contestant: Contestant, house: House): Promise<Result> {
  const port = await findFreePort();
  const process = await contestant.start(house, port);
  const result = { contestant, process, origin: `http://localhost:${port}`, alone: [], together: [] };
  for (let warm = 0; warm * logins < warmLogins; warm += 1) await measure(result, crowd, warm);
  return { ...result, refusals: await tryForgeries(contestant, { origin: result.origin, clever, player }) };
}

function measure(measured: Measured, atOnce: number, round: number): Promise<Round> {
  const pupilOf = (count: number) => ({ district, number: (round * logins + count) % pupils });
  return measureRound(measured, { player, logins, atOnce, pupilOf });
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

function write(trips: ReadonlyMap<string, string>): string {
  const floor = results.find(({ contestant }) => contestant.name.startsWith('bare floor'));
  const cpuOf = ({ together }: Pick<Result, 'together'>) => spreadOf(together.map((round) => round.callbackCpuMs));
  const timesTable = table(
    [
      ...['contestant', 'CPU per callback, ms', '× floor', 'alone, ms', 'CPU per start, ms'],
      ...['p50 / p99 alone, ms', `p50 / p99 at ${crowd}, ms`, 'callbacks/s', 'memory, MiB'],
    ],
    [
      ...results.map((result) => {
        const { contestant, alone, together } = result;
        const ratios =
          floor?.together.map((round, at) => (together[at]?.callbackCpuMs ?? 0) / round.callbackCpuMs) ?? [];
        const quick = (rounds: readonly Round[]) =>
          `${show(spreadOf(rounds.map(({ p50Ms }) => p50Ms)).median)} / ${show(spreadOf(rounds.map(({ p99Ms }) => p99Ms)).median)}`;
        return [
          contestant.name,
          showSpread(cpuOf(result)),
          showSpread(spreadOf(ratios)),
          show(spreadOf(alone.map((round) => round.callbackCpuMs)).median),
          show(spreadOf(together.map((round) => round.startCpuMs)).median),
          quick(alone),
          quick(together),
          spreadOf(together.map((round) => round.perSecond)).median.toFixed(0),
          result.process.memoryMib().toFixed(0),
        ];
      }),
      ...leftOut.map(({ name, lacks }) => [name, `left out: ${lacks.join(', ')} is missing`, ...Array(7).fill('')]),
    ],
  );
  const refusalTable = table(
    ['accepts', ...forgeries, 'foreign state', 'genuine'],
    results.map(({ contestant, refusals }) => [
      contestant.name,
      ...[...forgeries, 'foreign-state' as const].map((forgery) => (refusals[forgery] ? '**takes it**' : 'refuses')),
      refusals.genuine ? 'takes it' : '**refuses**',
    ]),
  );
  return `## Sign-in

\`npm run bench:sign-in -- --rounds ${rounds} --logins ${logins}\` on ${describeMachine()}: ${rounds} rounds in turn, each ${logins}
logins one after the other and ${logins} with ${crowd} at once; the contestant on one core, the driver, Clever's stub and Redis on
the other, after ${warmLogins} logins to warm up. Medians of the rounds, in brackets what half of them lie between. CPU is that of the contestant's processes, at
${crowd} at once unless it says alone.

${timesTable}

What each lets in. Right is: refuses everything but the genuine login.

${refusalTable}

Round trips and commands to Redis for one login, counted by the server: ${[...trips].map(([name, count]) => `${name} ${count}`).join('; ')}.`;
}

function show(value: number): string {
  return value.toFixed(2);
}
