// A finding as text: what is wrong, and where. Names files, lines and columns; never a value of the district's files, except
// one id that is spelled in two ways.

import type { Finding, Place } from '../formats/feed.ts';

const texts = {
  file_missing: 'the file is missing',
  no_roster_file:
    'no file of a roster is here: OneRoster CSV has users.csv and orgs.csv, Clever-style CSV has schools.csv, students.csv and teachers.csv; in a ZIP archive they stand in it as they are, not in another archive',
  column_missing: 'the column is missing',
  file_unreadable:
    'the file cannot be read: it is damaged, may not be opened, is there twice (in other capitals), is packed by a method other than deflate, or has a line of more than 131,072 bytes (the line is named where one is)',
  file_empty: 'the file is empty; export it again',
  file_binary:
    'this is no text (it has NUL or other binary bytes), or UTF-16 without a byte order mark; save it as "CSV UTF-8"',
  file_is_archive:
    'this is an archive or a workbook (ZIP, gzip, Excel) with the name of a text file; unpack it, or save it as "CSV UTF-8"',
  file_is_web_page:
    'this is a web page or XML, not a table; the download may have ended at a sign-in or an error page: export it again as CSV',
  file_is_json:
    'this is JSON, not CSV; have the system export it as CSV (OneRoster CSV, not its API), or save it as "CSV UTF-8"',
  not_utf8: 'from here on the file is not UTF-8; save it as "CSV UTF-8"',
  quote_not_closed:
    'a quote (") opens in this row and never closes, so that all rows behind it are one cell; remove it, or close it',
  quote_misplaced:
    'a quote (") stands within a cell here; a quote that belongs to the text is written twice (""), in a cell in quotes',
  column_twice: 'the column is there twice; remove one of the two',
  no_known_column: 'none of the columns of this file stands here; put the row with the names of the columns first',
  template_not_filled_in:
    'no user is listed below the header, and all users that the template added before would be removed; fill it in',
  mostly_unread: 'most rows of this list could not be read, so that its figures say little',
  file_not_xlsx:
    'this is no .xlsx workbook; open it in the program it comes from and save it as Excel Workbook (.xlsx)',
  file_encrypted: 'the workbook has a password; save it without one',
  sheet_missing: 'there is no sheet of students, teachers, administrators or classes; see: sso-bridge roster template',
  id_of_two_people: 'two rows give one id to two people, with another name or email; both are left out',
  user_active_and_not:
    'one row says that this user is active, another that they are disabled or to be deleted; both are left out and the user has no account',
  too_many_unusable: 'more than one row in ten cannot be used',
  not_a_file: 'this is a link, a folder or something else that is no plain file, and is not opened',
  file_too_large: 'the file is larger than a roster file may be, and is not opened',
  set_too_large: 'the files are together larger than a roster may be, and are not opened',
  too_many_files: 'there are so many files here that none is looked at; remove all that are not of the roster',
  upload_unfinished: 'the upload of this file was begun and never finished',
  method_removed: 'the district is not rostered by this method any more',
  archive_unreadable: 'the ZIP archive is broken, or its files stand in more than one folder; make it anew',
  archive_encrypted: 'the ZIP archive has a password; make it without one',
  archive_too_large: 'the ZIP archive has too many files, or unpacks to more than a roster may have',
  delta_not_supported:
    'this set holds changes only; have the system export the whole roster (bulk) and upload all files again',
  formats_mixed:
    'this file is of Clever-style CSV and stands beside OneRoster files; upload the files of one format only',
  id_of_two_schools: 'this row gives an id to a second school or organisation',
  roster_changed_since: 'another roster of this method was published while this one was read; publish again',
  row_without_id: 'the row has no id and is left out',
  row_without_name: 'the row lacks a name',
  row_malformed: 'the row has too few or too many cells, or a quote (") within a cell, and is left out',
  email_placeholder: 'this stands for no email; the account has none',
  email_impossible:
    'Clever has no such email (the domain lacks a dot, a part is empty or too long or has a hyphen or a quote at an end)',
  email_not_plain: 'this is not one plain email address; no user can sign in with it',
  email_shared: 'another account has the same email: neither can sign in until one is changed',
  unknown_person: 'the row names a person who is not in the files',
  unknown_class: 'the row names a class that is not in the files and is left out',
  white_space_removed: 'white space around the email was removed',
  not_ascii:
    'the email has a character outside plain letters, digits and punctuation; it must be exactly the one in Clever',
  capitals: 'the email has capital letters; it must be exactly the one in Clever',
  file_not_used: 'this is none of the files of a roster and is not read',
  mailto_removed: '"mailto:" before the email was removed',
  cell_is_date: 'the spreadsheet made a date of this; format the cell as text and type it again',
  cell_not_text:
    'an id cannot be this (true or false, or a number with a fraction); format the cell as text and type it again',
  cell_is_error: 'the cell shows an error',
  cell_merged: 'the cell is merged with another, so it is empty; unmerge the cells and fill in each',
  id_as_number:
    'a program wrote this id as a number or an amount (70000.0, 70,000, 70 000, $70000); format the column as text and export it again',
  id_with_signs:
    'the id has characters that a program added (an apostrophe, ="…", invisible ones); export it without them',
  digits_lost: 'the spreadsheet has lost the last digits of this id; format the cell as text and type it again',
  formula_without_value: 'the formula has not been worked out; open the file in a spreadsheet program and save it',
  class_differs: 'an earlier row gives this class another name or school, and is followed',
  rows_hidden: 'rows of this sheet are hidden or filtered out, the first one here; they were read like all others',
  column_hidden: 'the column is hidden; it was read like all others',
  sheet_hidden: 'the sheet is hidden and was left out',
  sheet_unknown: 'the sheet was left out: it has no columns of students, teachers, administrators or classes',
  unknown_school: 'this names a school or organisation that is not in orgs.csv',
  unknown_course: 'this names a course that is not in courses.csv',
  unknown_term: 'this names a term that is not in academicSessions.csv',
  role_unknown: 'this is no role of OneRoster; the row is left out',
  status_unknown: 'this is no status of OneRoster (active, tobedeleted, or empty); the row is left out',
  date_not_read: 'this is no date such as 2026-08-17 and was not taken into account',
  older_left_aside: 'the files beside it are a newer set, or a whole one; this file is left aside',
  address_elsewhere:
    'most addresses stand in this column; if people sign in with them: sso-bridge district put with --oneroster-email',
  sheet_not_filled_in: 'the sheet has the columns of the template and no people below them',
  sheet_left_aside: 'the sheet was left out as an example: the roster is on another sheet',
  summit_role_unknown:
    'the role is none of District Admin, School Admin, Lead Teacher and Support Teacher; the row is left out',
  school_spelled_differently: 'an earlier row spells this school with other capitals; both are one school',
  read_as_utf16: 'the file is UTF-16 by its byte order mark and was read so; "CSV UTF-8" is what is expected',
  other_delimiter: 'the cells are not separated by commas; they were read by what separates them',
  lines_above_header: 'lines stand above the names of the columns, which are here; they were left out',
  empty_cells_at_end: 'rows have empty cells behind the last column, the first one here; they were left out',
  unknown_role: 'unknown role: Clever has no such role, so it is not known whether this person can sign in',
  row_is_no_record: 'this is no record but a repeated header, a line of signs or a total, and is left out',
  id_of_two_clever_users:
    'two people at Clever have this SIS id and the person here is left out; the district has to correct one of them. If the id went from one to the other, the next sync has both',
  id_changed:
    'this person left under another id, with the same name and email; the link to Clever stays there: sso-bridge link move',
  id_of_another_person:
    'the rosters of two methods give this id to two people: name and email both differ. Neither can sign in until one of the rosters has the right id, name or email',
  students_without_email:
    'more than one student in ten has no email that they can sign in with, the first of them here; enter the emails that Clever has',
  employees_without_email:
    'more than one employee in ten has no email that they can sign in with, the first of them here; enter the emails that Clever has',
  classes_without_students:
    'more than one class in ten has no student, the first class of the roster stands here; enter or export their enrollments',
  leading_zeros_lost:
    'ids here have lost the zeros in front that they have in the other files; format the column as text and export it again',
  leading_zeros_added:
    'ids here have zeros in front that the other files have lost; format the columns there as text and export them again',
  ids_in_other_case: 'ids here have other capital and small letters than in the other files',
  ids_of_another_column:
    'ids that these rows name are in none of the other files; they may be of users or classes that have left, of another column, or of another system (number, state id, name)',
  file_gone: 'the active roster has this file, and this upload lacks it; what it gave is taken away',
  classes_replaced:
    'more than one class in ten of the active roster is gone, and others came in its place; a new term does this, and so does another id column: see the line of classes',
  enrollments_replaced:
    'more than one enrollment in ten of the active roster is gone, and others came in its place; see the line of enrollments',
  file_misnamed: 'a file of this name is not read; name it so, saved as "CSV UTF-8" and not packed, if it is',
  courses_not_allowed: 'Clever does not let the app read this; classes are published without it',
} satisfies Record<Finding['code'], string>;

