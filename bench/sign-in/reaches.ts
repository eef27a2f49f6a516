// What a sign-in of this bridge is to cost at most, and whether a run kept to it, or by how much not.
import type { SignInResult, Trips } from './describe.ts';
import { costs, ratiosOf, spreadOf, timesFloor } from './measure.ts';

/** How the names of this bridge's contestants begin. */
export const bridgesBegin = 'this bridge';

/** Of the floor's CPU per callback. */
const maxTimesFloor = { 'this bridge, redis': 2, 'this bridge, embedded': 1.7 } as const;
/** Of another's CPU for a whole sign-in. */
const maxOfWhole: readonly (readonly [own: string, other: string, most: number])[] = [
  ['this bridge, redis', 'express + openid-client, as its guide', 0.68],
  ['this bridge, redis', 'express + passport-openidconnect', 1],
  ['this bridge, embedded', 'this bridge, redis', 1.15],
];
const maxRoundTrips = 3;
/** Keys and published rosters are read again by time, not by sign-in. */
const shared = 0.25;

/** The first of the results is the floor. */
export function describeReaches(results: readonly SignInResult[], trips: ReadonlyMap<string, Trips>): string {
  const find = (name: string) => results.find((result) => result.name === name);
  const lines = results.flatMap((result) => {
    const most = Object.entries(maxTimesFloor).find(([name]) => name === result.name)?.[1];
    return most === undefined ? [] : [sayTimes(result, most, results), sayPeers(result, results)];
  });
  const whole = maxOfWhole.flatMap(([own, other, most]) => sayWhole(find(own), find(other), most) ?? []);
  const asked = [...trips].filter(([name]) => name in maxTimesFloor).map(sayTrips);
  return [
    'What a callback is to cost, and what it did:',
    '',
    ...[...lines, ...whole, ...asked].map((line) => `- ${line}`),
  ].join('\n');
}

function sayTimes(result: SignInResult, most: number, [floor]: readonly SignInResult[]): string {
  const times = spreadOf(timesFloor(result.concurrent, floor?.concurrent)).median;
  const own = cpuOf(result);
  const over = own * (1 - most / times);
  const verdict = times <= most ? 'met' : `**not met**, ${over.toFixed(2)} of its ${own.toFixed(2)} ms are too much`;
  return `${result.name}: ${times.toFixed(2)} × the floor, at most ${most} ×: ${verdict}.`;
}

function sayWhole(own: SignInResult | undefined, other: SignInResult | undefined, most: number): string | undefined {
  if (own === undefined || other === undefined) return undefined;
  const times = spreadOf(ratiosOf(own.concurrent, other.concurrent, costs.whole)).median;
  const spent = spreadOf(own.concurrent.map(costs.whole)).median;
  const verdict =
    times <= most
      ? 'met'
      : `**not met**, ${(spent * (1 - most / times)).toFixed(2)} of its ${spent.toFixed(2)} ms are too much`;
  return `${own.name}, whole sign-in: ${times.toFixed(2)} × ${other.name}, at most ${most} ×: ${verdict}.`;
}

/** Compared with the peers that verify signatures; the others are named too, because readers compare with them. */
function sayPeers(result: SignInResult, results: readonly SignInResult[]): string {
  const own = cpuOf(result);
  const say = (peer: SignInResult) =>
    `${own < cpuOf(peer) ? 'ahead of' : '**behind**'} ${peer.name} by ${Math.abs(cpuOf(peer) - own).toFixed(2)} ms`;
  const peers = results.slice(1).filter(({ name }) => !name.startsWith('this bridge'));
  const verifying = peers.filter(({ refusals }) => !refusals['bad-signature']).map(say);
  const others = peers.filter(({ refusals }) => refusals['bad-signature']).map(say);
  const clauses = [
    `of the peers that verify signatures: ${verifying.join(', ') || 'none took part'}`,
    ...(others.length === 0 ? [] : [`of the peers that verify none: ${others.join(', ')}`]),
  ];
  return `${result.name}, CPU per callback, ${clauses.join('; ')}.`;
}

function sayTrips([name, { roundTrips }]: readonly [string, Trips]): string {
  const over = roundTrips - maxRoundTrips;
  const verdict =
    over < shared
      ? 'met; what is above is read again each half second, for all who sign in'
      : `**not met** by ${over.toFixed(2)}`;
  return `${name}: ${roundTrips.toFixed(2)} round trips to Redis, at most ${maxRoundTrips}: ${verdict}.`;
}

const cpuOf = ({ concurrent }: SignInResult): number =>
  spreadOf(concurrent.map(({ callbackCpuMs }) => callbackCpuMs)).median;
