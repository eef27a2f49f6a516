// `npm run bench:starts`: how many sign-ins this bridge starts in a second on one core, beside an Express app that does
// nothing but redirect, round by round in turn; and that a start writes nothing anywhere. Writes its section of
// docs/performance.md.
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { findRoot } from '../sandbox/demo/find-root.ts';
import { findFreePort, startRedis } from '../test/helpers/redis-server.ts';
import { readBenchOptions } from './bench-options.ts';
import { startPinnedBridge } from './pinned-bridge.ts';
import { endOnSignals, type PinnedProcess, pinSelf, startPinned, untilReady } from './pinned-process.ts';
import { measuredOn, table, writeSection } from './report-section.ts';
import { showSpread, spreadOf } from './sign-in/measure.ts';
import { startStubProcess } from './stub-process.ts';
import { type Answers, runWrk, type WrkLoad } from './wrk.ts';

const options = readBenchOptions({
  script: 'bench:starts',
  about: 'How many sign-ins this bridge starts in a second on one core.',
  counts: {
    rounds: { about: 'rounds in turn', usual: 5, most: 50 },
    seconds: { about: 'seconds of a round', usual: 3, most: 30 },
  },
});
const [rounds, seconds] = [options.count('rounds'), options.count('seconds')];
const [ownCore, contestantCore] = [0, 1];
const connections = 16;
const reach = 4_500;

interface Contestant {
  readonly name: string;
  readonly url: string;
  readonly process: PinnedProcess;
  readonly send?: WrkLoad['send'];
  readonly measured: (Answers & { readonly cpuMicros: number })[];
}

