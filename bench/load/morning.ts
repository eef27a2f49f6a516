// One stretch of a school morning: people arrive independently, the product checks sessions, and the
// bridge reports its use of resources. Records results; does not judge them.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { arrive, type SignInResult } from '../drive-sign-ins.ts';
import type { LoadFixture } from './load-fixture.ts';
import { type Comer, comerOf } from './people.ts';
import { type Asked, askProduct } from './product.ts';
import { type Scrape, scrape } from './scrape.ts';

export interface Seen extends Comer {
  readonly result: SignInResult;
  /** How much later than it should the driver began. Milliseconds. */
  readonly lateMs: number;
}

export interface Morning {
  readonly perSecond: number;
  readonly seconds: number;
  /** Counts people over all stretches, so that each is distinct. */
  readonly firstCount: number;
  readonly awayMs: number;
  /** Tokens of live sessions that the product asks about, and how often a second each of its two questions. */
  readonly tokens: readonly string[];
  readonly questionsPerSecond: number;
}

/** Of the bridge, while people arrived. */
export interface Usage extends Scrape {
  readonly seconds: number;
  readonly cpuMs: number;
  /** Ready to run and kept from its core, by others or by its own threads. Milliseconds, over all threads. */
  readonly waitedMs: number;
}

export interface Stretch {
  readonly morning: Morning;
  readonly seen: readonly Seen[];
  readonly sessions: readonly Asked[];
  readonly introspections: readonly Asked[];
  readonly usage: Usage;
  /** p99 of the driver's own event loop. Milliseconds. */
  readonly driverDelayMs: number;
}

export async function spendMorning(fixture: LoadFixture, morning: Morning): Promise<Stretch> {
  const { perSecond, seconds, firstCount, awayMs, tokens, questionsPerSecond } = morning;
  const seen: Seen[] = [];
  const measured = await startMeasuring(fixture);
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const product = askProduct(fixture, { tokens, perSecond: questionsPerSecond, seconds });
  const all = arrive({ perSecond, seconds, most: 20_000 }, async (count, dueAt) => {
    const comer = comerOf(firstCount + count, awayMs);
    const lateMs = performance.now() - dueAt;
    seen.push({ ...comer, lateMs, result: await fixture.driver.signIn(comer.student, comer.options) });
  });
  const { sessions, introspections } = await product;
  const usage = await measured();
  delay.disable();
  await all;
  return { morning, seen, sessions, introspections, usage, driverDelayMs: delay.percentile(99) / 1e6 };
}

/** Resolves with the way to end it. */
async function startMeasuring({ bridge, opsUrl }: LoadFixture): Promise<() => Promise<Usage>> {
  // A scrape reports the event loop's delay since the scrape before.
  await scrape(opsUrl);
  const [startedAt, cpuMs, waitedMs] = [performance.now(), bridge.cpuMs(), bridge.waitedMs()];
  return async () => ({
    seconds: (performance.now() - startedAt) / 1000,
    cpuMs: bridge.cpuMs() - cpuMs,
    waitedMs: bridge.waitedMs() - waitedMs,
    ...(await scrape(opsUrl)),
  });
}
