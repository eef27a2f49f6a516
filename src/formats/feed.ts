// The normal form of every roster method, and the findings about its rows. Formats produce it, publish consumes it.

import type { Method } from '../identity/candidate.ts';
import type { Kind } from '../identity/identity.ts';

export type RecordType = 'student' | 'teacher' | 'staff';
export type Role = 'student' | 'teacher' | 'staff' | 'administrator';
/** The user's position at Summit K12, within the role. The first two are of administrators, the others of teachers. */
export type Position = 'district_admin' | 'school_admin' | 'lead_teacher' | 'support_teacher';

/**
 * A place in what the district sent. Lines count from 1 and the header is line 1; a quoted line break counts as one.
 */
export interface Place {
  readonly file: string;
  readonly sheet?: string;
  readonly line?: number;
  /** The header cell as the district wrote it. */
  readonly column?: string;
  /** In a spreadsheet, with its name there: `B7`. */
  readonly cell?: string;
  /** Of a finding about records of Clever's Data API: their ids, since its lists have no lines. */
  readonly cleverIds?: readonly string[];
  /** Of a finding about the rosters of two methods. */
  readonly method?: Method;
  /** Of a finding about two rows: the earlier one, or that of another method. */
  readonly other?: Place;
}

export interface AccountRow {
  readonly kind: 'account';
  readonly record: RecordType;
  readonly sisId: string;
  readonly role: Role;
  /** If the roster gives it. */
  readonly position?: Position | undefined;
  readonly givenName: string;
  readonly familyName: string;
  /** As sent, surrounding white space removed; undefined if the cell is empty. May be an invalid address. */
  readonly email: string | undefined;
  readonly cleverId: string | undefined;
  readonly schoolId: string | undefined;
  readonly grade: string | undefined;
  /** Other ids of the user in the district's systems; a few. */
  readonly furtherIds?: readonly string[] | undefined;
  readonly place: Place;
}

export interface Course {
  readonly id: string;
  readonly title: string | undefined;
  readonly code: string | undefined;
}

export interface Term {
  readonly id: string;
  readonly title: string | undefined;
  /** Dates, `2026-08-17`. */
  readonly start: string | undefined;
  readonly end: string | undefined;
}

/** Facts of a class, by any method; each may be missing. */
export interface ClassFacts {
  readonly course?: Course | undefined;
  readonly subject?: string | undefined;
  readonly period?: string | undefined;
  readonly terms?: readonly Term[] | undefined;
  readonly grades?: readonly string[] | undefined;
}

export interface ClassRow extends ClassFacts {
  readonly kind: 'class';
  readonly classId: string;
  readonly name: string | undefined;
  readonly schoolId: string | undefined;
  /** The primary teacher first. */
  readonly teacherIds: readonly string[];
  readonly place: Place;
}

export interface EnrollmentRow {
  readonly kind: 'enrollment';
  readonly classId: string;
  readonly studentId: string;
  readonly place: Place;
}

export interface SchoolRow {
  readonly kind: 'school';
  readonly schoolId: string;
  readonly name: string | undefined;
  readonly place: Place;
}

/**
 * A user whose row is left out because a program changed its id: an account of the active roster with this address and
 * these names, or with this Clever id, stays as it is.
 */
export interface PersonWithoutId {
  readonly kind: 'person_without_id';
  readonly record: RecordType;
  readonly givenName: string;
  readonly familyName: string;
  readonly email: string | undefined;
  readonly cleverId: string | undefined;
  readonly place: Place;
}

/**
 * Two rows give one id to two people, or say that its user is active and not: earlier rows of it are left out as well.
 */
export interface ContestedId {
  readonly kind: 'contested_id';
  readonly record: RecordType;
  readonly sisId: string;
  readonly place: Place;
}

export type RosterRow = AccountRow | ClassRow | EnrollmentRow | SchoolRow;

/** Nothing is published with one of these. */
export type ErrorCode =
  | 'no_roster_file'
  | 'file_missing'
  | 'column_missing'
  | 'file_unreadable'
  | 'file_empty'
  | 'file_binary'
  | 'file_is_archive'
  | 'file_is_web_page'
  | 'file_is_json'
  | 'not_utf8'
  | 'quote_not_closed'
  | 'quote_misplaced'
  | 'column_twice'
  | 'no_known_column'
  | 'mostly_unread'
  | 'template_not_filled_in'
  | 'file_not_xlsx'
  | 'file_encrypted'
  | 'sheet_missing'
  | 'too_many_unusable'
  | 'not_a_file'
  | 'file_too_large'
  | 'set_too_large'
  | 'too_many_files'
  | 'upload_unfinished'
  | 'method_removed'
  | 'archive_unreadable'
  | 'archive_encrypted'
  | 'archive_too_large'
  | 'delta_not_supported'
  | 'formats_mixed'
  | 'id_of_two_schools'
  | 'roster_changed_since';

