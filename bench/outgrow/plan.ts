// How many machines and how much memory a load needs, on paper, from what one sign-in, one session and one account were
// measured to cost. Pure, so that the assumptions can be read and changed in one place.

export interface MeasuredCosts {
  /** CPU milliseconds of a bridge with a core to itself for one sign-in, start and callback together. */
  readonly bridgeCpuMs: number;
  /** Of these, those of the start. */
  readonly startCpuMs: number;
  /** To all masters, those that scripts call included. */
  readonly commands: number;
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
  /**
   * Parts of a sign-in's commands, 0 to 1, that lie on one master whatever the number of masters: those to the name of the
   * person's district, and those to the one name that all districts share and ask for most.
   */
  readonly districtShare: number;
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
  readonly redisMachines: number;
  /** Of the data once, without replicas. Bytes. */
  readonly accountBytes: number;
  readonly sessionBytes: number;
  readonly stateBytes: number;
  /** The roster of the largest district, which lies on one master. */
  readonly largestBytes: number;
  /** Sign-ins a second, over all, at which each of these is as busy as it may be. */
  readonly perBridge: number;
  readonly perThreeMasters: number;
  readonly perLargestDistrict: number;
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
  /** Masters and replicas on one machine: memory for each, and a core to save with. */
  redisPerMachine: 4,
  /** Of all accounts and of all sign-ins: one million of fifty. */
  largestDistrict: 0.02,
} as const;

export function planFor(costs: MeasuredCosts, { accounts, signInsPerSecond }: Load): Plan {
  const { busyBridge, coresPerMachine, busyMaster, bytesPerMaster, overhead, largestDistrict } = assumed;
  const perBridge = (busyBridge * 1000) / costs.bridgeCpuMs;
  const perMaster = (busyMaster * 1000) / costs.masterCpuMs;
  const accountBytes = accounts * costs.bytesPerAccount;
  const sessionBytes = accounts * assumed.sessionsPerAccount * costs.bytesPerSession;
  const stateBytes = signInsPerSecond * costs.stateSeconds * costs.bytesPerState;
  const bridges = Math.ceil(signInsPerSecond / perBridge);
  const mastersForCpu = Math.ceil(signInsPerSecond / perMaster);
  const mastersForMemory = Math.ceil(((accountBytes + sessionBytes + stateBytes) * overhead) / bytesPerMaster);
  const masters = Math.max(3, mastersForCpu, mastersForMemory);
  return {
    bridges,
    masters,
    mastersForCpu,
    mastersForMemory,
    accountBytes,
    sessionBytes,
    stateBytes,
    perBridge,
    bridgeMachines: Math.ceil(bridges / coresPerMachine),
    redisMachines: Math.ceil((masters * 2) / assumed.redisPerMachine),
    largestBytes: accountBytes * largestDistrict,
    perThreeMasters: 3 * perMaster,
    perLargestDistrict: perMaster / (costs.districtShare * largestDistrict),
    perHottestName: perMaster / costs.hottestShare,
    netBitsPerSecond: signInsPerSecond * costs.netBytes * 8,
  };
}

export type Part = 'bridge' | 'three masters' | 'largest district' | 'hottest name';

/** In the order in which a growing load fills them up, each with the sign-ins a second at which it does. */
export function breakingOrder(plan: Plan): readonly (readonly [Part, number])[] {
  const limits: readonly (readonly [Part, number])[] = [
    ['bridge', plan.perBridge],
    ['three masters', plan.perThreeMasters],
    ['largest district', plan.perLargestDistrict],
    ['hottest name', plan.perHottestName],
  ];
  return limits.toSorted(([, one], [, other]) => one - other);
}