endOnSignals();
pinSelf(ownCore);
const folder = mkdtempSync(join(tmpdir(), 'sso-bench-starts-'));
const store = join(folder, 'store');
const redis = await startRedis({ args: ['--appendonly', 'no'] });
const counter = new Redis(redis.url);
const app = { clientId: 'bench-app', clientSecret: 'bench-secret' };
const clever = await startStubProcess(app);
const contestants: Contestant[] = [];
try {
  contestants.push(await startExpress('Express 5 alone', 'off'));
  contestants.push(await startExpress('Express 5 alone, with the bridge’s classes of messages', 'on'));
  contestants.push(await startBridge('this bridge, embedded', `embedded:${store}`));
  contestants.push(await startBridge('this bridge, redis', redis.url));
  const limits = { LIMITS: 'on', TRUST_PROXY: '1' };
  contestants.push({ ...(await startBridge('this bridge, redis, limits on', redis.url, limits)), send: 'addresses' });
  for (const contestant of contestants) await runRound(contestant, 3);
  const writes = await countWrites();
  for (let round = 0; round < rounds; round += 1) {
    for (const contestant of contestants) contestant.measured.push(await runRound(contestant, seconds));
    process.stderr.write(`round ${round + 1} of ${rounds}\n`);
  }
  const text = describe(writes);
  process.stdout.write(`${text}\n`);
  if (options.writes) writeSection('performance.md', 'starts', text);
} finally {
  await Promise.all(contestants.map((contestant) => contestant.process.stop()));
  counter.disconnect();
  await clever.stop();
  await redis.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function startExpress(name: string, classes: 'on' | 'off'): Promise<Contestant> {
  const port = await findFreePort();
  const log = join(folder, `express-${classes}.log`);
  const command = [process.execPath, join(findRoot(), 'dist', 'bench', 'starts', 'bare-express.js')];
  const env = { PORT: `${port}`, CLASSES: classes, NODE_ENV: 'production' };
  const running = startPinned(command, { core: contestantCore, env, log });
  const url = `http://localhost:${port}/login`;
  await untilReady(async () => (await fetch(url, { redirect: 'manual' })).status === 302, log);
  return { name, url, process: running, measured: [] };
}

async function startBridge(name: string, storeUrl: string, env: Readonly<Record<string, string>> = {}) {
  const bridge = await startPinnedBridge({
    ...app,
    core: contestantCore,
    port: await findFreePort(),
    storeUrl,
    issuer: clever.url,
    env,
    districts: [{ id: 'bench', students: 10 }],
    log: join(folder, `${name.replaceAll(/\W+/g, '-')}.log`),
  });
  return { name, url: `${bridge.origin}/login`, process: bridge, measured: [] };
}

async function runRound({ url, process: running, send }: Contestant, forSeconds: number) {
  const before = running.cpuMs();
  const load = { core: ownCore, seconds: forSeconds, connections, ...(send === undefined ? {} : { send }) };
  const answers = await runWrk(url, load);
  return { ...answers, cpuMicros: ((running.cpuMs() - before) * 1000) / answers.answered };
}

interface Writes {
  readonly starts: number;
  /** Commands that Redis ran in the seconds of the starts, and in as many seconds without. */
  readonly commands: number;
  readonly idleCommands: number;
  readonly embeddedStarts: number;
  readonly isEmbeddedUnchanged: boolean;
}

/** Both bridges on Redis run; the seconds without starts count their background commands. */
async function countWrites(): Promise<Writes> {
  const [, , embedded, onRedis] = contestants;
  if (embedded === undefined || onRedis === undefined) throw new Error('there is no bridge');
  const count = async () => Number(/total_commands_processed:(\d+)/.exec(await counter.info('stats'))?.[1]);
  const during = async (work: () => Promise<unknown>) => {
    const before = await count();
    await work();
    return (await count()) - before - 1;
  };
  let starts = 0;
  const commands = await during(async () => {
    starts = (await runRound(onRedis, seconds)).answered;
  });
  const idleCommands = await during(() => sleep(seconds * 1000));
  const before = digestOf(store);
  const { answered } = await runRound(embedded, seconds);
  return { starts, commands, idleCommands, embeddedStarts: answered, isEmbeddedUnchanged: before === digestOf(store) };
}

/** Of every byte of every file but the table of who reads, which LMDB keeps beside the data. */
function digestOf(path: string): string {
  const digest = createHash('sha256');
  for (const name of readdirSync(path, { recursive: true, encoding: 'utf8' }).sort())
    if (!name.includes('lock') && name.includes('.')) digest.update(name).update(readFileSync(join(path, name)));
  return digest.digest('hex');
}

function describe({ starts, commands, idleCommands, embeddedStarts, isEmbeddedUnchanged }: Writes): string {
  const [floor] = contestants;
  const of = ({ measured }: Contestant, figure: (one: Contestant['measured'][number]) => number) =>
    measured.map(figure);
  const ratios = (contestant: Contestant) =>
    contestant.measured.map(({ perSecond }, at) => perSecond / (floor?.measured[at]?.perSecond ?? Number.NaN));
  const rates = contestants
    .filter(({ name }) => name.startsWith('this'))
    .map((one) => [one, spreadOf(of(one, (each) => each.perSecond)).median] as const);
  const verdicts = rates.map(
    ([{ name }, rate]) => `${name} ${rate >= reach ? 'reaches it' : `falls short by ${Math.round(reach - rate)}`}`,
  );
  return `## Starts

\`${options.command}\`
on ${measuredOn()}:
\`GET /login\` by wrk over ${connections} kept-alive connections, ${rounds} rounds in turn of ${seconds} s each; the contestant on one
core, wrk, Redis and Clever's stub on the other. Medians of the rounds, in brackets what half of them lie between.

${table(
  ['contestant', 'starts a second', '× Express alone', 'CPU per start, µs', 'p50 / p99, ms'],
  contestants.map((each) => [
    each.name,
    showSpread(spreadOf(of(each, (one) => one.perSecond)), 0),
    showSpread(spreadOf(ratios(each))),
    showSpread(spreadOf(of(each, (one) => one.cpuMicros)), 0),
    `${spreadOf(of(each, (one) => one.p50Ms)).median.toFixed(2)} / ${spreadOf(of(each, (one) => one.p99Ms)).median.toFixed(2)}`,
  ]),
)}

The reach is ${reach.toLocaleString('en')} a second: ${verdicts.join('; ')}. With limits on each request comes as if from another address.

Nothing is written: in the ${seconds} s of ${starts.toLocaleString('en')} starts Redis ran ${commands} commands, in as many seconds without any ${idleCommands}
(what servers ask by themselves); after ${embeddedStarts.toLocaleString('en')} starts every byte of the embedded store ${isEmbeddedUnchanged ? 'is as it was' : '**is not as it was**'}.`;
}
