// One round of one contestant: logins one after the other, then concurrently, each step measured separately.
import { sideBySide } from '../drive-sign-ins.ts';
import type { PinnedProcess } from '../pinned-process.ts';
import type { Student } from '../students.ts';
import type { Contestant } from './contestants.ts';
import type { Begun, Player, Vouched } from './play.ts';

export interface Round {
  /** CPU milliseconds of the contestant's processes for one. */
  readonly startCpuMs: number;
  readonly callbackCpuMs: number;
  /** Milliseconds until the answer of the callback. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Callbacks answered in a second, with as many at once as the round says. */
  readonly perSecond: number;
}

export interface Measured {
  readonly contestant: Contestant;
  readonly process: PinnedProcess;
  readonly origin: string;
}

export interface RoundOptions {
  readonly player: Player;
  readonly logins: number;
  readonly concurrency: number;
  /** The student of the nth login. */
  readonly studentOf: (count: number) => Student;
}

/** @throws Error when one login does not come through: a contestant that refuses is not measured. */
export async function measureRound(
  { contestant, process, origin }: Measured,
  { player, logins, concurrency, studentOf }: RoundOptions,
): Promise<Round> {
  const counts = [...Array(logins).keys()];
  const begun: Begun[] = [];
  const beforeStarts = process.cpuMs();
  await sideBySide(counts, concurrency, async () => {
    begun.push(await player.start(origin + contestant.startPath));
  });
  const startCpuMs = (process.cpuMs() - beforeStarts) / logins;

  const vouched: Vouched[] = [];
  await sideBySide(begun.entries(), concurrency, async ([count, one]) => {
    vouched.push(await player.vouch(one, studentOf(count)));
  });

  const times: number[] = [];
  const beforeCallbacks = process.cpuMs();
  const startedAt = performance.now();
  await sideBySide(vouched, concurrency, async (one) => {
    const from = performance.now();
    await completeLogin(contestant, player, one);
    times.push(performance.now() - from);
  });
  const seconds = (performance.now() - startedAt) / 1000;
  const callbackCpuMs = (process.cpuMs() - beforeCallbacks) / logins;
  times.sort((a, b) => a - b);
  return {
    startCpuMs,
    callbackCpuMs,
    perSecond: logins / seconds,
    p50Ms: quantile(times, 0.5),
    p99Ms: quantile(times, 0.99),
  };
}

/** @throws Error when it does not come through */
export async function completeLogin({ redeem }: Contestant, player: Player, vouched: Vouched): Promise<void> {
  const { status, location } = await player.callback(vouched);
  if (status < 300 || status > 303 || location.includes('failed')) throw new Error(`a callback answered ${status}`);
  await redeem?.(player, vouched.cookies, location);
}

/** CPU milliseconds of one, by what it is of. */
export const costs = {
  whole: ({ startCpuMs, callbackCpuMs }: Round) => startCpuMs + callbackCpuMs,
  callback: ({ callbackCpuMs }: Round) => callbackCpuMs,
  start: ({ startCpuMs }: Round) => startCpuMs,
} as const;

/** A cost against another's of the same round. */
export const ratiosOf = (
  rounds: readonly Round[],
  others: readonly Round[],
  cost: (round: Round) => number,
): number[] =>
  rounds.map((round, at) => {
    const other = others[at];
    return other === undefined ? Number.NaN : cost(round) / cost(other);
  });

/** CPU of a callback against the floor's of the same round. */
export const timesFloor = (rounds: readonly Round[], floor: readonly Round[] = []): number[] =>
  ratiosOf(rounds, floor, costs.callback);

/** @param sorted ascending */
export const quantile = (sorted: readonly number[], part: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN;

export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** The median, and what half of the rounds lie between. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  return { median: quantile(sorted, 0.5), low: quantile(sorted, 0.25), high: quantile(sorted, 0.75) };
}

/** `1.23 (1.20–1.31)` */
export const showSpread = ({ median, low, high }: Spread, digits = 2): string =>
  `${median.toFixed(digits)} (${low.toFixed(digits)}–${high.toFixed(digits)})`;
