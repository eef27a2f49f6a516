// Times as staff types them.
import fc from 'fast-check';
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
    ['3 Oct', 'UTC', '2026-10-03T00:00:00.000Z', '2026-10-03T23:59:59.999Z'],
    ['Oct 3rd', 'UTC', '2026-10-03T00:00:00.000Z', '2026-10-03T23:59:59.999Z'],
    ['29 November', 'UTC', '2025-11-29T00:00:00.000Z', '2025-11-29T23:59:59.999Z'],
    ['Sept. 3, 2024 8:05', 'America/Chicago', '2024-09-03T13:05:00.000Z', '2024-09-03T13:05:59.999Z'],
    ['20 May 2026 2:05 pm', 'UTC', '2026-05-20T14:05:00.000Z', '2026-05-20T14:05:59.999Z'],
    ['10/3/26 8 pm', 'UTC', '2026-10-03T20:00:00.000Z', '2026-10-03T20:00:59.999Z'],
    ['Oct 3 at 8am', 'UTC', '2026-10-03T08:00:00.000Z', '2026-10-03T08:00:59.999Z'],
    ['2026-10-02 20:57 PDT', 'America/Chicago', '2026-10-03T03:57:00.000Z', '2026-10-03T03:57:59.999Z'],
    ['10/2/2026 9 pm est', 'UTC', '2026-10-03T02:00:00.000Z', '2026-10-03T02:00:59.999Z'],
    ['2026-10-03', 'UTC', '2026-10-03T00:00:00.000Z', '2026-10-03T23:59:59.999Z'],
    // Days of 25 and 23 hours.
    ['11/1/2026', 'America/Chicago', '2026-11-01T05:00:00.000Z', '2026-11-02T05:59:59.999Z'],
    ['3/8/2026', 'America/Chicago', '2026-03-08T06:00:00.000Z', '2026-03-09T04:59:59.999Z'],
  ])('%s in %s begins and ends', (text, zone, from, to) => {
    expect(iso(text, zone)).toEqual([from, to]);
  });

  it.each([
    '',
    'soon',
    '13/45/2026',
    '2026-02-30',
    '10/3/2026 25:00',
    '2026-10-03 8',
    '10/3/2026 13 pm',
    '10/3/2026 0:05 am',
    '10/3/2026 8 pm XYZT',
    'today today',
    '10/3',
    '31 Feb',
    '3 Marisol',
    'Oct',
    '0001-01-01',
    '0000-06-01 08:05',
    '0001-01-01T00:00:00Z',
    '1/1/0001',
    '1000-01-01',
    '9999-12-31',
    '9999-12-31 08:05 UTC',
    '9999-12-31T23:59:59-12:00',
    '2999-12-31',
  ])('%j is none', (text) => {
    expect(iso(text)).toBeUndefined();
  });
});

it('reads any digits in any zone, or says that they are none', () => {
  const zones = ['UTC', 'America/Chicago', 'Pacific/Kiritimati', 'Pacific/Pago_Pago', 'Africa/Monrovia'];
  const digits = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 8, maxLength: 8 }).map((each) => each.join(''));
  fc.assert(
    fc.property(
      digits,
      fc.constantFrom(...zones),
      fc.constantFrom('', ' 08:05', 'T00:00', ' 23:59 UTC'),
      (all, zone, time) => {
        for (const day of [
          `${all.slice(0, 4)}-${all.slice(4, 6)}-${all.slice(6)}`,
          `${all.slice(4, 6)}/${all.slice(6)}/${all.slice(0, 4)}`,
        ]) {
          const when = readWhen(`${day}${time}`, zone, Date.now());
          if (when !== undefined) expect(new Date(when.from) <= new Date(when.to)).toBe(true);
        }
      },
    ),
    {
      examples: [
        ['00010101', 'America/Chicago', ''],
        ['99991231', 'Pacific/Pago_Pago', ''],
      ],
    },
  );
});
