// The section on outgrowing one machine, in words and figures, for docs/performance.md.
import { table } from '../report-section.ts';
import { quantile, type Spread, showSpread, spreadOf } from '../sign-in/measure.ts';
import { describePlan } from './describe-plan.ts';
import type { Failover } from './failover.ts';
import type { MeasuredCosts } from './plan.ts';
import type { ShardCount } from './shards.ts';

export interface StepRound {
  readonly perSecond: number;
  /** CPU of all bridges for one sign-in. */
  readonly cpuMs: number;
}

export interface Step {
  readonly bridges: number;
  /** In turn with those of the other steps. */
  readonly rounds: readonly StepRound[];
}

export interface Outgrown {
  readonly command: string;
  readonly machine: string;
  readonly cores: number;
  readonly districts: number;
  /** Of each round of a step, and of the spread. */
  readonly logins: number;
  readonly steps: readonly Step[];
  /** CPU of a bridge for one start. */
  readonly startCpuMs: number;
  /** What each master did for them, and each replica. */
  readonly spread: readonly ShardCount[];
  readonly replicated: readonly ShardCount[];
  /** Slots that hold a key, by master. */
  readonly slots: readonly number[];
  /** Commands by hash tag and by slot, of as many sign-ins. */
  readonly tags: ReadonlyMap<string, number>;
  readonly slotCommands: ReadonlyMap<number, number>;
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

\`${command}\`
on ${machine}:
three bridges, a Redis Cluster of three masters with a replica each, append-only, ${districts.toLocaleString('en')} districts of a few students, all on loopback.
The driver, Clever's stub and Redis share one core, the bridges take turns on the others.

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

A master is killed for good while people sign in at all three bridges; a node counts as dead after a second. A sign-in is lost if
it was acknowledged and its session is unknown afterwards: those people sign in again. [Sessions](reports/sessions.md) says which
endings survive.

${table(
  [
    '',
    'sign-ins',
    'all sign-ins succeed again after',
    'refused or unanswered meanwhile',
    'acknowledged and lost',
    'acknowledged when (the window)',
  ],
  [
    ['Cluster, one of three masters', ...describeFailover(failover)],
    ['Sentinel, the master', ...describeFailover(sentinel)],
  ],
)}

### On paper: 50 million accounts, 20,000 sign-ins a second

${describePlan(costs, load)}`;
}

function costsOf({ logins, steps, startCpuMs, spread, replicated, tags, ...weights }: Outgrown): MeasuredCosts {
  const all = sum([...tags.values()], (count) => count);
  const ofDistricts = [...tags].filter(([tag]) => isOfDistrict(tag));
  const shared = [...tags].filter(([tag]) => !isOfDistrict(tag)).map(([, count]) => count);
  return {
    // On the machines of the paper each has a core to itself, as the one bridge had.
    bridgeCpuMs: cpuOf(steps[0]).median,
    startCpuMs,
    commands: sum(spread, ({ commands }) => commands) / logins,
    masterCpuMs: sum(spread, ({ cpuMs }) => cpuMs) / logins,
    replicaCpuMs: sum(replicated, ({ cpuMs }) => cpuMs) / logins,
    netBytes: sum(spread, ({ netBytes }) => netBytes) / logins,
    bytesPerAccount: weights.accountBytes,
    bytesPerSession: sum(spread, ({ usedBytes }) => usedBytes) / logins - weights.stateBytes,
    bytesPerState: weights.stateBytes,
    stateSeconds: weights.stateSeconds,
    districtShare: sum(ofDistricts, ([, count]) => count) / all,
    hottestShare: Math.max(0, ...shared) / all,
  };
}

/** Every district's values lie under one name of its own; all other names are shared by districts. */
const isOfDistrict = (tag: string): boolean => /^d-[0-9a-f]{32}$/.test(tag);

function describeTags({ tags, slotCommands, logins }: Outgrown): string {
  const counts = [...slotCommands.values()].sort((one, other) => one - other);
  const total = sum(counts, (count) => count);
  const at = (part: number) => (quantile(counts, part) / logins).toFixed(4);
  const [hottest = 0, mean] = [counts.at(-1), total / counts.length];
  const busiest = [...tags].filter(([tag]) => !isOfDistrict(tag)).sort(([, one], [, other]) => other - one);
  const shares = busiest.slice(0, 3).map(([tag, count]) => `\`${tag}\` ${percent(count / total)}`);
  const ofDistricts = sum([...tags], ([tag, count]) => (isOfDistrict(tag) ? count : 0));
  return `By slot, ${total.toLocaleString('en')} commands of as many sign-ins watched, those of scripts included, over ${counts.length.toLocaleString('en')} of 16,384 slots: the
hottest slot had ${percent(hottest / total)}, ${(hottest / mean).toFixed(1)} times the mean of those slots. Commands of a slot a sign-in: median ${at(0.5)}, 90 % of the
slots at most ${at(0.9)}, 99 % at most ${at(0.99)}, the hottest ${at(1)}. Of all commands ${percent(ofDistricts / total)} go to the name of the person's own
district. Of the names that all districts share, these are read most: ${shares.join(', ')}. A name lies on one master.`;
}

function describeSteps({ steps, cores, logins }: Outgrown): string {
  const [first] = steps;
  const cpuTimes = (step: Step) => step.rounds.map(({ cpuMs }, at) => cpuMs / (first?.rounds[at]?.cpuMs ?? Number.NaN));
  const rows = steps.map((step) => [
    `${step.bridges}`,
    showSpread(spreadOf(step.rounds.map(({ perSecond }) => perSecond)), 0),
    showSpread(cpuOf(step)),
    showSpread(spreadOf(step.rounds.map(({ cpuMs }) => 1000 / cpuMs)), 0),
    showSpread(spreadOf(cpuTimes(step))),
  ]);
  const bound =
    cores > 3
      ? 'Every bridge had a core of its own, so sign-ins a second are what a further bridge brings.'
      : `On ${cores} cores all bridges share ${cores - 1}: what counts are sign-ins a CPU second, not a second. What the last column has above 1 is what processes
on one core cost each other (switching, caches, fewer commands to a packet); bridges hold nothing that they would have to
agree on, so one with a core of its own costs what the first line says.`;
  return `${first?.rounds.length ?? 0} rounds in turn of ${logins} sign-ins with each number of bridges; medians, in brackets what half of the rounds lie between.

${table(
  ['bridges', 'sign-ins a second', 'CPU of the bridges for one, ms', 'sign-ins a CPU second', '× the CPU with one'],
  rows,
)}

${bound}`;
}

const cpuOf = (step: Step | undefined): Spread => spreadOf(step?.rounds.map(({ cpuMs }) => cpuMs) ?? []);

function describeFailover({ signedIn, others, backAfterMs, lost, lostFromMs, lostToMs }: Failover): string[] {
  const counts = Object.entries(others).map(([outcome, count]) => `${count} ${outcome}`);
  return [
    `${signedIn}`,
    `${(backAfterMs / 1000).toFixed(1)} s`,
    counts.join(', ') || 'none',
    `${lost}`,
    lost === 0 ? 'none was lost' : `from ${lostFromMs} ms before to ${lostToMs} ms after the kill`,
  ];
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

const sum = <One>(all: readonly One[], figure: (one: One) => number): number =>
  all.reduce((total, one) => total + figure(one), 0);
