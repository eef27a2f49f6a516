// A small run of `npm run fuzz`, the same every time. docs/reports/fuzz.md has a large one.
import { fuzz } from '../../bench/fuzz/run.ts';

it('2,000 hostile requests at every route find no fault, no leak and no unpromised answer', async () => {
  const result = await fuzz({
    seed: 2026,
    requests: 2_000,
    engine: 'embedded',
    limits: 'off',
    maxSeconds: 840,
    // It is not about time, and the machine may be busy.
    maxAnswerMs: 120_000,
    print: () => undefined,
  });
  expect(result.findings).toEqual([]);
  expect(result.sent).toBe(2_000);
  expect(result.counts.size).toBeGreaterThan(40);
  expect(result.exitCode).toBe(0);
}, 900_000);
