// `npm run bench:sign-in`: complete logins at this bridge and at what one would pick instead, round by round in turn, with
// Clever's stub, Redis and the driver on one core and the contestant on the other. Writes its section of
// docs/performance.md.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort, startRedis } from '../test/helpers/redis-server.ts';
import { readBenchOptions } from './bench-options.ts';
import { endOnSignals, pinSelf } from './pinned-process.ts';
import { measuredOn, writeSection } from './report-section.ts';
import { type Contestant, contestants, type Fixture } from './sign-in/contestants.ts';
import { countRoundTrips } from './sign-in/count-round-trips.ts';
import { describeSignIns } from './sign-in/describe.ts';
import { type Measured, measureRound, type Round } from './sign-in/measure.ts';
import { createPlayer } from './sign-in/play.ts';
import { type Refusals, tryForgeries } from './sign-in/refusals.ts';
import { programVersion } from './sign-in/versions.ts';
import { startStubProcess } from './stub-process.ts';

const options = readBenchOptions({
  script: 'bench:sign-in',
  about: 'Complete logins at this bridge and at what one would pick instead.',
  counts: {
    rounds: { about: 'rounds in turn', usual: 15, most: 50 },
    logins: { about: 'logins of a round, at each number at once', usual: 200, most: 2_000 },
    // A server that has run for a while, compiled as far as it gets.
    warm: { about: 'logins of each contestant before', usual: 10_000, most: 50_000 },
  },
  hasOnly: true,
});
const [rounds, logins, warmLogins] = [options.count('rounds'), options.count('logins'), options.count('warm')];
const [ownCore, contestantCore] = [0, 1];
const crowd = 16;
const district = 'bench';
const students = 1_000;
const app = { clientId: 'bench-app', clientSecret: 'bench-secret' };

interface Entered extends Measured {
  readonly alone: Round[];
  readonly concurrent: Round[];
  readonly refusals: Refusals;
}

const entered = contestants.filter(({ name }) => name.includes(options.only));
const leftOut = entered.filter(({ lacks }) => lacks.length > 0);
for (const { name, lacks } of leftOut) say(`${name}: left out, ${lacks.join(', ')} is missing`);

endOnSignals();
pinSelf(ownCore);
const folder = mkdtempSync(join(tmpdir(), 'sso-bench-sign-in-'));
const redis = await startRedis({ args: ['--appendonly', 'no'] });
const clever = await startStubProcess({ ...app, takesSecretInForm: true });
const player = createPlayer(crowd);
const results: Entered[] = [];
try {
  const fixture: Fixture = {
    folder,
    core: contestantCore,
    issuer: clever.url,
    redisUrl: redis.url,
    ...app,
    district,
    students,
  };
  for (const contestant of entered.filter(({ lacks }) => lacks.length === 0)) {
    results.push(await enter(contestant, fixture));
    say(`${contestant.name}: ready`);
  }
  for (let round = 0; round < rounds; round += 1) {
    for (const result of results) {
      result.alone.push(await measure(result, 1, round));
      result.concurrent.push(await measure(result, crowd, round));
    }
    say(`round ${round + 1} of ${rounds}`);
  }
  const trips = await countRoundTrips(results, { player, redis });
  const report = {
    command: options.command,
    machine: measuredOn(),
    redis: programVersion('Redis', ['redis-server', '--version'], /v=([\d.]+)/),
    rounds,
    logins,
    crowd,
    warmLogins,
    leftOut,
    trips,
  };
  const text = describeSignIns(
    results.map((each) => ({ ...each, ...namesOf(each.contestant), memoryMib: each.process.memoryMib() })),
    report,
  );
  process.stdout.write(`${text}\n`);
  if (options.writes) writeSection('performance.md', 'sign-in', text);
} finally {
  await Promise.all(results.map((result) => result.process.stop()));
  await player.close();
  await clever.stop();
  await redis.stop();
  rmSync(folder, { recursive: true, force: true });
}

/** Started, warmed up, and tried with forgeries. */
async function enter(contestant: Contestant, fixture: Fixture): Promise<Entered> {
  const port = await findFreePort();
  const process = await contestant.start(fixture, port);
  const result = { contestant, process, origin: `http://localhost:${port}`, alone: [], concurrent: [] };
  for (let warm = 0; warm * logins < warmLogins; warm += 1) await measure(result, crowd, warm);
  return { ...result, refusals: await tryForgeries(contestant, { origin: result.origin, clever, player }) };
}

function measure(measured: Measured, concurrency: number, round: number): Promise<Round> {
  const studentOf = (count: number) => ({ district, number: (round * logins + count) % students });
  return measureRound(measured, { player, logins, concurrency, studentOf });
}

function namesOf({ name, versions }: Contestant) {
  return { name, versions };
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
