// `npm run bench:checks`: the cost of a session check for the product: offline, by introspection, by
// GET /session; each compared with the smallest program that does the same. Writes its section of docs/performance.md.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { findRoot } from '../sandbox/demo/find-root.ts';
import { findFreePort, startRedis } from '../test/helpers/redis-server.ts';
import { readBenchOptions } from './bench-options.ts';
import type { OfflineRound } from './checks/offline.ts';
import { createDriver } from './drive-sign-ins.ts';
import { type PinnedBridge, startPinnedBridge } from './pinned-bridge.ts';
import { endOnSignals, type PinnedProcess, pinSelf, startPinned, untilReady } from './pinned-process.ts';
import { measuredOn, table, writeSection } from './report-section.ts';
import { showSpread, spreadOf } from './sign-in/measure.ts';
import { startStubProcess } from './stub-process.ts';
import { type Answers, runWrk } from './wrk.ts';

const options = readBenchOptions({
  script: 'bench:checks',
  about: 'What it costs the product to know whether a session is good.',
  counts: {
    rounds: { about: 'rounds in turn', usual: 7, most: 50 },
    seconds: { about: 'seconds of a round', usual: 2, most: 30 },
  },
});
const [rounds, seconds] = [options.count('rounds'), options.count('seconds')];
const [ownCore, contestantCore] = [0, 1];
const connections = 16;
const students = 200;
const district = 'bench';
const audience = 'http://localhost:4000';

interface Contestant {
  readonly name: string;
  readonly origin: string;
  readonly process: PinnedProcess;
  readonly tokens: readonly string[];
  /** A file of them. */
  readonly secrets: string;
  readonly authorization: string;
}

/** What of a contestant is asked. */
const kinds = [
  { name: 'POST /oauth/introspect', path: '/oauth/introspect', send: 'form' },
  { name: 'GET /session', path: '/session', send: 'bearer' },
] as const;

interface Measured {
  readonly contestant: Contestant;
  readonly kind: (typeof kinds)[number];
  readonly rounds: (Answers & { readonly cpuMicros: number })[];
}

