// The figures that the benchmarks report for many rounds.
import { quantile, spreadOf } from '../../bench/sign-in/measure.ts';

it.each([
  [0, 1],
  [0.5, 3],
  [0.99, 5],
  [1, 5],
])('the quantile %d of one to five is %d', (part, value) => {
  expect(quantile([1, 2, 3, 4, 5], part)).toBe(value);
});

it('the spread of rounds is their median and what half of them lie between, in whatever order they came', () => {
  expect(spreadOf([9, 1, 5, 7, 3, 2, 8, 4, 6])).toEqual({ low: 3, median: 5, high: 7 });
});

it('rounds stay in the order they came', () => {
  const rounds = [3, 1, 2];
  spreadOf(rounds);
  expect(rounds).toEqual([3, 1, 2]);
});

it('nothing measured is no number', () => {
  expect(spreadOf([]).median).toBeNaN();
});
