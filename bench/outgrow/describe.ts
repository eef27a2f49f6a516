// The section on outgrowing one machine, in words and figures, for docs/performance.md.
import { table } from '../report-section.ts';
import type { Failover } from './failover.ts';
import { assumed, firstToBreak, type MeasuredCosts, type Plan, planFor } from './plan.ts';
import type { ShardCount } from './shards.ts';

export interface Step {
  readonly bridges: number;
  readonly perSecond: number;
  /** CPU of all bridges for one sign-in. */
  readonly cpuMs: number;
}

export interface Outgrown {
  readonly command: string;
  readonly machine: string;
  readonly cores: number;
  readonly districts: number;
  /** Of each step, and of the spread. */
  readonly logins: number;
  readonly steps: readonly Step[];
  /** What each master did for them, and each replica. */
  readonly spread: readonly ShardCount[];
  readonly replicated: readonly ShardCount[];
  /** Slots that hold a key, by master. */
  readonly slots: readonly number[];
  /** Commands by hash tag, of `watched` sign-ins. */
  readonly tags: ReadonlyMap<string, number>;
  readonly watched: number;
  readonly accountBytes: number;
  readonly stateBytes: number;
  readonly stateSeconds: number;
  readonly failover: Failover;
  readonly sentinel: Failover;
}

const load = { accounts: 50_000_000, signInsPerSecond: 20_000 };

export function describeOutgrowing(outgrown: Outgrown): string {
  const { command, machine, districts, logins, spread, slots, failover, sentinel } = outgrown;
  const costs = costsOf(outgrown);
  return `## Outgrowing one machine

\`${command}\` on ${machine}: three bridges, a Redis Cluster of three masters with a
replica each, append-only, ${districts.toLocaleString('en')} districts of a few pupils, all on loopback. The driver, Clever's stub and Redis share one
core, the bridges take turns on the others.

### Spread

${logins.toLocaleString('en')} sign-ins, by master:

${table(
  ['master', 'commands', 'share', 'new keys', 'share', 'slots with keys', 'CPU, ms'],
  spread.map(({ commands, keys, cpuMs }, at) => [
    `${at + 1}`,
    `${commands}`,
    percent(commands / sum(spread, (one) => one.commands)),
    `${keys}`,
    percent(keys / sum(spread, (one) => one.keys)),
    `${slots[at] ?? 0}`,
    cpuMs.toFixed(0),
  ]),
)}

${describeTags(outgrown)}

### A further bridge

${describeSteps(outgrown)}

### A master dies

A master is killed for good while people sign in at all three bridges; a node is taken for dead after a second. Lost are
sign-ins that were acknowledged and whose session is not known afterwards: those people sign in again. What endings
survive is told in [sessions](reports/sessions.md).

${table(
  [
    '',
    'sign-ins',
    'everybody gets in again after',
    'refused or unanswered meanwhile',
    'acknowledged and lost',
    'acknowledged when',
  ],
  [
    ['Cluster, one of three masters', ...describeFailover(failover)],
    ['Sentinel, the master', ...describeFailover(sentinel)],
  ],
)}

### On paper: 50 million accounts, 20,000 sign-ins a second

${describePlan(costs, planFor(costs, load))}`;
}

function costsOf({ logins, steps, spread, replicated, tags, watched, ...weights }: Outgrown): MeasuredCosts {
  const [hottest = 0] = [...tags.values()].sort((one, other) => other - one);
  const commands = sum(spread, (one) => one.commands) / logins;
  return {
    bridgeCpuMs: steps.at(-1)?.cpuMs ?? Number.NaN,
    masterCpuMs: sum(spread, ({ cpuMs }) => cpuMs) / logins,
    replicaCpuMs: sum(replicated, ({ cpuMs }) => cpuMs) / logins,
    netBytes: sum(spread, ({ netBytes }) => netBytes) / logins,
    bytesPerAccount: weights.accountBytes,
    bytesPerSession: sum(spread, ({ usedBytes }) => usedBytes) / logins - weights.stateBytes,
    bytesPerState: weights.stateBytes,
    stateSeconds: weights.stateSeconds,
    hottestShare: hottest / watched / commands,
  };
}

function describeTags({ tags, watched }: Outgrown): string {
  const busiest = [...tags].sort(([, one], [, other]) => other - one).slice(0, 3);
  const told = busiest.map(([tag, count]) => `\`${tag}\` ${(count / watched).toFixed(2)}`);
  return `Of ${watched} sign-ins watched, the names asked for most, in commands a sign-in: ${told.join(', ')}. A name lies on one master.`;
}