endOnSignals();
pinSelf(ownCore);
const folder = mkdtempSync(join(tmpdir(), 'sso-bench-checks-'));
const redis = await startRedis({ args: ['--appendonly', 'no'] });
const app = { clientId: 'bench-app', clientSecret: 'bench-secret' };
const clever = await startStubProcess(app);
const contestants: Contestant[] = [];
try {
  const embedded = await startBridge('embedded', `embedded:${join(folder, 'store')}`);
  const onRedis = await startBridge('redis', redis.url);
  contestants.push(embedded, onRedis);
  const keys = await (await fetch(`${onRedis.origin}/.well-known/jwks.json`)).json();
  contestants.unshift(await startFloor(onRedis, JSON.stringify(keys)));
  const measured: Measured[] = kinds.flatMap((kind) =>
    contestants.map((contestant) => ({ contestant, kind, rounds: [] })),
  );
  for (const one of measured) await runRound(one, 3);
  for (let round = 0; round < rounds; round += 1) {
    for (const one of measured) one.rounds.push(await runRound(one, seconds));
    process.stderr.write(`round ${round + 1} of ${rounds}\n`);
  }
  const offline = await verifyOffline({ keys, issuer: onRedis.origin, tokens: onRedis.tokens });
  const note = describe(measured, offline);
  process.stdout.write(`${note}\n`);
  if (options.writes) writeSection('performance.md', 'checks', note);
} finally {
  await Promise.all(contestants.map((contestant) => contestant.process.stop()));
  await clever.stop();
  await redis.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function startBridge(engine: string, storeUrl: string): Promise<Contestant> {
  const bridge = await startPinnedBridge({
    ...app,
    core: contestantCore,
    port: await findFreePort(),
    storeUrl,
    issuer: clever.url,
    districts: [{ id: district, students }],
    log: join(folder, `${engine}.log`),
  });
  const tokens = await signInAll(bridge);
  const secrets = join(folder, `${engine}.tokens`);
  writeFileSync(secrets, tokens.join('\n'));
  const { authorization } = bridge.credentials;
  return { name: `this bridge, ${engine}`, origin: bridge.origin, process: bridge, tokens, secrets, authorization };
}

async function signInAll({ origin }: PinnedBridge): Promise<string[]> {
  const driver = createDriver({ bridges: [origin], deadlineMs: 30_000 });
  const tokens: string[] = [];
  for (let number = 0; number < students; number += 1) {
    const { token, outcome } = await driver.signIn({ district, number });
    if (token === undefined) throw new Error(`a sign-in ended with ${outcome}`);
    tokens.push(token);
  }
  await driver.close();
  return tokens;
}

/** Checks the same tokens as the bridge that issued them. */
async function startFloor(issued: Contestant, keys: string): Promise<Contestant> {
  const port = await findFreePort();
  const log = join(folder, 'floor.log');
  const command = [process.execPath, join(findRoot(), 'dist', 'bench', 'checks', 'floor.js')];
  const env = { PORT: `${port}`, KEYS: keys, ISSUER: issued.origin, REDIS_URL: redis.url, NODE_ENV: 'production' };
  const running = startPinned(command, { core: contestantCore, env, log });
  const origin = `http://127.0.0.1:${port}`;
  await untilReady(async () => (await fetch(origin)).status === 401, log);
  return { ...issued, name: 'bare floor: node:http, jose, one read of Redis', origin, process: running };
}

async function runRound({ contestant, kind }: Measured, forSeconds: number) {
  const { origin, process: running, secrets, authorization } = contestant;
  const before = running.cpuMs();
  const headers: Record<string, string> = kind.send === 'form' ? { authorization } : {};
  const load = { core: ownCore, seconds: forSeconds, connections, secrets, send: kind.send, headers };
  const answers = await runWrk(origin + kind.path, load);
  return { ...answers, cpuMicros: ((running.cpuMs() - before) * 1000) / answers.answered };
}

async function verifyOffline(of: {
  readonly keys: unknown;
  readonly issuer: string;
  readonly tokens: readonly string[];
}) {
  const script = join(findRoot(), 'dist', 'bench', 'checks', 'offline.js');
  const child = spawn('taskset', ['-c', `${contestantCore}`, process.execPath, script], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(JSON.stringify({ ...of, audience, rounds, checks: 2_000 * seconds }));
  const measured: OfflineRound[] = JSON.parse(await text(child.stdout));
  const names = [...new Set(measured.map(({ name }) => name))];
  return new Map(names.map((name) => [name, measured.filter((one) => one.name === name)]));
}

function describe(measured: readonly Measured[], offline: ReadonlyMap<string, readonly OfflineRound[]>): string {
  const [floor = []] = offline.values();
  const ratioTo = (floorRounds: readonly { perSecond: number }[], own: readonly { perSecond: number }[]) =>
    showSpread(spreadOf(own.map(({ perSecond }, at) => perSecond / (floorRounds[at]?.perSecond ?? Number.NaN))));
  const ratesOf = (own: readonly { readonly perSecond: number; readonly cpuMicros: number }[]) => [
    showSpread(spreadOf(own.map(({ perSecond }) => perSecond)), 0),
    showSpread(spreadOf(own.map(({ cpuMicros }) => cpuMicros)), 0),
  ];
  const floorOf = ({ kind }: Measured) => measured.find((one) => one.kind === kind)?.rounds ?? [];
  return `## Checks by the product

\`${options.command}\`
on ${measuredOn()}:
${rounds} rounds in turn; the checker on one core, wrk over ${connections} kept-alive connections, Redis and Clever's stub on
the other. ${students} sessions in turn. Medians of the rounds, in brackets what half of them lie between.

By the product itself, offline, ${2_000 * seconds} tokens a round, 16 at once:

${table(
  ['', 'checks a second', 'CPU each, µs', '× jose alone'],
  [...offline].map(([name, own]) => [name, ...ratesOf(own), ratioTo(floor, own)]),
)}

By asking the bridge, which sees an ending at once:

${table(
  ['', 'contestant', 'answers a second', 'CPU each, µs', '× floor', 'p50 / p99, ms'],
  measured.map((one) => [
    one.kind.name,
    one.contestant.name,
    ...ratesOf(one.rounds),
    ratioTo(floorOf(one), one.rounds),
    `${spreadOf(one.rounds.map(({ p50Ms }) => p50Ms)).median.toFixed(2)} / ${spreadOf(one.rounds.map(({ p99Ms }) => p99Ms)).median.toFixed(2)}`,
  ]),
)}

The floor knows no client, compares no credential and reads no name.`;
}
