// Findings as people read them: errors first, the same ones together, columns as the file calls them.
import { errorAt, warningAt } from '../../src/formats/finding.ts';
import { findingRows, gatherFindings } from '../../src/roster/gather-findings.ts';
import { collectFindings, nothingChanges, type Report } from '../../src/roster/report.ts';
import { describeReport } from '../../src/roster/report-text.ts';

const at = (line: number, column = 'Student email') => ({ file: 'Roster.xlsx', sheet: 'Students', line, column });
const report: Report = {
  method: 'manual',
  accounts: { student: 0, teacher: 0, staff: 0, administrator: 0 },
  schools: 0,
  classes: 0,
  enrollments: 0,
  students_enrolled: 0,
  changes: nothingChanges,
  finding_counts: {},
};
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

it('is what a command prints: one line for those of one kind in one column', () => {
  const many = Array.from({ length: 48 }, (_none, index) => warningAt('email_not_plain', at(index + 2)));
  const two = {
    ...at(7, 'SIS id'),
    method: 'manual' as const,
    other: { file: 'students.csv', line: 9, method: 'sftp' as const },
  };
  const found = collectFindings();
  for (const finding of [...list, ...many, warningAt('id_of_another_person', two)]) found.add(finding);
  const lines = describeReport({ kind: 'refused', code: 'errors_found', report, findings: found.result() });
  expect(lines.filter((line) => /^(ERROR|warning) /.test(line))).toEqual([
    'ERROR  schools.csv: the file is missing',
    expect.stringMatching(
      /^warning {2}Roster\.xlsx, sheet Students, lines 3, 9, column Student email: the email has capital/,
    ),
    expect.stringMatching(/^warning {2}Roster\.xlsx, sheet Students, line 4, column Parent email: /),
    expect.stringMatching(/^warning {2}Roster\.xlsx, sheet Students, cell F5, column Grade: /),
    expect.stringMatching(
      /^warning {2}Roster\.xlsx, sheet Students, lines 2, 3, 4, .*, 21 and 28 more, column Student email: /,
    ),
    expect.stringMatching(
      /^warning {2}Roster\.xlsx \(manual\), sheet Students, line 7 and students\.csv \(sftp\), line 9, column SIS id: /,
    ),
  ]);
  expect(lines).toContain('email_not_plain: 48 in all');
});
