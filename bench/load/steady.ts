// The same load for minutes, and what becomes of the bridge's memory: resident, and on the heap after a full collection,
// once a minute, with the slope of both.
import { setTimeout as sleep } from 'node:timers/promises';
import { findBroken, quick } from './figures.ts';
import { probeHeap } from './heap.ts';
import type { LoadFixture } from './load-fixture.ts';
import { spendMorning } from './morning.ts';
import { findWronged } from './product.ts';
import { scrape } from './scrape.ts';

export interface Sample {
  readonly minute: number;
  readonly heapMib: number;
  readonly residentMib: number;
  readonly storeMib: number | undefined;
  /** Since the sample before. */
  readonly signedIn: number;
  readonly p99Ms: number;
}

export interface Steady {
  readonly perSecond: number;
  readonly samples: readonly Sample[];
  /** MiB a minute, the first minutes left out: caches fill and code is compiled. */
  readonly heapSlope: number;
  readonly residentSlope: number;
  readonly broken: readonly string[];
}

export interface SteadyOptions {
  readonly minutes: number;
  readonly perSecond: number;
  readonly firstCount: number;
  readonly tokens: readonly string[];
  readonly print: (sample: Sample) => void;
}

const sampleSeconds = 60;
/** Let those finish who are at Clever when a minute is over. */
const pauseMs = 500;

export async function holdSteady(fixture: LoadFixture, options: SteadyOptions): Promise<Steady> {
  const { minutes, perSecond, tokens, print } = options;
  const heap = await probeHeap(fixture.inspectorUrl);
  const samples: Sample[] = [];
  const broken: string[] = [];
  let firstCount = options.firstCount;
  for (let minute = 1; minute <= minutes; minute += 1) {
    const morning = { perSecond, seconds: sampleSeconds, firstCount, awayMs: 1_000, tokens, questionsPerSecond: 10 };
    const stretch = await spendMorning(fixture, morning);
    firstCount += stretch.seen.length;
    const signedIn = stretch.seen.filter(({ result }) => result.token !== undefined);
    broken.push(...findBroken(stretch, await findWronged(fixture, signedIn)));
    await sleep(pauseMs);
    const times = signedIn.map(({ result }) => result.startMs + result.callbackMs);
    const sample = {
      minute,
      heapMib: await heap.usedMib(),
      residentMib: (await scrape(fixture.opsUrl)).residentMib,
      storeMib: await fixture.storeMib(),
      signedIn: signedIn.length,
      p99Ms: quick(times).p99Ms,
    };
    print(sample);
    samples.push(sample);
  }
  heap.close();
  const settled = samples.slice(Math.min(3, Math.floor(minutes / 3)));
  const slope = (of: (sample: Sample) => number) =>
    slopeOf(settled.map((sample) => [sample.minute, of(sample)] as const));
  return {
    perSecond,
    samples,
    broken,
    heapSlope: slope(({ heapMib }) => heapMib),
    residentSlope: slope(({ residentMib }) => residentMib),
  };
}

/** MiB a minute that the heap may grow by: an hour of it is less than a young heap's noise. */
const maxHeapSlope = 0.5;

/** A slope of fewer is noise. */
const fewestMinutes = 5;

/** The promise of flat memory, and all others that were kept meanwhile. */
export function judgeSteady({ heapSlope, broken, samples }: Pick<Steady, 'heapSlope' | 'broken' | 'samples'>) {
  const isLong = samples.length >= fewestMinutes;
  const isFlat = isLong && heapSlope < maxHeapSlope;
  const promises = broken.length === 0 ? 'kept' : broken.join('; ');
  const grows = `${heapSlope.toFixed(2)} MiB a minute, ${maxHeapSlope} at most`;
  return {
    isKept: isFlat && broken.length === 0,
    verdict: isLong
      ? `Memory ${isFlat ? 'is flat' : 'GROWS'}: the heap by ${grows}. Promises: ${promises}.`
      : `Too short to judge memory: ${fewestMinutes} minutes at least. Promises: ${promises}.`,
  };
}

/** By least squares; 0 of fewer than two points. */
export function slopeOf(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (of: (point: readonly [number, number]) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [x, y] = [mean(([at]) => at), mean(([, value]) => value)];
  const spread = points.reduce((sum, [at]) => sum + (at - x) ** 2, 0);
  return spread === 0 ? 0 : points.reduce((sum, [at, value]) => sum + (at - x) * (value - y), 0) / spread;
}
