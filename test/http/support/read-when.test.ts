// Times as staff types them.
import { readWhen } from '../../../src/http/support/read-when.ts';

const now = Date.parse('2026-10-03T03:00:00Z');
const iso = (text: string, zone = 'UTC') => {
  const when = readWhen(text, zone, now);
  return when && [new Date(when.from).toISOString(), new Date(when.to).toISOString()];
};

describe('a time that staff types', () => {
  it.each([
    ['2026-10-03T08:00', 'UTC', '2026-10-03T08:00:00.000Z', '2026-10-03T08:00:59.999Z'],
    ['2026-10-03 08:00', 'America/Chicago', '2026-10-03T13:00:00.000Z', '2026-10-03T13:00:59.999Z'],
    ['2026-10-03 08:00 UTC', 'America/Chicago', '2026-10-03T08:00:00.000Z', '2026-10-03T08:00:59.999Z'],
    ['2026-10-03T08:00:00Z', 'America/Chicago', '2026-10-03T08:00:00.000Z', '2026-10-03T08:00:00.000Z'],
    ['2026-10-03T08:00+02:00', 'UTC', '2026-10-03T06:00:00.000Z', '2026-10-03T06:00:00.000Z'],
    ['10/3/2026', 'America/Chicago', '2026-10-03T05:00:00.000Z', '2026-10-04T04:59:59.999Z'],
    ['10/3/26', 'UTC', '2026-10-03T00:00:00.000Z', '2026-10-03T23:59:59.999Z'],
    ['10/3/2026 2:05 pm', 'UTC', '2026-10-03T14:05:00.000Z', '2026-10-03T14:05:59.999Z'],
    ['10/3/2026 12:05am', 'UTC', '2026-10-03T00:05:00.000Z', '2026-10-03T00:05:59.999Z'],
    ['today', 'UTC', '2026-10-03T00:00:00.000Z', '2026-10-03T23:59:59.999Z'],
    ['Today', 'America/Chicago', '2026-10-02T05:00:00.000Z', '2026-10-03T04:59:59.999Z'],
    ['yesterday', 'UTC', '2026-10-02T00:00:00.000Z', '2026-10-02T23:59:59.999Z'],
    ['today 08:00', 'UTC', '2026-10-03T08:00:00.000Z', '2026-10-03T08:00:59.999Z'],
    ['2026-10-03', 'UTC', '2026-10-03T00:00:00.000Z', '2026-10-03T23:59:59.999Z'],
  ])('%s in %s begins and ends', (text, zone, from, to) => {
    expect(iso(text, zone)).toEqual([from, to]);
  });

  it.each(['', 'soon', '13/45/2026', '2026-02-30', '10/3/2026 25:00', '2026-10-03 8', 'today today', '10/3'])(
    '%j is none',
    (text) => {
      expect(iso(text)).toBeUndefined();
    },
  );
});
