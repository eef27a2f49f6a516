// The normal form every roster method is read into, and what is said about its rows. Formats make it, publish uses it.

export type RecordType = 'student' | 'teacher' | 'staff';
export type Role = 'student' | 'teacher' | 'staff' | 'administrator';

/** Where in what the district sent. Lines count from 1 and the header is line 1; a quoted line break counts as one. */
export interface Place {
  readonly file: string;
  readonly sheet?: string;
  readonly line?: number;
  /** The header cell as the district wrote it. */
  readonly column?: string;
  /** In a spreadsheet, as it shows it: `B7`. */
  readonly cell?: string;
}

export interface AccountRow {
  readonly kind: 'account';
  readonly record: RecordType;
  readonly sisId: string;
  readonly role: Role;
  readonly givenName: string;
  readonly familyName: string;
  /** As sent, surrounding white space removed; undefined if the cell is empty. May be no plain address. */
  readonly email: string | undefined;
  readonly cleverId: string | undefined;
  readonly schoolId: string | undefined;
  readonly grade: string | undefined;
  readonly place: Place;
}

export interface ClassRow {
  readonly kind: 'class';
  readonly classId: string;
  readonly name: string | undefined;
  readonly schoolId: string | undefined;
  /** Teacher_id, Teacher_2_id … Teacher_10_id, empty cells left out. */
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

export type RosterRow = AccountRow | ClassRow | EnrollmentRow | SchoolRow;

/** Nothing is published while one of these stands. */
export type ErrorCode =
  | 'file_missing'
  | 'column_missing'
  | 'file_unreadable'
  | 'file_not_xlsx'
  | 'file_encrypted'
  | 'sheet_missing'
  | 'id_of_two_people'
  | 'too_many_unusable'
  | 'not_a_file'
  | 'file_too_large'
  | 'set_too_large'
  | 'upload_unfinished';

/** Told; the row is left out where `rowLeftOut` says so. */
export type WarningCode =
  | 'row_without_id'
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
  | 'not_utf8';

export interface Finding {
  readonly kind: 'finding';
  readonly severity: 'error' | 'warning';
  readonly code: ErrorCode | WarningCode;
  readonly place: Place;
  readonly rowLeftOut?: boolean;
}

/** How far reading is; for the progress bar. */
export interface Progress {
  readonly kind: 'progress';
  readonly file: string;
  readonly bytesRead: number;
  readonly bytesTotal: number;
}

export type FeedItem = RosterRow | Finding | Progress;

/** Items of one file stand together, in the order schools, students, teachers, staff, classes, enrollments. */
export type Feed = AsyncIterable<FeedItem>;

/** The same, some hundred items at a time, those of a batch all of one file: a promise for every row costs as much as reading it. */
export type BatchedFeed = AsyncIterable<readonly FeedItem[]>;
