// What one core sustains: a closed model, so many people at once, each followed by the next.
import { sideBySide } from '../drive-sign-ins.ts';
import type { LoadFixture } from './load-fixture.ts';
import { comerOf } from './people.ts';

export interface Capacity {
  /** People a second whose sign-in ended, one way or the other. */
  readonly perSecond: number;
  readonly cpuMsEach: number;
  /** Of the core, in percent; the rest was taken by others, or the driver was too slow. */
  readonly cpuPercent: number;
  readonly tokens: readonly string[];
  readonly outcomes: Readonly<Record<string, number>>;
}

/** Enough to keep the core busy, and too few for admission control to refuse any. */
export const concurrency = 15;

export async function findCapacity(
  { driver, bridge }: LoadFixture,
  firstCount: number,
  seconds: number,
): Promise<Capacity> {
  const tokens: string[] = [];
  const outcomes: Record<string, number> = {};
  const [startedAt, cpuBefore] = [performance.now(), bridge.cpuMs()];
  const passed = () => (performance.now() - startedAt) / 1000;
  let ended = 0;
  await sideBySide(
    countUntil(firstCount, () => passed() > seconds),
    concurrency,
    async (count) => {
      const { student, options } = comerOf(count, 0);
      const { token, outcome } = await driver.signIn(student, options);
      ended += 1;
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
      if (token !== undefined && tokens.length < 500) tokens.push(token);
    },
  );
  const cpuMs = bridge.cpuMs() - cpuBefore;
  return { perSecond: ended / passed(), cpuMsEach: cpuMs / ended, cpuPercent: cpuMs / passed() / 10, tokens, outcomes };
}

function* countUntil(first: number, isOver: () => boolean): Generator<number> {
  for (let count = first; !isOver(); count += 1) yield count;
}
