// Findings as people read them: errors first, the same ones together, columns as the file calls them.
import { errorAt, warningAt } from '../../src/formats/finding.ts';
import { findingRows, gatherFindings } from '../../src/roster/gather-findings.ts';

const at = (line: number, column = 'Student email') => ({ file: 'Roster.xlsx', sheet: 'Students', line, column });
const list = [
  warningAt('capitals', at(3)),
  errorAt('file_missing', { file: 'schools.csv' }),
  warningAt('capitals', at(9)),
  warningAt('capitals', at(4, 'Parent email')),
  warningAt('cell_is_date', { ...at(5, 'Grade'), cell: 'F5' }),
];

it('puts errors first and gathers by kind, file, sheet and column', () => {
  const gathered = gatherFindings({ list }).map(({ severity, code, column, places }) => [
    severity,
    code,
    column,
    places,
  ]);
  expect(gathered).toEqual([
    ['error', 'file_missing', undefined, []],
    ['warning', 'capitals', 'Student email', ['line 3', 'line 9']],
    ['warning', 'capitals', 'Parent email', ['line 4']],
    ['warning', 'cell_is_date', 'Grade', ['cell F5']],
  ]);
});

it('says what is wrong without the place', () => {
  expect(gatherFindings({ list })[0]?.text).toBe('the file is missing');
});

it('lists each in the report file, and counts those of which no place is kept', () => {
  const rows = [...findingRows({ list, counts: { capitals: 300, file_missing: 1, cell_is_date: 1 }, errors: 1 })];
  expect(rows).toHaveLength(1 + list.length + 1);
  expect(rows[1]).toEqual([
    'error',
    'file_missing',
    'schools.csv',
    undefined,
    undefined,
    undefined,
    undefined,
    'the file is missing',
  ]);
  expect(rows.at(-1)?.at(-1)).toBe('297 more');
});
