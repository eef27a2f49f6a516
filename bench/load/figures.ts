// What a stretch of a morning came to, in figures, and what of it breaks a promise.
import { quantile } from '../sign-in/measure.ts';
import type { Seen, Stretch } from './morning.ts';
import type { Asked } from './product.ts';

export interface Quick {
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export interface Figures {
  /** Per second: arrivals, accepted sign-ins, successful sign-ins. */
  readonly arrived: number;
  readonly taken: number;
  readonly signedIn: number;
  /** The bridge's own time of a successful sign-in: start and callback, without the time at Clever. */
  readonly inside: Quick;
  /** Refused at the start, by code, and the bridge's time for them. */
  readonly refused: Readonly<Record<string, number>>;
  readonly refusing: Quick;
  /** How the accepted sign-ins ended. */
  readonly endings: Readonly<Record<string, number>>;
  readonly product: Quick;
  /** Of the core, in percent, and for each accepted sign-in. */
  readonly cpuPercent: number;
  readonly cpuMsEach: number;
  readonly loopMeanMs: number;
  readonly loopP99Ms: number;
  readonly memoryMib: number;
  /** How much later than due the driver began, p99: what it adds to no figure above. */
  readonly lateMs: number;
}

/** With these two a person is asked to come back, politely and with a time. */
const polite: ReadonlySet<string> = new Set(['service_unavailable', 'rate_limited']);

export const isTaken = ({ result }: Seen): boolean => result.callbackMs > 0 || !polite.has(result.outcome);

export function figuresOf({ morning, seen, sessions, introspections, usage }: Stretch): Figures {
  const taken = seen.filter(isTaken);
  const refused = seen.filter((one) => !isTaken(one));
  const signedIn = taken.filter(({ result }) => result.outcome === 'signed-in');
  const perSecond = (list: readonly unknown[]) => list.length / morning.seconds;
  return {
    arrived: perSecond(seen),
    taken: perSecond(taken),
    signedIn: perSecond(signedIn),
    inside: quick(signedIn.map(({ result }) => result.startMs + result.callbackMs)),
    refused: countOutcomes(refused),
    refusing: quick(refused.map(({ result }) => result.startMs)),
    endings: countOutcomes(taken),
    product: quick([...sessions, ...introspections].map(({ ms }) => ms)),
    cpuPercent: usage.cpuMs / usage.seconds / 10,
    cpuMsEach: usage.cpuMs / taken.length,
    loopMeanMs: usage.loopMeanMs,
    loopP99Ms: usage.loopP99Ms,
    memoryMib: usage.residentMib,
    lateMs: quick(seen.map(({ lateMs }) => lateMs)).p99Ms,
  };
}

/** @param wronged who was signed in without a session of their own that lives */
export function findBroken({ seen, sessions, introspections }: Stretch, wronged: readonly Seen[]): string[] {
  const dropped = seen.filter((one) => isTaken(one) && one.result.outcome !== one.ending);
  const rude = seen.filter((one) => !isTaken(one) && !isPolite(one));
  const unreloaded = seen
    .filter(({ options, result }) => result.token !== undefined && options.reloads)
    .filter(({ result }) => result.reloadStatus !== 303);
  return [
    ...countOf(wronged.length, 'signed in without a session of their own that lives'),
    ...countOf(dropped.length, `taken and ended otherwise than they must: ${spell(countOutcomes(dropped))}`),
    ...countOf(rude.length, 'refused without 503 or 429 and a time to come back'),
    ...countOf(unreloaded.length, 'reloads that did not lead on'),
    ...countOf(unanswered(sessions), 'of GET /session about live sessions not answered with 200'),
    ...countOf(unanswered(introspections), 'introspections of live sessions not answered with active'),
  ];
}

const isPolite = ({ result: { refusal } }: Seen) =>
  (refusal?.status === 503 || refusal?.status === 429) && /^[1-9]\d*$/.test(refusal.retryAfter ?? '');

const unanswered = (asked: readonly Asked[]) =>
  asked.filter(({ status, body }) => status !== 200 || body['active'] !== true).length;

const countOf = (count: number, what: string) => (count === 0 ? [] : [`${count} ${what}`]);

function countOutcomes(seen: readonly Seen[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { result } of seen) counts[result.outcome] = (counts[result.outcome] ?? 0) + 1;
  return counts;
}

export const spell = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .sort(([, one], [, other]) => other - one)
    .map(([outcome, count]) => `${outcome} ${count}`)
    .join(', ') || 'none';

export function quick(times: readonly number[]): Quick {
  const sorted = times.toSorted((a, b) => a - b);
  return { p50Ms: quantile(sorted, 0.5), p99Ms: quantile(sorted, 0.99) };
}
