// What a load needs on paper and what breaks first, in words and figures, for docs/performance.md.
import { table } from '../report-section.ts';
import { assumed, breakingOrder, type Load, type MeasuredCosts, type Part, type Plan, planFor } from './plan.ts';

export function describePlan(costs: MeasuredCosts, load: Load): string {
  const plan = planFor(costs, load);
  const { busyBridge, coresPerMachine, busyMaster, bytesPerMaster, overhead, sessionsPerAccount } = assumed;
  const held = plan.accountBytes + plan.sessionBytes + plan.stateBytes;
  return `Measured in this run, for one sign-in:

${describeCosts(costs)}

Assumed: a bridge is ${percent(busyBridge)} busy, a master ${percent(busyMaster)}; machines of ${coresPerMachine} cores with a bridge on each; ${gib(bytesPerMaster)} of memory
used to a master, ${overhead} of it to each byte of data, ${assumed.redisPerMachine} servers of Redis on a machine; ${sessionsPerAccount} live sessions an account; the
largest district has ${percent(assumed.largestDistrict)} of all.

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
      `${plan.masters}: ${plan.mastersForCpu} for the commands, ${plan.mastersForMemory} for the memory; as many replicas; ${plan.redisMachines} machines`,
    ],
    ['the master of the largest district', `${gib(plan.largestBytes)} of its roster, today's and the one before`],
    ['network of Redis', `${(plan.netBitsPerSecond / 1e9).toFixed(1)} Gbit/s over all masters`],
  ],
)}

${verdictOf(plan, load)}`;
}

function describeCosts(costs: MeasuredCosts): string {
  const ms = (value: number) => `${value.toFixed(2)} ms`;
  return table(
    ['', 'costs'],
    [
      ['CPU of a bridge, a start', ms(costs.startCpuMs)],
      ['CPU of a bridge, a callback', ms(costs.bridgeCpuMs - costs.startCpuMs)],
      ['commands to the masters, those of scripts included', costs.commands.toFixed(1)],
      ['CPU of the masters', ms(costs.masterCpuMs)],
      ['CPU of the replicas', ms(costs.replicaCpuMs)],
      ['in and out of the masters', `${Math.round(costs.netBytes)} bytes`],
      ['a session', `${Math.round(costs.bytesPerSession)} bytes`],
      [`a used state, for ${costs.stateSeconds} s`, `${Math.round(costs.bytesPerState)} bytes`],
      ['an account, with the roster before', `${Math.round(costs.bytesPerAccount)} bytes`],
    ],
  );
}

const remedies: Readonly<Record<Part, string>> = {
  bridge: 'a bridge; a further one is all it takes',
  'three masters': 'three masters; a Cluster shares their slots with further ones',
  'largest district':
    'the master of the largest district; it can have a master to itself, and beyond that its reads must go to replicas',
  'hottest name':
    'the master of the shared name asked for most; no number of masters helps, its reads must be spared or the name be split',
};

function verdictOf(plan: Plan, load: Load): string {
  const lines = breakingOrder(plan).map(([part, at], index) => {
    const reached = at < load.signInsPerSecond ? '' : ', beyond what was asked for';
    return `${index + 1}. at ${Math.round(at).toLocaleString('en')} sign-ins a second${reached}: ${remedies[part]}.`;
  });
  return `What breaks first as the load grows, if every command costs a master the same (a read of one value costs less):

${lines.join('\n')}`;
}

const gib = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(bytes < 2 ** 34 ? 1 : 0)} GiB`;

const percent = (share: number): string => `${Math.round(share * 100)} %`;
