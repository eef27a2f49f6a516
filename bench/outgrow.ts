// `npm run bench:outgrow`: more than one machine's worth, on one machine. Three bridges and a Redis Cluster of six with a
// thousand districts: how sign-ins spread, what a further bridge brings, what a master that dies costs; the same death
// under Sentinel; and from what each part cost, on paper, what the whole country needs. Writes its section of
// docs/performance.md.
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { signInSeconds } from '../src/sign-in/state.ts';
import { findFreePort, type RedisServer } from '../test/helpers/redis-server.ts';
import {
  type ReplicatedTopology,
  startReplicatedCluster,
  startReplicatedSentinel,
} from '../test/helpers/redis-topology.ts';
import { readBenchOptions } from './bench-options.ts';
import { createDriver, type Driver, sideBySide } from './drive-sign-ins.ts';
import { describeOutgrowing, type StepRound } from './outgrow/describe.ts';
import { type Failover, failOver } from './outgrow/failover.ts';
import { countShards, countSlots, since, sumSlots, watchTags, weighShortLived } from './outgrow/shards.ts';
import { benchKeys, type PinnedBridge, startPinnedBridge } from './pinned-bridge.ts';
import { endOnSignals, pinSelf } from './pinned-process.ts';
import { prepareDistricts } from './prepare-district.ts';
import { measuredOn, writeSection } from './report-section.ts';
import { createProduct } from './sessions/product.ts';
import { createPlayer } from './sign-in/play.ts';
import { startStubProcess } from './stub-process.ts';
import type { Student } from './students.ts';

const options = readBenchOptions({
  script: 'bench:outgrow',
  about: 'Three bridges and a Redis Cluster of six with a thousand districts.',
  counts: {
    districts: { about: 'districts', usual: 1_000, most: 5_000 },
    logins: { about: 'sign-ins of a round, and of a look at the spread', usual: 1_000, most: 20_000 },
    seconds: { about: 'seconds of traffic around a failover', usual: 12, most: 60 },
  },
});
const [districtCount, logins, seconds] = [
  options.count('districts'),
  options.count('logins'),
  options.count('seconds'),
];
// No divisor of a thousand, so that every student of every district has a turn.
const students = 3;
const weighed = 10_000;
const crowd = 32;
/** With one, two and three bridges in turn. */
const stepRounds = 5;
/** For Sentinel, where nothing is spread. */
const fewDistricts = Math.min(50, districtCount);
/** A used state is known until a minute after a sign-in may have ended. */
const stateSeconds = signInSeconds + 60;
const takenForDeadMs = 1_000;
const app = { clientId: 'bench-app', clientSecret: 'bench-secret' };
const districts = Array.from({ length: districtCount }, (_, at) => ({ id: `district-${at}`, students }));
const studentOf = (count: number): Student => ({
  district: `district-${count % districtCount}`,
  number: count % students,
});

interface Fixture {
  readonly bridges: readonly PinnedBridge[];
  readonly topology: ReplicatedTopology;
}

endOnSignals();
pinSelf(0);
const folder = mkdtempSync(join(tmpdir(), 'sso-bench-outgrow-'));
const clever = await startStubProcess(app);
try {
  const cluster = await within(() => startReplicatedCluster(takenForDeadMs), districts, measureCluster);
  const sentinel = await within(
    () => startReplicatedSentinel(takenForDeadMs),
    districts.slice(0, fewDistricts),
    (fixture) =>
      killMaster(fixture, (count) => ({ ...studentOf(count), district: `district-${count % fewDistricts}` })),
  );
  const { command } = options;
  const text = describeOutgrowing({ ...cluster, sentinel, command, machine: measuredOn(), cores: cpus().length });
  process.stdout.write(`${text}\n`);
  if (options.writes) writeSection('performance.md', 'outgrowing', text);
} finally {
  await clever.stop();
  rmSync(folder, { recursive: true, force: true });
}

/** Three bridges on a topology of its own, which is gone afterwards. */
async function within<Value>(
  start: () => Promise<ReplicatedTopology>,
  served: readonly { readonly id: string; readonly students: number }[],
  work: (fixture: Fixture) => Promise<Value>,
): Promise<Value> {
  const topology = await start();
  const bridges: PinnedBridge[] = [];
  try {
    await publishAll(topology, served);
    for (const number of [1, 2, 3]) bridges.push(await startBridge(topology, number));
    return await work({ bridges, topology });
  } finally {
    await Promise.all(bridges.map((bridge) => bridge.stop()));
    await topology.stop();
  }
}

