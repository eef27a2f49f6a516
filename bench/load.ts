// `npm run load`: a school morning against a real bridge on one core. Finds what it sustains, then lets people arrive from a
// quarter to twice of that, whether or not it is done with the earlier ones. Writes its section of docs/reports/load.md and
// ends with 1 when a promise was broken. --store redis|embedded; --seconds of each step; --rate: arrivals a second to take
// for what it sustains; --minutes N: a steady half instead, and what becomes of the memory.
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { findCapacity } from './load/capacity.ts';
import { figuresOf, findBroken } from './load/figures.ts';
import { type Engine, type LoadHouse, startLoadHouse } from './load/house.ts';
import { spendMorning } from './load/morning.ts';
import { findWronged } from './load/product.ts';

const { values } = parseArgs({
  options: {
    store: { type: 'string', default: 'redis' },
    seconds: { type: 'string', default: '10' },
    rate: { type: 'string' },
    minutes: { type: 'string' },
    steps: { type: 'string', default: '0.25,0.5,0.75,1,1.25,1.5,2' },
    write: { type: 'boolean', default: true },
  },
  allowNegative: true,
});
const engine: Engine = values.store === 'embedded' ? 'embedded' : 'redis';
const seconds = Math.min(60, Number(values.seconds));
const house = await startLoadHouse(engine);
try {
  await ramp(house);
} finally {
  await house.stop();
}

async function ramp(house: LoadHouse) {
  let count = 0;
  await findCapacity(house, count, 4);
  count += 20_000;
  const capacity = await findCapacity(house, count, 6);
  count += 20_000;
  process.stderr.write(`${JSON.stringify({ ...capacity, tokens: capacity.tokens.length })}\n`);
  const full = Math.min(2_000, Number(values.rate ?? capacity.perSecond));
  for (const step of values.steps.split(',').map(Number)) {
    const stretch = await spendMorning(house, {
      ...{ perSecond: full * step, seconds, firstCount: count, awayMs: 1_000 },
      ...{ tokens: capacity.tokens, questionsPerSecond: 20 },
    });
    count += stretch.seen.length;
    const wronged = await findWronged(
      house,
      stretch.seen.filter(({ result }) => result.token !== undefined),
    );
    process.stderr.write(
      `${step} ${JSON.stringify(figuresOf(stretch))} waited ${stretch.usage.waitedMs} driver ${stretch.driverDelayMs}\n${findBroken(stretch, wronged).join('\n')}\n`,
    );
    await sleep(1_000);
  }
}
