// Whole sign-ins through Clever and endings of every kind while a bridge and then Redis are killed: what was acknowledged
// holds. The same with ten thousand, and its figures: `npm run prove:sessions`, docs/reports/sessions.md.
import { cluster, cutOff, type Scenario, single } from '../../bench/sessions/scenarios.ts';

const prove = async ({ run }: Scenario, signIns: number) => {
  const verdict = await run(signIns);
  expect(verdict).toMatchObject({ undone: 0, unlisted: 0 });
  // How far the traffic gets in its time is the machine's; the command asks for all of it.
  const ended = Object.values(verdict.ended).reduce((sum, count) => sum + count, 0);
  expect([verdict.signIns > signIns / 4, ended > signIns / 16]).toEqual([true, true]);
  expect(verdict.looks).toBeGreaterThan(0);
  return verdict;
};

it('no acknowledged ending is undone and no live session is lost, whichever process is killed', async () => {
  expect((await prove(single, 1_000)).lost).toBe(0);
}, 900_000);

it('no acknowledged ending is undone by a failover, even where the replica had fallen behind', async () => {
  const { lost, lossWindowMs } = await prove(cutOff, 400);
  // What a failover loses of sign-ins is what was acknowledged after the link fell silent.
  expect([lost < 200, lossWindowMs < 10_000]).toEqual([true, true]);
}, 900_000);

it('no acknowledged ending is undone when a master of a Cluster dies', async () => {
  expect((await prove(cluster, 400)).lost).toBeLessThan(200);
}, 900_000);
