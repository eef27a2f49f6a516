import { readReason } from '../../src/audit/reason.ts';

it.each([
  ['ticket 4711', 'ticket 4711'],
  ['  the district’s request, 7 May  ', 'the district’s request, 7 May'],
  ['مدرسة', 'مدرسة'],
  ['x'.repeat(500), 'x'.repeat(500)],
])('takes %.30j', (text, reason) => {
  expect(readReason(text)).toBe(reason);
});

it.each([
  '',
  ' ',
  'x'.repeat(501),
  'one\nline more',
  'a\u001b]52;c;ZXZpbA==\u0007',
  'a\u009b31m',
  'a\u202eb',
  'a\u2066b',
  'a\u2028b',
  'a\u0000b',
  'a\u007fb',
])('refuses %.30j', (text) => {
  expect(readReason(text)).toBeUndefined();
});