/** Reported only; the row is left out if `rowLeftOut` is set. */
export type WarningCode =
  | 'row_without_id'
  | 'id_of_two_people'
  | 'user_active_and_not'
  | 'id_as_number'
  | 'id_with_signs'
  | 'email_placeholder'
  | 'email_impossible'
  | 'row_without_name'
  | 'row_malformed'
  | 'email_not_plain'
  | 'email_shared'
  | 'unknown_person'
  | 'unknown_class'
  | 'white_space_removed'
  | 'not_ascii'
  | 'capitals'
  | 'file_not_used'
  | 'mailto_removed'
  | 'cell_is_date'
  | 'cell_not_text'
  | 'cell_is_error'
  | 'cell_merged'
  | 'digits_lost'
  | 'formula_without_value'
  | 'class_differs'
  | 'rows_hidden'
  | 'column_hidden'
  | 'sheet_hidden'
  | 'sheet_unknown'
  | 'sheet_left_aside'
  | 'sheet_not_filled_in'
  | 'summit_role_unknown'
  | 'school_spelled_differently'
  | 'id_of_two_clever_users'
  | 'read_as_utf16'
  | 'other_delimiter'
  | 'lines_above_header'
  | 'empty_cells_at_end'
  | 'row_is_no_record'
  | 'unknown_role'
  | 'courses_not_allowed'
  | 'unknown_school'
  | 'unknown_course'
  | 'unknown_term'
  | 'role_unknown'
  | 'status_unknown'
  | 'date_not_read'
  | 'address_elsewhere'
  | 'older_left_aside'
  | 'id_changed'
  | 'id_of_another_person'
  | 'students_without_email'
  | 'employees_without_email'
  | 'classes_without_students'
  | 'leading_zeros_lost'
  | 'leading_zeros_added'
  | 'ids_in_other_case'
  | 'ids_of_another_column'
  | 'file_gone'
  | 'classes_replaced'
  | 'enrollments_replaced'
  | 'file_misnamed';

export interface Finding {
  readonly kind: 'finding';
  readonly severity: 'error' | 'warning';
  readonly code: ErrorCode | WarningCode;
  readonly place: Place;
  readonly rowLeftOut?: boolean;
  /** The id in a left-out row that is missing in the files, to find the cause. Neither stored nor shown. */
  readonly unknown?: { readonly named: 'student' | 'teacher' | 'class'; readonly id: string };
  /** The roster file that a file with another name is likely to be. */
  readonly meant?: string;
  /** One id as this file writes it, and as the other files write it. */
  readonly spelled?: { readonly here: string; readonly there: string };
  /** The row is left out, and an account of the active roster with its address and names stays. */
  readonly personStays?: boolean;
}

export type FormatName = 'oneroster-1.1' | 'oneroster-1.2' | 'clever' | 'summit-template' | 'template';

/** Filled in by hand, and so perhaps sent before it is filled in. */
export const isTemplate = (format: FormatName): boolean => format === 'summit-template' || format === 'template';

/** `provisioning`: users and schools; `full`: classes and enrollments as well. */
export type RosterOption = 'provisioning' | 'full';

/** What is being read; for the report. */
export interface FormatItem {
  readonly kind: 'format';
  readonly format: FormatName;
  /** Undefined if the files fail before that is known. */
  readonly option: RosterOption | undefined;
  /** The kinds of users that the files list; those of the other kind stay as they are. Absent: all kinds. */
  readonly replaces?: readonly Kind[] | undefined;
}

/** Users of the files who get no account; for the report. */
export interface NotKept {
  readonly kind: 'not_kept';
  /** Disabled, to be deleted, or without a current role. */
  readonly inactive: number;
  /** Guardians, parents and relatives. */
  readonly guardians: number;
}

/** Rows that were read and are no account, school, class or enrollment, such as roles or former users. */
interface RowsRead {
  readonly kind: 'rows_read';
  readonly place: Place;
  readonly count: number;
}

/** The progress of reading; for the progress bar. */
export interface Progress {
  readonly kind: 'progress';
  readonly file: string;
  readonly bytesRead: number;
  readonly bytesTotal: number;
}

export type FeedItem = RosterRow | PersonWithoutId | ContestedId | Finding | FormatItem | NotKept | RowsRead | Progress;

/** Items of one file are consecutive, in the order schools, students, teachers, staff, classes, enrollments. */
export type Feed = AsyncIterable<FeedItem>;

/** The same, some hundred items at a time, each batch from one file: a promise per row costs as much as reading it. */
export type BatchedFeed = AsyncIterable<readonly FeedItem[]>;

const addressPrefix = 'address:';

/**
 * The id of a user without an id in the roster. No SIS id has this prefix. The address is used unchanged, as in
 * matching.
 */
export const toAddressKey = (address: string): string => `${addressPrefix}${address}`;

export const isAddressKey = (sisId: string): boolean => sisId.startsWith(addressPrefix);

/** A user as Clever would send them at the sign-in, known beforehand: from a list or from its Data API. */
export interface ExportPerson {
  /** Of the list. */
  readonly line?: number;
  readonly cleverId: string | undefined;
  /** A value of the `user_type` claim, or of a type that cannot sign in. */
  readonly userType: string;
  /** Exactly as Clever has it. */
  readonly email: string | undefined;
  readonly givenName: string | undefined;
  readonly familyName: string | undefined;
  readonly sisId: string | undefined;
}

export type ExportItem = { readonly kind: 'person'; readonly person: ExportPerson } | Finding;
