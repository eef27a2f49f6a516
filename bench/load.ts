// `npm run load`: a school morning against a real bridge on one core. Finds what it sustains, then lets people arrive from a
// quarter to twice of that, whether or not it is done with the earlier ones. Writes its section of docs/reports/load.md and
// ends with 1 when a promise was broken.
import { setTimeout as sleep } from 'node:timers/promises';
import { InvalidArgumentError, Option } from 'commander';
import { addWriteOption, createRunCommand, readList, readWhole } from './bench-options.ts';
import { type Capacity, findCapacity } from './load/capacity.ts';
import { figuresOf, findBroken } from './load/figures.ts';
import { type Engine, type LoadFixture, startLoadFixture } from './load/load-fixture.ts';
import { spendMorning } from './load/morning.ts';
import { findWronged } from './load/product.ts';
import { keepPromises } from './load/promises.ts';
import { describeRamp, describeSteady, type Step } from './load/report.ts';
import { holdSteady, judgeSteady, type Steady } from './load/steady.ts';
import { endOnSignals } from './pinned-process.ts';
import { measuredOn, writeSection } from './report-section.ts';

const most = { seconds: 60, minutes: 60, perSecond: 2_000, steps: 12 };

interface Values {
  readonly store: Engine;
  readonly seconds: number;
  readonly rate?: number;
  readonly minutes?: number;
  readonly steps: readonly number[];
  readonly write: boolean;
}

const command = createRunCommand('load', 'A school morning against a real bridge on one core.')
  .addOption(new Option('--store <name>').choices(['redis', 'embedded']).default('redis'))
  .option('--seconds <n>', `of each step, ${most.seconds} at most`, readWhole(1, most.seconds), 10)
  .option('--rate <n>', 'arrivals a second to take for what it sustains', readWhole(1, most.perSecond))
  .option('--minutes <n>', 'a steady half of it instead, and what becomes of the memory', readWhole(1, most.minutes))
  .addOption(
    new Option('--steps <list>', 'arrivals, as parts of what it sustains')
      .default([0.25, 0.5, 0.75, 1, 1.25, 1.5, 2], '0.25 to 2')
      .argParser(readList(most.steps, readPart)),
  );
const values = addWriteOption(command, 'docs/reports/load.md').parse().opts<Values>();
const { store: engine, seconds, steps: times } = values;

endOnSignals();
const fixture = await startLoadFixture(engine);
try {
  const whole = await (values.minutes === undefined ? ramp(fixture) : stay(fixture, values.minutes));
  process.exitCode = whole ? 0 : 1;
} finally {
  await fixture.stop();
}

/** Twice: what is measured first runs on code that is not compiled yet. */
async function measure(of: LoadFixture): Promise<{ readonly capacity: Capacity; readonly full: number }> {
  await findCapacity(of, 0, 4);
  const capacity = await findCapacity(of, 20_000, 6);
  const full = Math.min(most.perSecond, values.rate ?? capacity.perSecond);
  say({ ...capacity, tokens: capacity.tokens.length, full });
  return { capacity, full };
}

async function ramp(of: LoadFixture): Promise<boolean> {
  const { capacity, full } = await measure(of);
  const steps: Step[] = [];
  let firstCount = 40_000;
  for (const one of times) {
    const stretch = await spendMorning(of, {
      perSecond: full * one,
      seconds,
      firstCount,
      awayMs: 1_000,
      tokens: capacity.tokens,
      questionsPerSecond: 20,
    });
    firstCount += stretch.seen.length;
    const signedIn = stretch.seen.filter(({ result }) => result.token !== undefined);
    const broken = findBroken(stretch, await findWronged(of, signedIn));
    steps.push({ times: one, figures: figuresOf(stretch), broken });
    say({ times: one, ...figuresOf(stretch), broken, waitedMs: stretch.usage.waitedMs, driver: stretch.driverDelayMs });
    await sleep(2_000);
  }
  // It accepts all sign-ins again within ten seconds after the load drops.
  await sleep(10_000);
  const promises = await keepPromises(of);
  say(promises);
  write(`ramp ${engine}`, describeRamp({ engine, seconds, capacity, full, steps, promises }, measuredOn()));
  const kept = Object.values(promises).every((text) => /^(\d+) of \1$/.test(text));
  return kept && steps.every(({ broken }) => broken.length === 0);
}

async function stay(of: LoadFixture, minutes: number): Promise<boolean> {
  const { capacity, full } = await measure(of);
  const steady: Steady = await holdSteady(of, {
    minutes,
    perSecond: full / 2,
    firstCount: 40_000,
    tokens: capacity.tokens,
    print: say,
  });
  say({ ...steady, samples: steady.samples.length });
  write('memory', describeSteady(steady, measuredOn()));
  const { isKept, verdict } = judgeSteady(steady);
  process.stdout.write(`${verdict}\n`);
  return isKept;
}

function write(name: string, text: string): void {
  if (values.write) writeSection('reports/load.md', name, text);
}

function say(facts: object): void {
  process.stderr.write(`${JSON.stringify(facts)}\n`);
}

function readPart(text: string): number {
  if (/^\d(\.\d+)?$/.test(text) && Number(text) > 0) return Number(text);
  throw new InvalidArgumentError('They are parts such as 0.5, with commas between.');
}
