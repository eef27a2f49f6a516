// A publish, told in words. Names files, lines and columns; never a value of the district's files.
import type { Finding, Place } from '../roster/feed.ts';
import type { Hold } from '../roster/guard.ts';
import type { PublishResult } from '../roster/publish.ts';

const texts = {
  file_missing: 'the file is missing',
  column_missing: 'the column is missing',
  file_unreadable: 'the file cannot be read',
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
} satisfies Record<Finding['code'], string>;

export const tellFinding = ({ code, place }: Finding): string => `${tellPlace(place)}: ${texts[code]}`;

const tellPlace = ({ file, sheet, line, column }: Place): string =>
  [
    file,
    sheet === undefined ? undefined : `sheet ${sheet}`,
    line === undefined ? undefined : `line ${line}`,
    column === undefined ? undefined : `column ${column}`,
  ]
    .filter((part) => part !== undefined)
    .join(', ');

export const tellHold = ({ kind, removed, address_changed, of }: Hold): string =>
  `${removed + address_changed} of the district's ${of} ${kind === 'student' ? 'students' : 'employees'} would leave (${removed}) or get another email (${address_changed}).`;

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
