import { beginningOf } from '../../src/cli/read-commands.ts';

it.each([
  // 22:30 on Saturday in Los Angeles, where clocks go back an hour in the night.
  ['today', 'America/Los_Angeles', '2026-10-31T07:00:00Z'],
  ['yesterday', 'America/Los_Angeles', '2026-10-30T07:00:00Z'],
  ['today', 'UTC', '2026-11-01T00:00:00Z'],
  ['yesterday', 'Europe/Berlin', '2026-10-30T23:00:00Z'],
  [90, 'Europe/Berlin', '2026-11-01T05:28:30Z'],
] as const)('--since %s begins by the clock of %s at %s', (since, zone, at) => {
  expect(new Date(beginningOf(since, zone, Date.parse('2026-11-01T05:30:00Z')))).toEqual(new Date(at));
});