async function publishAll({ url }: ReplicatedTopology, served: readonly { id: string; students: number }[]) {
  const startedAt = performance.now();
  await prepareDistricts({ STORE_URL: url, STORE_KEYS: benchKeys }, served);
  say(`${served.length} districts published in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
}

/** The first core is the driver's, Redis's and Clever's; bridges take turns on the others. */
async function startBridge({ url }: ReplicatedTopology, number: number): Promise<PinnedBridge> {
  const port = await findFreePort();
  return startPinnedBridge({
    ...app,
    core: 1 + ((number - 1) % Math.max(1, cpus().length - 1)),
    port,
    storeUrl: url,
    issuer: clever.url,
    districts: [],
    log: join(folder, `bridge-${port}.log`),
    // The bridges share one public address; the driver reaches each by its own port.
    env: { PUBLIC_URL: 'http://localhost:3000' },
  });
}

async function measureCluster(fixture: Fixture) {
  const { topology } = fixture;
  const { masters, replicas } = await rolesOf(topology);
  const steps = [1, 2, 3].map((count) => ({ bridges: count, rounds: [] as StepRound[] }));
  // Each of the three is compiled as far as it gets.
  await signInMany(fixture, 3, 3 * logins);
  for (let round = 1; round <= stepRounds; round += 1) {
    for (const step of steps) step.rounds.push(await measureStep(fixture, step.bridges));
    say(`round ${round} of ${stepRounds} with one, two and three bridges`);
  }

  const shortLivedBefore = await weighShortLived(masters, stateSeconds);
  const [mastersBefore, replicasBefore] = [await countShards(masters), await countShards(replicas)];
  await signInMany(fixture, 3, logins);
  const spread = since(mastersBefore, await countShards(masters));
  const replicated = since(replicasBefore, await countShards(replicas));
  const stateBytes = ((await weighShortLived(masters, stateSeconds)) - shortLivedBefore) / logins;
  const slots = await Promise.all(masters.map(countSlots));
  const tags = await watchTags(masters, () => signInMany(fixture, 3, logins));
  const slotCommands = await sumSlots(masters, tags);
  const startCpuMs = await measureStart(fixture);

  const before = await countShards(masters);
  // Twice: a store holds the roster of today and the one before.
  for (const _ of ['before', 'today']) await publishAll(topology, [{ id: 'weighed', students: weighed }]);
  const roster = since(before, await countShards(masters));
  const accountBytes = roster.reduce((sum, { usedBytes }) => sum + usedBytes, 0) / weighed;
  say('the failover begins');
  const failover = await killMaster(fixture, studentOf);
  const weights = { accountBytes, stateBytes, stateSeconds };
  const counts = { spread, replicated, slots, tags, slotCommands };
  return { districts: districtCount, logins, steps, startCpuMs, ...counts, ...weights, failover };
}

async function rolesOf({ servers, masters }: ReplicatedTopology) {
  const found = await masters();
  return { masters: found, replicas: servers.filter((server) => !found.includes(server)) };
}

async function measureStep(fixture: Fixture, count: number): Promise<StepRound> {
  const cpu = () => fixture.bridges.reduce((sum, bridge) => sum + bridge.cpuMs(), 0);
  const [before, startedAt] = [cpu(), performance.now()];
  await signInMany(fixture, count, logins);
  return {
    perSecond: logins / ((performance.now() - startedAt) / 1000),
    cpuMs: (cpu() - before) / logins,
  };
}

/** CPU of a bridge for one, in milliseconds. */
async function measureStart({ bridges: [bridge] }: Fixture): Promise<number> {
  if (bridge === undefined) throw new Error('there is no bridge');
  const player = createPlayer(crowd);
  const before = bridge.cpuMs();
  await sideBySide(Array(logins).keys(), crowd, async () => void (await player.start(`${bridge.origin}/login`)));
  await player.close();
  return (bridge.cpuMs() - before) / logins;
}

/** @throws Error when more than one in a hundred did not come through */
async function signInMany({ bridges }: Fixture, count: number, many: number): Promise<void> {
  const driver = driverOf(bridges.slice(0, count));
  let failed = 0;
  await sideBySide(Array(many).keys(), crowd, async (number) => {
    const { token } = await driver.signIn(studentOf(number), { at: number % count });
    if (token === undefined) failed += 1;
  });
  await driver.close();
  if (failed > many / 100) throw new Error(`${failed} of ${many} sign-ins did not come through`);
}

async function killMaster({ bridges, topology }: Fixture, whoOf: (count: number) => Student): Promise<Failover> {
  const driver = driverOf(bridges);
  const [first] = bridges;
  const { authorization = '', admin = '' } = first?.credentials ?? {};
  const product = createProduct({ bridges: bridges.map(({ origin }) => origin), product: authorization, admin });
  const victim = async (): Promise<RedisServer> => {
    const [master] = await topology.masters();
    if (master === undefined) throw new Error('there is no master');
    return master;
  };
  try {
    const run = { driver, product, bridges: bridges.length, studentOf: whoOf, victim };
    return await failOver({ ...run, secondsBefore: seconds / 4, secondsAfter: (seconds * 3) / 4 });
  } finally {
    await Promise.all([driver.close(), product.close()]);
  }
}

function driverOf(bridges: readonly PinnedBridge[]): Driver {
  return createDriver({ bridges: bridges.map(({ origin }) => origin), connections: crowd });
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
