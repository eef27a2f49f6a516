// `npm run bench:profile`: where the time of a callback goes. Profiles this bridge (node --cpu-prof) while callbacks come,
// and only then; writes a flame graph into docs/reports and names the widest parts in docs/performance.md.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findRoot } from '../sandbox/demo/find-root.ts';
import { findFreePort, startRedis } from '../test/helpers/redis-server.ts';
import { readBenchOptions } from './bench-options.ts';
import { sideBySide } from './drive-sign-ins.ts';
import { startPinnedBridge } from './pinned-bridge.ts';
import { endOnSignals, pinSelf } from './pinned-process.ts';
import { describeProfiles } from './profile/describe.ts';
import { drawFlameGraph } from './profile/flame-graph.ts';
import { readStacks, type Stack, type Window } from './profile/read-profile.ts';
import { measuredOn, writeSection } from './report-section.ts';
import { createPlayer, type Player, type Vouched } from './sign-in/play.ts';
import { startStubProcess } from './stub-process.ts';

const options = readBenchOptions({
  script: 'bench:profile',
  about: 'Where the time of a callback goes.',
  counts: {
    rounds: { about: 'rounds that are profiled', usual: 8, most: 40 },
    logins: { about: 'callbacks of a round', usual: 500, most: 2_000 },
  },
});
const [rounds, logins] = [options.count('rounds'), options.count('logins')];
const [ownCore, contestantCore] = [0, 1];
const students = 1_000;
const crowd = 16;
/** Microseconds between two looks. */
const interval = 200;
const app = { clientId: 'bench-app', clientSecret: 'bench-secret' };

endOnSignals();
pinSelf(ownCore);
const folder = mkdtempSync(join(tmpdir(), 'sso-bench-profile-'));
const redis = await startRedis({ args: ['--appendonly', 'no'] });
const clever = await startStubProcess(app);
const player = createPlayer(crowd);
try {
  const profiled = {
    redis: await profile('redis', redis.url),
    embedded: await profile('embedded', `embedded:${join(folder, 'store')}`),
  };
  const graphs = Object.entries(profiled).map(([engine, stacks]) => {
    const title = `The callback of this bridge on the store ${engine}: ${rounds * logins} of them, ${crowd} at once`;
    return { file: `callback-${engine}.svg`, svg: drawFlameGraph(stacks, { title }) };
  });
  const report = { command: options.command, machine: measuredOn(), callbacks: rounds * logins, crowd, interval };
  const text = describeProfiles(profiled, report);
  process.stdout.write(`${text}\n`);
  if (options.writes) {
    const reports = join(findRoot(), 'docs', 'reports');
    mkdirSync(reports, { recursive: true });
    for (const { file, svg } of graphs) writeFileSync(join(reports, file), svg);
    writeSection('performance.md', 'profile', text);
  }
} finally {
  await player.close();
  await clever.stop();
  await redis.stop();
  rmSync(folder, { recursive: true, force: true });
}

/** Stacks of the callbacks alone; the first two rounds warm the bridge up. */
async function profile(engine: string, storeUrl: string): Promise<readonly Stack[]> {
  const written = join(folder, `profile-${engine}`);
  mkdirSync(written);
  const bridge = await startPinnedBridge({
    ...app,
    core: contestantCore,
    port: await findFreePort(),
    storeUrl,
    issuer: clever.url,
    districts: [{ id: 'bench', students }],
    log: join(folder, `${engine}.log`),
    nodeArgs: ['--cpu-prof', `--cpu-prof-dir=${written}`, `--cpu-prof-interval=${interval}`],
    build: 'src',
  });
  const windows: Window[] = [];
  try {
    for (let round = -2; round < rounds; round += 1) {
      const window = await playRound(bridge.origin, player);
      if (round >= 0) windows.push(window);
    }
  } finally {
    // It writes the profile when it ends.
    await bridge.stop();
  }
  const [file] = readdirSync(written);
  if (file === undefined) throw new Error('the bridge wrote no profile');
  return readStacks(JSON.parse(readFileSync(join(written, file), 'utf8')), windows);
}

/** @throws Error when more than one in a hundred was refused, as a machine that is too busy does */
async function playRound(origin: string, { start, vouch, callback }: Player): Promise<Window> {
  const vouched: Vouched[] = [];
  await sideBySide(Array(logins).keys(), crowd, async (number) => {
    const begun = await start(`${origin}/login`);
    vouched.push(await vouch(begun, { district: 'bench', number: number % students }));
  });
  let refused = 0;
  const from = nowMicros();
  await sideBySide(vouched, crowd, async (one) => {
    const { status } = await callback(one);
    if (status !== 303) refused += 1;
  });
  const to = nowMicros();
  if (refused > logins / 100) throw new Error(`${refused} of ${logins} callbacks were refused`);
  return { from, to };
}

function nowMicros(): number {
  return Number(process.hrtime.bigint() / 1000n);
}
