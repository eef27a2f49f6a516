import fc from 'fast-check';
import { changedId, readId } from '../../src/formats/changed-id.ts';

it.each([
  [
    'digits_lost',
    ['7.38E+11', '1E+15', '7,38E+11', '1.2e-05', ' 7.38E+11 ', '7.38E11', '7.38733E8', '1.5E+3', '-2,5e4'],
  ],
  [
    'cell_is_date',
    [
      '3-Apr',
      '3-Apr-26',
      'Apr-03',
      'Mar-04',
      '03-abr',
      '3. Apr',
      '3 April 2026',
      'April 3, 2026',
      '1-Dez',
      '12-août',
      '4/3/2026',
      '4/3/26',
      '04/03/2026',
      '3.4.2026',
      '03.04.26',
      '2026-04-03',
      '2026/04/03',
      '3-4-2026',
      '2026-04-03 00:00:00',
      '2026-04-03T00:00:00Z',
      '4/3/2026 12:00 AM',
      '12:30',
      '12:30:00',
      'Sat, Apr 3',
    ],
  ],
  ['cell_is_error', ['#REF!', '#N/A', '#VALUE!', '#NAME?', '#DIV/0!', '#NULL!', '#NV', '#BEZUG!', '#¿NOMBRE?', '####']],
  ['cell_not_text', ['TRUE', 'FALSE', ' TRUE ']],
  [
    'id_as_number',
    ['$70003', '$ 70,003.00', '70.003,00 €', '70003€', '($70,003.00)', '-$70003', '£701', '¥701', '$70 003'],
  ],
  ['id_as_number', ['70000.0', '70000.00', '70,000', '1,234,567', '70\u00a0000', '70\u202f000', "70'000", '70000,0']],
  [
    'id_with_signs',
    [
      "'70000",
      '’70000',
      '="70000"',
      '=70000',
      '70\u200b000',
      '\ufeff70000',
      '70000\u200e',
      '70\u00ad000',
      '9\u001b]52;c;eA==\u0007',
      '70\u0000',
      '70\n000',
      '70\t000',
      '70\u009b2J',
      '\u007f70',
    ],
  ],
])('finds %s', (code, ids) => {
  expect(ids.map((id) => [id, changedId(id)])).toEqual(ids.map((id) => [id, code]));
});

it('leaves ids that districts have', () => {
  const ids = [
    '701',
    '00701',
    '02M800',
    '12E5',
    '1E5',
    '1.E5',
    '1.5E',
    's-1',
    'MATH-101',
    '101.1',
    '3-4',
    '3/4',
    '12-05-26',
    'A 12',
    '7.1',
    '2026-27',
    'ñ1',
    '701\r',
    '\t701\n',
    '3f2504e0-4f89-41d3-9a0c-0305e82cb301',
    'address:a@x.example',
    'clever:5f00',
    'h1_h2',
    '738 73 3110',
    '007 123',
    'AB 12',
    '12 B',
    '7 1',
    '10:1',
    'April',
    'true',
    'false',
    'True',
    'TRUE1',
    'A-TRUE',
    '$',
    '$A1',
    'US$1',
    'A$12',
    '12$A',
    '()',
    '(701)',
    '€',
    '#12',
    'C#1',
    'May-Smith',
    '123-456',
    '2026-13-01',
    'x@y',
    '1.10',
    '',
  ];
  expect(ids.flatMap((id) => (changedId(id) === undefined ? [] : [id]))).toEqual([]);
});

it('reads an id that ends in a digit as it stands, on the fast path as on the other', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^\w*\d$/), (id) => {
      expect([readId(id), readId(` ${id} `)]).toEqual([
        { kind: 'id', id },
        { kind: 'id', id },
      ]);
    }),
  );
});

it('reads a cell of letters, digits and underscores on the fast path as on the other', () => {
  const word = fc.oneof(
    fc.stringMatching(/^\w+$/),
    fc.constantFrom('TRUE', 'FALSE', 'none', 'NULL', '__', '7E11', '3Apr'),
  );
  fc.assert(
    fc.property(word, (text) => {
      expect(changedId(text)).toBe(changedId(` ${text} `));
      expect(readId(text)).toEqual(readId(` ${text} `));
    }),
  );
});
