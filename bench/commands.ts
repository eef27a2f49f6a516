// `npm run bench:commands`: what a command costs before it does anything, as a ratio to Node that does nothing, in turn; and
// a server until it is ready on an empty store. CPU, user and system, of the process. Writes its section of
// docs/performance.md.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findRoot } from '../sandbox/demo/find-root.ts';
import { inheritedEnvironment } from '../sandbox/inherited-environment.ts';
import { findFreePort } from '../test/helpers/redis-server.ts';
import { readBenchOptions } from './bench-options.ts';
import { endOnSignals, startPinned, untilReady } from './pinned-process.ts';
import { measuredOn, table, writeSection } from './report-section.ts';
import { showSpread, spreadOf } from './sign-in/measure.ts';

const options = readBenchOptions({
  script: 'bench:commands',
  about: 'CPU of commands, and of a server until it is ready, beside a Node that does nothing.',
  counts: { rounds: { about: 'rounds in turn', usual: 9, most: 100 } },
});

interface Contestant {
  readonly name: string;
  /** × Node alone, at most; undefined where none was set. */
  readonly reach: number | undefined;
  /** CPU milliseconds of one run. */
  readonly run: () => number | Promise<number>;
  /** One of each round. */
  readonly measured: number[];
}

endOnSignals();
const folder = mkdtempSync(join(tmpdir(), 'sso-bench-commands-'));
const main = join(findRoot(), 'dist', 'bridge', 'main.js');
const core = 1;
const env = { STORE_URL: `embedded:${join(folder, 'store')}`, NODE_ENV: 'development' };

const bare: Contestant = { name: '`node -e 0`', reach: undefined, run: () => runOnce(['-e', '0']), measured: [] };
const contestants: readonly Contestant[] = [
  bare,
  command('--help', 2.5),
  command('district list', 5),
  command('credential list', undefined),
  command('keys list', undefined),
  command('trail', undefined),
  { name: '`serve`, ready on an empty store', reach: 8, run: serveOnce, measured: [] },
];
try {
  // The store gets its keys.
  for (const { run } of contestants) await run();
  for (let round = 0; round < options.count('rounds'); round += 1)
    for (const { run, measured } of contestants) measured.push(await run());
  const text = `## Commands\n\n${describe()}`;
  process.stdout.write(`${text}\n`);
  if (options.writes) writeSection('performance.md', 'commands', text);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function command(words: string, reach: number | undefined): Contestant {
  return { name: `\`sso-bridge ${words}\``, reach, run: () => runOnce([main, ...words.split(' ')]), measured: [] };
}

/** Milliseconds of CPU. Bash's `time` includes child processes; Node's own figure does not. */
function runOnce(words: readonly string[]): number {
  const script = 'TIMEFORMAT="%U %S"; time "$@" > /dev/null 2> "$0"';
  const { stderr } = spawnSync(
    'taskset',
    ['-c', `${core}`, 'bash', '-c', script, join(folder, 'errors'), process.execPath, ...words],
    { env: { ...inheritedEnvironment(), ...env }, encoding: 'utf8' },
  );
  const [, user, system] = /^(\d+\.\d+) (\d+\.\d+)$/m.exec(stderr) ?? [];
  if (user === undefined || system === undefined) throw new Error(`no time: ${stderr}`);
  return (Number(user) + Number(system)) * 1000;
}

async function serveOnce(): Promise<number> {
  const [port, opsPort, store, log] = [
    await findFreePort(),
    await findFreePort(),
    join(folder, 'served'),
    join(folder, 'log'),
  ];
  const settings = {
    ...{ NODE_ENV: 'development', STORE_URL: `embedded:${store}`, PORT: `${port}`, OPS_PORT: `${opsPort}` },
    ...{ PUBLIC_URL: `http://localhost:${port}`, PRODUCT_URL: 'http://localhost:4000' },
    // No server listens there: a bridge starts without Clever.
    ...{ CLEVER_ISSUER: 'http://localhost:1', CLEVER_API_URL: 'http://localhost:1' },
    ...{ CLEVER_CLIENT_ID: 'bench', CLEVER_CLIENT_SECRET: 'bench' },
  };
  const running = startPinned([process.execPath, main, 'serve'], { core, env: settings, log });
  try {
    await untilReady(async () => (await fetch(`http://localhost:${opsPort}/readyz`)).ok, log);
    return running.cpuMs();
  } finally {
    await running.stop();
    rmSync(store, { recursive: true, force: true });
  }
}

function describe(): string {
  const ratios = ({ measured }: Contestant) =>
    spreadOf(measured.map((each, round) => each / (bare.measured[round] ?? each)));
  return `\`${options.command}\`
on ${measuredOn()}:
${options.count('rounds')} rounds in turn, each in a process of its own on one core, with an empty embedded store. CPU, user and system. Medians of the
rounds, in brackets what half of them lie between; × is against Node of the same round.

${table(
  ['', 'CPU, ms', '× Node alone', 'at most', ''],
  contestants.map((each) => {
    const ratio = ratios(each);
    const isMet = each.reach === undefined ? '' : ratio.median <= each.reach ? 'met' : '**not met**';
    return [
      each.name,
      showSpread(spreadOf(each.measured), 0),
      showSpread(ratio, 2),
      each.reach === undefined ? '' : `${each.reach} ×`,
      isMet,
    ];
  }),
)}`;
}
