// Every fault, as it is done and undone. What it is done to is lab.ts and stores.ts.
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { findRoot } from '../../sandbox/demo/find-root.ts';
import { askRedis } from '../../test/helpers/redis-topology.ts';
import type { ProxyMode } from '../../test/helpers/tcp-proxy.ts';
import { districts, type Fault, type Lab, studentsOfDistrict } from './lab.ts';
import { peopleFaults } from './people-faults.ts';
import type { FaultyStore, StoreKind } from './stores.ts';

const built = (file: string) => join(findRoot(), 'dist', 'bench', file);
const everyStore: readonly StoreKind[] = ['embedded', 'redis'];

function the<Name extends keyof FaultyStore>(lab: Lab, name: Name): NonNullable<FaultyStore[Name]> {
  const found = lab.store[name];
  if (found === undefined) throw new TypeError(`this store has no ${name}`);
  return found;
}

/** Between the bridges and a single Redis. */
const between = (name: string, title: string, mode: ProxyMode, lastsMs = 6_000): Fault => ({
  name,
  title,
  stores: ['redis'],
  lastsMs,
  inject: (lab) => the(lab, 'single').proxy.set(mode),
  heal: (lab) => the(lab, 'single').proxy.set({ kind: 'pass' }),
});

const redisCall = (lab: Lab, ...words: [string, ...string[]]) => askRedis(the(lab, 'single').server.port, ...words);

const storeFaults: readonly Fault[] = [
  between('store-slow', 'The store answers 100 ms late each way', { kind: 'slow', ms: 100 }),
  between('store-crawling', 'The store answers 1.2 s late each way', { kind: 'slow', ms: 1_200 }),
  between('store-refusing', 'The store takes no connection', { kind: 'refuse' }),
  between('store-hanging', 'The store takes everything and says nothing', { kind: 'hang' }, 10_000),
  between('store-vanished', 'The store’s machine vanishes and comes back', { kind: 'vanish' }, 10_000),
  between('store-resetting', 'Connections to the store are reset', { kind: 'reset' }),
  between('store-throttled', 'The store’s answers trickle at 20 kB/s', { kind: 'throttle', bytesPerSecond: 20_000 }),
  between('store-garbage', 'The store answers random bytes', { kind: 'garbage' }),
  {
    name: 'store-stopped',
    title: 'The Redis process stands still (SIGSTOP)',
    stores: ['redis'],
    lastsMs: 10_000,
    inject: async (lab) => the(lab, 'single').server.pause(),
    heal: async (lab) => the(lab, 'single').server.resume(),
  },
  {
    name: 'store-killed',
    title: 'Redis is killed and started again with its data',
    stores: ['redis'],
    lastsMs: 5_000,
    inject: (lab) => the(lab, 'single').server.kill9(),
    heal: (lab) => the(lab, 'single').server.restart(),
  },
  {
    name: 'store-emptied',
    title: 'Redis is killed and started again empty',
    stores: ['redis'],
    lastsMs: 5_000,
    inject: (lab) => the(lab, 'single').server.kill9(),
    heal: (lab) => the(lab, 'single').server.restart({ empty: true }),
    may: { lose: true, stayIll: true },
  },
  {
    name: 'disk-full',
    title: 'The store’s disk is full',
    stores: everyStore,
    lastsMs: 6_000,
    inject: async (lab) => the(lab, 'disk').fill(),
    heal: async (lab) => the(lab, 'disk').free(),
  },
  {
    name: 'memory-full',
    title: 'Redis has no memory left and evicts nothing',
    stores: ['redis'],
    lastsMs: 6_000,
    inject: (lab) => redisCall(lab, 'CONFIG', 'SET', 'maxmemory', '1mb'),
    heal: (lab) => redisCall(lab, 'CONFIG', 'SET', 'maxmemory', '0'),
  },
];

const replicaFaults: readonly Fault[] = [
  {
    name: 'failover',
    title: 'The master is killed, Sentinel makes another one',
    stores: ['sentinel'],
    lastsMs: 8_000,
    inject: (lab) => the(lab, 'sentinel').servers[0]?.kill9() ?? Promise.resolve(),
    heal: (lab) => the(lab, 'sentinel').servers[0]?.restart() ?? Promise.resolve(),
    may: { lose: true },
  },
  {
    name: 'failover-asleep',
    title: 'The master stands still, is replaced, and wakes up as if nothing had been',
    stores: ['sentinel'],
    lastsMs: 8_000,
    inject: async (lab) => the(lab, 'sentinel').servers[0]?.pause(),
    heal: async (lab) => the(lab, 'sentinel').servers[0]?.resume(),
    may: { lose: true },
  },
  {
    name: 'node-lost',
    title: 'A Cluster loses a master, its replica takes over',
    stores: ['cluster'],
    lastsMs: 8_000,
    inject: (lab) => the(lab, 'cluster').servers[1]?.kill9() ?? Promise.resolve(),
    heal: (lab) => the(lab, 'cluster').servers[1]?.restart() ?? Promise.resolve(),
    may: { lose: true },
  },
  {
    name: 'slot-moved',
    title: 'The slots of every district move to another node',
    stores: ['cluster'],
    lastsMs: 8_000,
    async inject(lab) {
      const cluster = the(lab, 'cluster');
      for (const slot of await slotsInUse(lab)) await cluster.moveSlot(slot);
    },
    heal: async () => undefined,
  },
];

