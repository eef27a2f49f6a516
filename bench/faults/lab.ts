// One fault run from the store fixture up: a store, a stub of Clever, two bridges as processes, people who sign in, the fault, and
// its end. Leaves to judge.ts what it means.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openServices } from '../../src/compose/commands.ts';
import { type CommandConfig, readCommandConfig } from '../../src/config/config.ts';
import type { Environment } from '../../src/config/gather-settings.ts';
import { accountIdOf } from '../../src/roster/account.ts';
import { type BridgeProcess, startBridgeProcess, until } from '../../test/helpers/bridge-process.ts';
import { findFreePort } from '../../test/helpers/redis-server.ts';
import { createDriver, type SignInResult } from '../drive-sign-ins.ts';
import { prepareDistricts } from '../prepare-district.ts';
import { type StubProcess, startStubProcess } from '../stub-process.ts';
import { type Student, sisIdOf } from '../students.ts';
import { type FaultyStore, type StoreKind, startStore } from './stores.ts';
import { runTraffic, type Seen } from './traffic.ts';

export interface Lab {
  readonly store: FaultyStore;
  readonly clever: StubProcess;
  readonly bridges: BridgeProcess[];
  readonly env: Readonly<Record<string, string>>;
  /** The authorization of administration. */
  readonly admin: string;
  /** SFTP_DROP of the bridges, for faults that use it. */
  readonly drop: string;
  /** Found out by the fault itself, for the report; and what of it breaks a promise. */
  readonly facts: string[];
  readonly broken: string[];
  /** One sign-in beside those of the traffic, at the first bridge. */
  signIn(student: Student): Promise<SignInResult>;
  /** What the store holds. */
  keptBytes(): Promise<number>;
  /** Starts the bridge of this place anew, on the same port. */
  restartBridge(place: number): Promise<void>;
}

export interface Fault {
  readonly name: string;
  /** As it stands in the report. */
  readonly title: string;
  readonly stores: readonly StoreKind[];
  /** From when it is there until it is taken away. Milliseconds. */
  readonly lastsMs: number;
  readonly inject: (lab: Lab) => Promise<unknown>;
  readonly heal: (lab: Lab) => Promise<unknown>;
  /** The bridges watch a drop. */
  readonly usesDrop?: true;
  /** Settings of both bridges, and of the second alone. */
  readonly env?: Readonly<Record<string, string>>;
  readonly envOfSecond?: Readonly<Record<string, string>>;
  /** What it may do besides refusing with a promised code. */
  readonly may?: Allowance;
}

export interface Allowance {
  /** Connections break, as when a bridge is killed. */
  readonly breakConnections?: true;
  /** A bridge is away, and does not listen. */
  readonly notListen?: true;
  /** What was acknowledged before may be gone: an asynchronous failover, a store that came back empty. */
  readonly lose?: true;
  /** It does not recover without an operator. */
  readonly stayIll?: true;
}

export interface Run {
  readonly seen: Seen;
  /** performance.now() when the fault came and went. */
  readonly from: number;
  readonly to: number;
  /** When every bridge was ready again; undefined if not in time. */
  readonly readyAt: number | undefined;
  readonly lab: Lab;
  /** What the judge asks the bridges with. */
  readonly authorization: string;
  /** Who each student is, as the store said before anything broke. */
  readonly accountOf: (student: Student) => string;
}

export const districts = ['alder', 'birch', 'cedar', 'dogwood'];
export const studentsOfDistrict = 150;
/** One in twenty is not in the roster: each is refused and has a reference. */
const outsideEvery = 20;
const perSecond = 10;
const warmUpMs = 4_000;
const afterMs = 5_000;

const studentOf = (count: number): Student => ({
  district: districts[count % districts.length] ?? '',
  number: count % outsideEvery === 0 ? 100_000 + count : count % studentsOfDistrict,
});

