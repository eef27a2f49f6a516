// A publish, told in words. Names files, lines and columns; never a value of the district's files.
import type { SwitchResult } from './activate-kept.ts';
import type { Finding, Place } from './feed.ts';
import type { Hold } from './guard.ts';
import type { PublishResult } from './publish.ts';

const texts = {
  file_missing: 'the file is missing',
  column_missing: 'the column is missing',
  file_unreadable: 'the file cannot be read',
  file_not_xlsx:
    'this is no .xlsx workbook; open it in the program it comes from and save it as Excel Workbook (.xlsx)',
  file_encrypted: 'the workbook has a password; save it without one',
  sheet_missing: 'there is no sheet of students, teachers, administrators or classes; see: sso-bridge roster template',
  id_of_two_people: 'this row gives an id to a second person: another row has the same id with another name or email',
  too_many_unusable: 'more than one row in ten cannot be used',
  not_a_file: 'this is a link, a folder or something else that is no plain file, and is not opened',
  file_too_large: 'the file is larger than a roster file may be, and is not opened',
  set_too_large: 'the files are together larger than a roster may be, and are not opened',
  upload_unfinished: 'the upload of this file was begun and never finished',
  row_without_id: 'the row has no id and is left out',
  row_without_name: 'the row lacks a name',
  row_malformed: 'the row has too few or too many cells and is left out',
  email_not_plain: 'this is not one plain email address; nobody can sign in with it',
  email_shared: 'another account has the same email: neither can sign in until one is changed',
  unknown_person: 'the row names a person who is not in the files',
  unknown_class: 'the row names a class that is not in the files and is left out',
  white_space_removed: 'white space around the email was removed',
  not_ascii: 'the email has a character outside plain letters, digits and signs; it must be exactly the one in Clever',
  capitals: 'the email has capital letters; it must be exactly the one in Clever',
  file_not_used: 'this is none of the files of a roster and is not read',
  mailto_removed: '"mailto:" before the email was removed',
  cell_is_date: 'the spreadsheet made a date of this; format the cell as text and type it again',
  cell_not_text:
    'an id cannot be this (true or false, or a number with a fraction); format the cell as text and type it again',
  cell_is_error: 'the cell shows an error',
  cell_merged: 'the cell is merged with another, so it is empty; unmerge the cells and fill in each',
  digits_lost: 'the spreadsheet has lost the last digits of this id; format the cell as text and type it again',
  formula_without_value: 'the formula has not been worked out; open the file in a spreadsheet program and save it',
  class_differs: 'an earlier row gives this class another name or school, and is followed',
  rows_hidden: 'rows of this sheet are hidden or filtered out, the first one here; they were read like all others',
  column_hidden: 'the column is hidden; it was read like all others',
  sheet_hidden: 'the sheet is hidden and was left out',
  sheet_unknown: 'the sheet was left out: it has no columns of students, teachers, administrators or classes',
  not_utf8: 'the file is not UTF-8 and was read as Windows-1252; check letters such as é, or save it as "CSV UTF-8"',
} satisfies Record<Finding['code'], string>;

export const tellFinding = ({ code, place }: Finding): string => `${tellPlace(place)}: ${texts[code]}`;

const tellPlace = ({ file, sheet, line, column, cell }: Place): string =>
  [
    file,
    sheet === undefined ? undefined : `sheet ${sheet}`,
    // A cell says its line.
    cell !== undefined ? `cell ${cell}` : line === undefined ? undefined : `line ${line}`,
    column === undefined ? undefined : `column ${column}`,
  ]
    .filter((part) => part !== undefined)
    .join(', ');

const tellHold = ({ kind, removed, address_changed, of }: Hold): string =>
  `${removed + address_changed} of the district's ${of} ${kind === 'student' ? 'students' : 'employees'} would leave (${removed}) or get another email (${address_changed}).`;

/** Why an approval or a rollback did not happen. */
export const switchTexts = {
  nothing_held: 'Nothing is held.',
  nothing_to_roll_back_to: 'There is no former roster to go back to; it is kept from one publish to the next only.',
  roster_changed_since: 'Another roster was published since this one was held. Publish again.',
} satisfies Record<Extract<SwitchResult, { kind: 'refused' }>['code'], string>;

const told = 20;

export function tellReport(result: PublishResult): string[] {
  const { report, findings } = result;
  const { accounts, changes } = report;
  const change = (kind: 'student' | 'employee', name: string) => {
    const { new: fresh, changed, unchanged, removed, address_changed } = changes[kind];
    return `${name}: ${fresh} new, ${changed} changed (${address_changed} with another email), ${unchanged} unchanged, ${removed} removed`;
  };
  return [
    `${accounts.student} students, ${accounts.teacher} teachers, ${accounts.staff} staff, ${accounts.administrator} administrators; ${report.schools} schools, ${report.classes} classes, ${report.enrollments} enrollments`,
    change('student', 'Students'),
    change('employee', 'Employees'),
    ...tellFindings(findings.list),
    ...Object.entries(findings.counts)
      .filter(([, count]) => count > told)
      .map(([code, count]) => `${code}: ${count} in all`),
    ...(result.kind === 'refused'
      ? ['NOT published: correct the errors above and publish again. The active roster stays.']
      : result.holds.map(tellHold)),
    ...(result.kind === 'held' ? ['HELD: the active roster stays. If this is right: sso-bridge roster approve'] : []),
    ...(result.kind === 'checked'
      ? [
          result.holds.length > 0
            ? 'Checked: publishing would hold this roster. Nothing was changed.'
            : 'Checked. Nothing was changed.',
        ]
      : []),
    ...(result.kind === 'published' ? ['Published.'] : []),
  ];
}

/** Errors first, and of each kind the first few. */
function tellFindings(findings: readonly Finding[]): string[] {
  const seen = new Map<string, number>();
  const few = findings.filter(({ code }) => {
    seen.set(code, (seen.get(code) ?? 0) + 1);
    return (seen.get(code) ?? 0) <= told;
  });
  return few
    .toSorted((one, other) => one.severity.localeCompare(other.severity))
    .map((finding) => `${finding.severity === 'error' ? 'ERROR' : 'warning'}  ${tellFinding(finding)}`);
}
