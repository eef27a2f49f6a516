import { readStaffRole } from '../../src/formats/known-words.ts';

it.each([
  ['Principal', 'administrator'],
  ['ASSISTANT_PRINCIPAL', 'administrator'],
  [' school admin ', 'administrator'],
  ['District-Administrator', 'administrator'],
  ['superintendent', 'administrator'],
  ['Administrative Assistant', 'staff'],
  ['Database Administrator', 'staff'],
  ['Librarian', 'staff'],
  ['', 'staff'],
])('reads the role %j as %s', (text, role) => {
  expect(readStaffRole(text)).toBe(role);
});
