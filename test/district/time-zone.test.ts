// Wall clocks of named zones, with the hours that come twice or never.
import { isTimeZone, readWallTime, showWallTime, wallTime } from '../../src/district/time-zone.ts';

describe('a time zone', () => {
  it.each(['America/Chicago', 'UTC', 'Pacific/Honolulu', 'America/Argentina/Buenos_Aires'])('may be %s', (name) => {
    expect(isTimeZone(name)).toBe(true);
  });
  it.each(['', 'Chicago', '+05:00', 'America/Nowhere', 'America/Chicago\n', 'x'.repeat(100)])('is not %j', (name) => {
    expect(isTimeZone(name)).toBe(false);
  });
});

describe('a wall time', () => {
  const at = (iso: string) => Date.parse(iso);
  it.each([
    ['2026-08-17T08:05', 'America/Chicago', '2026-08-17T13:05:00Z'],
    ['2026-12-17T08:05', 'America/Chicago', '2026-12-17T14:05:00Z'],
    ['2026-12-17T08:05', 'Asia/Kolkata', '2026-12-17T02:35:00Z'],
    ['2026-03-08T03:30', 'America/Chicago', '2026-03-08T08:30:00Z'],
    ['2026-03-08T00:00', 'America/Chicago', '2026-03-08T06:00:00Z'],
    ['2026-11-01T01:30', 'America/Chicago', '2026-11-01T06:30:00Z'],
    ['2026-11-01T02:30', 'America/Chicago', '2026-11-01T08:30:00Z'],
    ['2026-11-02T00:00', 'America/Chicago', '2026-11-02T06:00:00Z'],
    ['2026-08-17T08:05', 'UTC', '2026-08-17T08:05:00Z'],
  ])('%s in %s is %s', (text, zone, iso) => {
    expect(readWallTime(text, zone)).toBe(at(iso));
  });
  it.each([
    ...['2026-02-30T08:00', '2026-13-01T08:00', 'yesterday', '2026-08-17T25:00'],
    ...[
      '0000-01-01T00:00',
      '0001-01-01T00:00',
      '0999-12-31T08:00',
      '1000-01-01T00:00',
      '9999-12-31T23:59',
      '+275760-09-13T00:00',
    ],
  ])('%s is none', (text) => {
    expect(readWallTime(text, 'America/Chicago')).toBeNaN();
  });
  it('is what the clocks of the zone show', () => {
    expect(wallTime(at('2026-08-17T13:05:40Z'), 'America/Chicago')).toBe('2026-08-17T08:05');
    expect(showWallTime(at('2026-08-17T13:05:40Z'), 'America/Chicago')).toBe('2026-08-17 08:05 CDT');
    expect(showWallTime(at('2026-08-17T00:05:00Z'), 'UTC')).toBe('2026-08-17 00:05 UTC');
  });
});
