// The section on sign-in, in words and figures, for docs/performance.md.
import { table } from '../report-section.ts';
import { costs, type Round, ratiosOf, showSpread, spreadOf, timesFloor } from './measure.ts';
import { bridgesBegin, describeReaches } from './reaches.ts';
import { forgeries, type Refusals } from './refusals.ts';

export interface SignInResult {
  readonly name: string;
  /** What it is made of, each with its version. */
  readonly versions: readonly string[];
  /** Round by round in turn with the others: one login at a time, and a crowd of them. */
  readonly alone: readonly Round[];
  readonly concurrent: readonly Round[];
  readonly refusals: Refusals;
  readonly memoryMib: number;
}

/** What a login asked of Redis. */
export interface Trips {
  readonly roundTrips: number;
  readonly commands: number;
}

export interface SignInsReport {
  readonly command: string;
  readonly machine: string;
  /** Of the server that all of them share. */
  readonly redis: readonly string[];
  readonly rounds: number;
  readonly logins: number;
  readonly crowd: number;
  readonly warmLogins: number;
  readonly leftOut: readonly { readonly name: string; readonly lacks: readonly string[] }[];
  /** By name; who asks Redis nothing is not in it. */
  readonly trips: ReadonlyMap<string, Trips>;
}

/** The first of the results is the floor, that the others are measured against. */
export function describeSignIns(results: readonly SignInResult[], report: SignInsReport): string {
  const { command, machine, rounds, logins, crowd, warmLogins, trips } = report;
  return `## Sign-in

\`${command}\`
on ${machine}:
${rounds} rounds in turn, each ${logins} logins one after the other and ${logins} with ${crowd} at once; the contestant on one core,
the driver, Clever's stub and Redis on the other, after ${warmLogins} logins to warm up. Medians of the rounds, in brackets what half of them lie
between. CPU is that of the contestant's processes, at ${crowd} at once unless it says alone; × floor is against the floor of the same round.
By OpenID Connect a callback is all that follows it: the browser comes back to the product's request, and the product redeems the
code and asks userinfo.

${describeTimes(results, report)}

The whole sign-in, its callback and its start: CPU in ms, and what this bridge needs for the same in the same round, with 1.00 for
as much.

${describeRatios(results)}

Who took part: ${[...results.map(showVersions), ...report.redis].join('; ')}.

${describeReaches(results, trips)}

What each lets in. Right is: refuses everything but the genuine login.

${describeRefusals(results)}

Round trips and commands to Redis for one login, counted by the server: ${[...trips].map(showTrips).join('; ')}.`;
}

const showVersions = ({ name, versions }: SignInResult): string => `${name} (${versions.join(', ')})`;

function describeTimes(results: readonly SignInResult[], { crowd, leftOut }: SignInsReport): string {
  const head = [
    'contestant',
    'CPU per callback, ms',
    '× floor',
    'CPU alone, ms',
    'CPU per start, ms',
    'p50 / p99 alone, ms',
    `p50 / p99 at ${crowd}, ms`,
    'callbacks/s',
    'memory, MiB',
  ];
  const rows = results.map((result) => {
    const { name, alone, concurrent, memoryMib } = result;
    const quick = (rounds: readonly Round[]) =>
      `${median(rounds, ({ p50Ms }) => p50Ms).toFixed(2)} / ${median(rounds, ({ p99Ms }) => p99Ms).toFixed(2)}`;
    return [
      name,
      showSpread(spreadOf(concurrent.map(({ callbackCpuMs }) => callbackCpuMs))),
      showSpread(spreadOf(timesFloor(concurrent, results[0]?.concurrent))),
      median(alone, ({ callbackCpuMs }) => callbackCpuMs).toFixed(2),
      median(concurrent, ({ startCpuMs }) => startCpuMs).toFixed(2),
      quick(alone),
      quick(concurrent),
      median(concurrent, ({ perSecond }) => perSecond).toFixed(0),
      memoryMib.toFixed(0),
    ];
  });
  const missing = leftOut.map(({ name, lacks }) => [
    name,
    `left out: ${lacks.join(', ')} is missing`,
    ...Array(7).fill(''),
  ]);
  return table(head, [...rows, ...missing]);
}

/** What a bridge needs for each contestant's work, round by round. */
function describeRatios(results: readonly SignInResult[]): string {
  const own = results.filter(({ name }) => name.startsWith(bridgesBegin));
  const figures = Object.values(costs);
  const ratio = (bridge: SignInResult, result: SignInResult, cost: (round: Round) => number) =>
    bridge === result ? '1.00' : spreadOf(ratiosOf(bridge.concurrent, result.concurrent, cost)).median.toFixed(2);
  return table(
    ['contestant', ...Object.keys(costs), ...own.map(({ name }) => `${name} ÷ it: ${Object.keys(costs).join(', ')}`)],
    results.map((result) => [
      result.name,
      ...figures.map((cost) => showSpread(spreadOf(result.concurrent.map(cost)))),
      ...own.map((bridge) => figures.map((cost) => ratio(bridge, result, cost)).join(', ')),
    ]),
  );
}

function describeRefusals(results: readonly SignInResult[]): string {
  return table(
    ['accepts', ...forgeries, 'foreign state', 'genuine'],
    results.map(({ name, refusals }) => [
      name,
      ...[...forgeries, 'foreign-state' as const].map((forgery) => (refusals[forgery] ? '**takes it**' : 'refuses')),
      refusals.genuine ? 'takes it' : '**refuses**',
    ]),
  );
}

const showTrips = ([name, { roundTrips, commands }]: readonly [string, Trips]): string =>
  `${name} ${roundTrips.toFixed(1)} and ${commands.toFixed(1)}`;

const median = (rounds: readonly Round[], figure: (round: Round) => number): number =>
  spreadOf(rounds.map(figure)).median;
