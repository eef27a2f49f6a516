// One line in the log for many requests that were refused: a flood of requests must not become a flood of lines.
import type { Rule } from './limiter.ts';

const everyMs = 10_000;

/** @param tell the rule, and how many since it was told of last */
export function createTellLimited(
  tell: (rule: Rule, count: number) => void,
  clock: () => number = Date.now,
): (rule: Rule) => void {
  const rules = new Map<Rule, { toldAt: number; count: number }>();
  return (rule) => {
    const known = rules.get(rule) ?? { toldAt: Number.NEGATIVE_INFINITY, count: 0 };
    rules.set(rule, known);
    known.count += 1;
    if (clock() - known.toldAt < everyMs) return;
    tell(rule, known.count);
    known.toldAt = clock();
    known.count = 0;
  };
}