export const describeFinding = (finding: Finding): string => `${describePlace(finding.place)}: ${explain(finding)}`;

function explain({ code, personStays, meant, spelled }: Finding): string {
  if (personStays === true)
    return `${texts[code]}; the row is left out, and an account of the former roster with its email and name stays`;
  if (spelled !== undefined)
    return `${texts[code]} (for example ${spelled.here} here, ${spelled.there} in the other files)`;
  return meant === undefined ? texts[code] : `${texts[code]} ${meant}`;
}

export const describePlace = ({ file, sheet, line, column, cell, cleverIds = [], method, other }: Place): string =>
  [
    method === undefined ? file : `${file} (${method})`,
    sheet === undefined ? undefined : `sheet ${sheet}`,
    // A cell includes its line.
    cell !== undefined ? `cell ${cell}` : line === undefined ? undefined : `line ${line}`,
    column === undefined ? undefined : `column ${column}`,
    cleverIds.length === 0 ? undefined : `Clever id ${cleverIds.join(' and ')}`,
    other === undefined ? undefined : `and ${describeOther(other, file)}`,
  ]
    .filter((part) => part !== undefined)
    .join(', ');

/** Within the same file by its line only. */
export const describeOther = ({ column: _column, ...other }: Place, file: string): string =>
  other.file === file && other.sheet === undefined && other.method === undefined
    ? `line ${other.line}`
    : describePlace(other);

/** What is wrong, without the place. */
export const describeFault = (finding: Finding): string =>
  describeFinding({ ...finding, place: { file: '' } }).slice(2);
