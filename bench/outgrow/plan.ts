// How many machines and how much memory a load needs, on paper, from what one sign-in, one session and one account were
// measured to cost. Pure, so that the assumptions can be read and changed in one place.

export interface MeasuredCosts {
  /** CPU milliseconds of a bridge for one sign-in, start and callback together. */
  readonly bridgeCpuMs: number;
  /** CPU milliseconds of all masters together for one sign-in, and of all replicas. */
  readonly masterCpuMs: number;
  readonly replicaCpuMs: number;
  /** In and out of all masters, replication included. */
  readonly netBytes: number;
  readonly bytesPerAccount: number;
  readonly bytesPerSession: number;
  /** Of a used state, which is known for `stateSeconds`. */
  readonly bytesPerState: number;
  readonly stateSeconds: number;
  /** The part of a sign-in's commands that goes to the name asked for most, which no further master can share: 0 to 1. */
  readonly hottestShare: number;
}

export interface Load {
  readonly accounts: number;
  readonly signInsPerSecond: number;
}

export interface Plan {
  readonly bridges: number;
  readonly bridgeMachines: number;
  readonly mastersForCpu: number;
  readonly mastersForMemory: number;
  readonly masters: number;
  /** Of the data once, without replicas. Bytes. */
  readonly accountBytes: number;
  readonly sessionBytes: number;
  readonly stateBytes: number;
  /** Sign-ins a second at which one bridge, three masters and the hottest name are each as busy as they may be. */
  readonly perBridge: number;
  readonly perThreeMasters: number;
  readonly perHottestName: number;
  readonly netBitsPerSecond: number;
}

export const assumed = {
  /** A Node process uses one core for JavaScript; above this its times grow. */
  busyBridge: 0.6,
  coresPerMachine: 16,
  /** Redis runs commands on one core; the rest is for failovers, saving and bursts. */
  busyMaster: 0.5,
  /** Bytes of data to a master, so that a copy for a replica or a save stays quick. */
  bytesPerMaster: 16 * 2 ** 30,
  /** What the allocator and a save add. */
  overhead: 1.5,
  /** Sessions that live at once for each account: a device at home and one at school within SESSION_TTL. */
  sessionsPerAccount: 2,
} as const;

export function planFor(costs: MeasuredCosts, { accounts, signInsPerSecond }: Load): Plan {
  const { busyBridge, coresPerMachine, busyMaster, bytesPerMaster, overhead, sessionsPerAccount } = assumed;
  const perBridge = (busyBridge * 1000) / costs.bridgeCpuMs;
  const perMaster = (busyMaster * 1000) / costs.masterCpuMs;
  const accountBytes = accounts * costs.bytesPerAccount;
  const sessionBytes = accounts * sessionsPerAccount * costs.bytesPerSession;
  const stateBytes = signInsPerSecond * costs.stateSeconds * costs.bytesPerState;
  const bridges = Math.ceil(signInsPerSecond / perBridge);
  const mastersForCpu = Math.ceil(signInsPerSecond / perMaster);
  const mastersForMemory = Math.ceil(((accountBytes + sessionBytes + stateBytes) * overhead) / bytesPerMaster);
  return {
    ...{ bridges, mastersForCpu, mastersForMemory, accountBytes, sessionBytes, stateBytes, perBridge },
    bridgeMachines: Math.ceil(bridges / coresPerMachine),
    masters: Math.max(3, mastersForCpu, mastersForMemory),
    perThreeMasters: 3 * perMaster,
    perHottestName: perMaster / costs.hottestShare,
    netBitsPerSecond: signInsPerSecond * costs.netBytes * 8,
  };
}

/** The first of these that a growing load fills up. */
export function firstToBreak({
  perBridge,
  perThreeMasters,
  perHottestName,
}: Plan): 'bridge' | 'masters' | 'hottest name' {
  const limits = [
    ['bridge', perBridge],
    ['masters', perThreeMasters],
    ['hottest name', perHottestName],
  ] as const;
  const [first] = limits.toSorted(([, one], [, other]) => one - other);
  return first?.[0] ?? 'bridge';
}
