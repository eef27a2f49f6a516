// The paper on outgrowing one machine: its arithmetic, at figures that can be checked by heart.
import { assumed, breakingOrder, type MeasuredCosts, planFor } from '../../bench/outgrow/plan.ts';

const costs: MeasuredCosts = {
  bridgeCpuMs: 1,
  startCpuMs: 0.2,
  commands: 16,
  masterCpuMs: 0.1,
  replicaCpuMs: 0.05,
  netBytes: 5_000,
  bytesPerAccount: 800,
  bytesPerSession: 400,
  bytesPerState: 500,
  stateSeconds: 660,
  districtShare: 0.3,
  hottestShare: 0.01,
};
const load = { accounts: 50_000_000, signInsPerSecond: 20_000 };

it('bridges are as many as the CPU of so many sign-ins wants, none of them busier than it may be', () => {
  const { bridges, bridgeMachines, perBridge } = planFor(costs, load);
  expect(perBridge).toBe(600);
  expect(bridges).toBe(34);
  expect(bridgeMachines).toBe(3);
});

it('masters are as many as commands or memory want, whichever is more', () => {
  const plan = planFor(costs, load);
  expect(plan.mastersForCpu).toBe(4);
  expect([plan.accountBytes, plan.sessionBytes, plan.stateBytes]).toEqual([40e9, 40e9, 6.6e9]);
  expect(plan.mastersForMemory).toBe(Math.ceil((86.6e9 * assumed.overhead) / assumed.bytesPerMaster));
  expect(plan.masters).toBe(plan.mastersForMemory);
});

it('a Cluster has three masters however small the load is', () => {
  expect(planFor(costs, { accounts: 1, signInsPerSecond: 1 }).masters).toBe(3);
});

it('the largest district lies on one master, with what people of it ask', () => {
  const { largestBytes, perLargestDistrict } = planFor(costs, load);
  expect(largestBytes).toBe(0.8e9);
  expect(perLargestDistrict).toBeCloseTo(5_000 / (0.3 * 0.02));
});

it.each([
  ['bridge', {}],
  ['three masters', { bridgeCpuMs: 0.01 }],
  ['largest district', { bridgeCpuMs: 0.01, districtShare: 50 }],
  ['hottest name', { bridgeCpuMs: 0.01, hottestShare: 1 }],
])('the %s breaks first when it costs the most: %j', (part, other) => {
  expect(breakingOrder(planFor({ ...costs, ...other }, load))[0]?.[0]).toBe(part);
});