function describeSteps({ steps, cores }: Outgrown): string {
  const [first] = steps;
  const rows = steps.map(({ bridges, perSecond, cpuMs }) => [
    `${bridges}`,
    perSecond.toFixed(0),
    (perSecond / (first?.perSecond ?? Number.NaN)).toFixed(2),
    cpuMs.toFixed(2),
  ]);
  const ratio = (steps.at(-1)?.cpuMs ?? Number.NaN) / (first?.cpuMs ?? Number.NaN);
  const bound =
    cores > 3
      ? 'Every bridge has a core of its own.'
      : `On ${cores} cores all bridges share ${cores - 1}, so the sign-ins a second are bounded by it and not by their number.`;
  return `${table(['bridges', 'sign-ins a second', '× one', 'CPU of the bridges for one, ms'], rows)}

${bound} With ${steps.length} a sign-in
cost ${ratio.toFixed(2)} times the CPU that it cost with one: 1 says that a further bridge with a core of its own brings all it has,
as bridges hold nothing that they would have to agree on.`;
}

function describeFailover({ signedIn, others, backAfterMs, lost, lostFromMs, lostToMs }: Failover): string[] {
  const told = Object.entries(others).map(([outcome, count]) => `${count} ${outcome}`);
  return [
    `${signedIn}`,
    `${(backAfterMs / 1000).toFixed(1)} s`,
    told.join(', ') || 'none',
    `${lost}`,
    lost === 0 ? '' : `from ${lostFromMs} ms before to ${lostToMs} ms after the kill`,
  ];
}

function describePlan(costs: MeasuredCosts, plan: Plan): string {
  const { busyBridge, coresPerMachine, busyMaster, bytesPerMaster, overhead, sessionsPerAccount } = assumed;
  const gib = (bytes: number) => `${(bytes / 2 ** 30).toFixed(0)} GiB`;
  const held = plan.accountBytes + plan.sessionBytes + plan.stateBytes;
  return `Measured for one: ${costs.bridgeCpuMs.toFixed(2)} ms of CPU at a bridge, ${costs.masterCpuMs.toFixed(2)} at the masters, ${costs.replicaCpuMs.toFixed(2)} at the replicas, ${Math.round(costs.netBytes)} bytes
in and out of the masters; ${Math.round(costs.bytesPerSession)} bytes a session, ${Math.round(costs.bytesPerState)} a used state (for ${costs.stateSeconds} s), ${Math.round(costs.bytesPerAccount)}
an account with the roster before. Assumed: a bridge is ${busyBridge * 100} % busy, a
master ${busyMaster * 100} %; machines of ${coresPerMachine} cores with a bridge on each; ${gib(bytesPerMaster)} of memory used to a master, ${overhead} of it to each byte of data;
${sessionsPerAccount} live sessions an account.

${table(
  ['part', 'needs'],
  [
    ['bridges', `${plan.bridges}, on ${plan.bridgeMachines} machines of ${coresPerMachine} cores`],
    [
      'Redis memory',
      `${gib(plan.accountBytes)} of accounts, ${gib(plan.sessionBytes)} of sessions, ${gib(plan.stateBytes)} of used states; ${gib(held * overhead)} with overhead, twice that with a replica each`,
    ],
    [
      'Redis masters',
      `${plan.masters}: ${plan.mastersForCpu} for the commands, ${plan.mastersForMemory} for the memory; as many replicas`,
    ],
    ['network of Redis', `${(plan.netBitsPerSecond / 1e9).toFixed(1)} Gbit/s over all masters`],
  ],
)}

${verdictOf(plan)}`;
}

function verdictOf(plan: Plan): string {
  const limits = `One bridge is as busy as it may be at ${plan.perBridge.toFixed(0)} sign-ins a second, three masters at ${plan.perThreeMasters.toFixed(0)}, the
master with the name asked for most at ${plan.perHottestName.toFixed(0)} if every command cost the same (a read of one value costs less).`;
  const later =
    plan.perHottestName < load.signInsPerSecond
      ? 'Before 20,000 a second the name asked for most does, which no number of masters helps: its reads must be shared by the servers or the name be split.'
      : 'The name asked for most would go on beyond 20,000 a second.';
  switch (firstToBreak(plan)) {
    case 'bridge':
      return `${limits} The bridges break first, and a further one is all it takes. Then the masters, which a Cluster shares out by slots. ${later}`;
    case 'masters':
      return `${limits} The masters break first; a Cluster shares their slots with further ones. ${later}`;
    case 'hottest name':
      return `${limits} The name asked for most breaks first.`;
  }
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

const sum = <One>(all: readonly One[], figure: (one: One) => number): number =>
  all.reduce((total, one) => total + figure(one), 0);
