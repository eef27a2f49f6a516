import { readGrade } from '../../src/formats/known-words.ts';

it.each([
  ['3', '3'],
  ['03', '3'],
  ['3rd', '3'],
  ['Grade 3', '3'],
  ['third grade', '3'],
  ['K', 'Kindergarten'],
  ['KG', 'Kindergarten'],
  ['Pre-K', 'PreKindergarten'],
  ['PK', 'PreKindergarten'],
  ['TransitionalKindergarten', 'TransitionalKindergarten'],
  ['UG', 'Ungraded'],
  ['12th', '12'],
  ['13', '13'],
  ['14', '14'],
  ['Newcomer', 'Newcomer'],
])('the grade %s is %s', (text, grade) => {
  expect(readGrade(text)).toBe(grade);
});