/** Of what stays: districts, keys, credentials, endings. */
async function slotsInUse(lab: Lab): Promise<readonly number[]> {
  const cluster = the(lab, 'cluster');
  const slots = new Set<number>();
  for (const { port } of cluster.servers.slice(0, 3)) {
    const keys: unknown = await askRedis(port, 'KEYS', 'sso:*');
    const lasting = (Array.isArray(keys) ? keys.map(String) : []).filter((key) => !/\{(state|references)-/.test(key));
    for (const key of lasting) slots.add(await cluster.slotOf(key));
  }
  return [...slots];
}

type Turn = Parameters<Lab['clever']['turn']>[0];

const atClever = (name: string, title: string, settings: Turn, lastsMs = 6_000): Fault => ({
  name,
  title,
  stores: everyStore,
  lastsMs,
  inject: (lab) => lab.clever.turn(settings),
  heal: (lab) => lab.clever.turn({}),
});

const cleverFaults: readonly Fault[] = [
  atClever('clever-slow', 'Clever answers three seconds late', { slow: { ms: 3_000, on: ['token'] } }),
  atClever('clever-hanging', 'Clever takes the code and says nothing', { slow: { ms: 60_000, on: ['token'] } }, 14_000),
  atClever('clever-failing', 'Clever answers 503', { fail: { on: ['token', 'jwks', 'discovery'], status: 503 } }),
  atClever('clever-resetting', 'Clever breaks the connection', { drop: { on: ['token'] } }),
  atClever('clever-garbage', 'Clever answers a page where JSON is due', { html: { on: ['token'] } }),
  atClever('clever-endless', 'Clever answers 30 MB', { huge: { on: ['token'] } }, 4_000),
  atClever('clever-forging', 'Clever’s id_tokens are for another app', { idToken: { forge: 'wrong-audience' } }),
  atClever('clever-rotating', 'Clever changes its signing key', { rotateKey: true }),
];

const clock = (name: string, title: string, stepMs: number, both: boolean): Fault => {
  const env = {
    NODE_OPTIONS: `--import ${pathToFileURL(built('faults/shift-clock.js')).href}`,
    CLOCK_STEP_MS: `${stepMs}`,
  };
  const jump = async ({ bridges }: Lab) => {
    for (const bridge of both ? bridges : bridges.slice(1)) bridge.signal('SIGUSR2');
  };
  return { name, title, stores: ['redis'], lastsMs: 8_000, inject: jump, heal: jump, env };
};

const clockFaults: readonly Fault[] = [
  clock('clock-ahead', 'One server’s clock jumps 5 minutes ahead, and back', 300_000, false),
  clock('clock-behind', 'One server’s clock jumps 5 minutes back, and ahead', -300_000, false),
  clock('clocks-ahead', 'Every server’s clock jumps 5 minutes ahead, and back', 300_000, true),
  clock('clocks-behind', 'Every server’s clock jumps 5 minutes back, and ahead', -300_000, true),
];

const processFaults: readonly Fault[] = [
  {
    name: 'sigterm',
    title: 'A bridge gets SIGTERM under load, and is started again',
    stores: everyStore,
    lastsMs: 6_000,
    inject: async ({ bridges }) => {
      const exitCode = await bridges[0]?.stop();
      if (exitCode !== 0) throw new Error(`the bridge ended with ${exitCode}`);
    },
    heal: (lab) => lab.restartBridge(0),
    may: { notListen: true },
  },
  {
    name: 'sigkill',
    title: 'A bridge is killed at six random moments, and started again',
    stores: everyStore,
    lastsMs: 12_000,
    async inject(lab) {
      for (let time = 0; time < 6; time += 1) {
        await sleep(randomInt(50, 700));
        await lab.bridges[0]?.kill9();
        await lab.restartBridge(0);
      }
    },
    heal: async () => undefined,
    may: { notListen: true, breakConnections: true },
  },
  {
    name: 'publish-killed',
    title: 'The command that publishes is killed at twelve random moments',
    stores: everyStore,
    lastsMs: 14_000,
    async inject(lab) {
      for (let time = 0; time < 12; time += 1) {
        const words = [built('prepare-district.js'), districts[0] ?? '', `${studentsOfDistrict}`];
        const env = { PATH: process.env['PATH'] ?? '', ...lab.store.directEnv };
        const child = spawn(process.execPath, words, { env, stdio: 'ignore' });
        const ended = new Promise((resolve) => child.once('exit', resolve));
        await Promise.race([ended, sleep(randomInt(200, 1_100))]);
        child.kill('SIGKILL');
        await ended;
      }
    },
    heal: async () => undefined,
  },
];

/** To compare with: what the machine does when nothing is broken. */
const nothing: Fault = {
  name: 'nothing',
  title: 'Nothing, to compare with',
  stores: ['embedded', 'redis', 'sentinel', 'cluster'],
  lastsMs: 4_000,
  inject: async () => undefined,
  heal: async () => undefined,
};

export const faults: readonly Fault[] = [
  nothing,
  ...storeFaults,
  ...replicaFaults,
  ...cleverFaults,
  ...clockFaults,
  ...processFaults,
  ...peopleFaults,
];