/** @param judge is called while everything still stands */
export async function runFault<Verdict>(
  fault: Fault,
  kind: StoreKind,
  judge: (run: Run) => Promise<Verdict>,
): Promise<Verdict> {
  const endings: (() => Promise<unknown>)[] = [];
  try {
    const store = await startStore(kind);
    endings.push(store.stop);
    const clever = await startStubProcess({ clientId: 'faults', clientSecret: 'a-secret-for-faults' });
    endings.push(clever.stop);
    const { authorization, admin } = await prepareDistricts(
      store.directEnv,
      districts.map((id) => ({ id, students: studentsOfDistrict })),
    );
    const accountOf = await readAccounts(store.directEnv);
    const lab = await startBridges(fault, { store, clever, admin }, endings);
    return await judge({ ...(await suffer(fault, lab, authorization)), lab, authorization, accountOf });
  } finally {
    for (const ending of endings.reverse()) await ending();
  }
}

export function readSettings(env: Environment): CommandConfig {
  const read = readCommandConfig({ SESSION_TTL: '8h', ATTEMPT_RETENTION: '90d', ...env }, []);
  if (read.kind === 'problems') throw new Error('the settings of the judge are wrong');
  return read.config;
}

async function readAccounts(env: Environment): Promise<Run['accountOf']> {
  const { store, vault } = (await openServices(readSettings(env))).storage;
  await store.close();
  return (student) => accountIdOf(vault, student.district, 'student', sisIdOf(student));
}

async function startBridges(
  fault: Fault,
  { store, clever, admin }: Pick<Lab, 'store' | 'clever' | 'admin'>,
  endings: (() => Promise<unknown>)[],
): Promise<Lab> {
  const drop = mkdtempSync(join(tmpdir(), 'sso-faults-drop-'));
  endings.push(async () => rmSync(drop, { recursive: true, force: true }));
  const ports = [await findFreePort(), await findFreePort(), await findFreePort(), await findFreePort()];
  const env = {
    ...store.env,
    PUBLIC_URL: `http://localhost:${ports[0]}`,
    PRODUCT_URL: 'http://localhost:4000',
    CLEVER_ISSUER: clever.url,
    CLEVER_API_URL: clever.url,
    CLEVER_CLIENT_ID: 'faults',
    CLEVER_CLIENT_SECRET: 'a-secret-for-faults',
    LIMITS: 'off',
    ...(fault.usesDrop === true ? { SFTP_DROP: drop } : {}),
    ...fault.env,
  };
  const start = (place: number) =>
    startBridgeProcess({
      ...env,
      ...(place === 1 ? fault.envOfSecond : {}),
      PORT: `${ports[place * 2]}`,
      OPS_PORT: `${ports[place * 2 + 1]}`,
    });
  const bridges = await Promise.all([start(0), start(1)]);
  const driver = createDriver({ bridges: bridges.map(({ url }) => url), deadlineMs: 20_000 });
  endings.push(() => Promise.all(bridges.map((bridge) => bridge.stop())), driver.close);
  return {
    store,
    clever,
    bridges,
    env,
    admin,
    drop,
    facts: [],
    broken: [],
    signIn: driver.signIn,
    keptBytes: () => store.keptBytes(),
    async restartBridge(place) {
      bridges[place] = await start(place);
    },
  };
}

async function suffer(
  fault: Fault,
  lab: Lab,
  authorization: string,
): Promise<Omit<Run, 'lab' | 'authorization' | 'accountOf'>> {
  const seconds = (warmUpMs + fault.lastsMs + afterMs) / 1000;
  const addresses = lab.bridges.map(({ url, opsUrl }) => ({ url, opsUrl }));
  const traffic = runTraffic({ bridges: addresses, authorization, perSecond, seconds, studentOf });
  await sleep(warmUpMs);
  const from = performance.now();
  await fault.inject(lab);
  await sleep(fault.lastsMs - (performance.now() - from));
  await fault.heal(lab);
  const to = performance.now();
  const isReady = async () =>
    (await Promise.all(addresses.map(async ({ opsUrl }) => (await fetch(`${opsUrl}/readyz`)).status))).every(
      (status) => status === 200,
    );
  const readyAt = await until(() => isReady().catch(() => false), 'the bridges to be ready').then(
    () => performance.now(),
    () => undefined,
  );
  return { seen: await traffic, from, to, readyAt };
}
