// The files of a Clever-style roster and the columns that are read, as data. Every other column is ignored, so that
// passwords, birth dates, race and programme status never get beyond the parser.
import type { NamedColumn } from '../read-header.ts';

export type Field =
  | 'schoolId'
  | 'schoolName'
  | 'sisId'
  | 'givenName'
  | 'familyName'
  | 'email'
  | 'grade'
  | 'role'
  | 'classId'
  | 'className'
  | 'studentId'
  | (typeof teacherFields)[number];

/** Clever's SFTP guide: Teacher_id, then the co-teachers in slots 2 to 10. */
export const teacherFields = [
  'teacher1',
  'teacher2',
  'teacher3',
  'teacher4',
  'teacher5',
  'teacher6',
  'teacher7',
  'teacher8',
  'teacher9',
  'teacher10',
] as const;

/** Clever's spelling first, then others seen in practice. */
export type Column = NamedColumn<Field>;

export interface CleverFile {
  /** Without `.csv`, lower case. */
  readonly name: string;
  readonly isRequired: boolean;
  readonly holds: 'school' | 'student' | 'teacher' | 'staff' | 'administrator' | 'class' | 'enrollment';
  readonly columns: readonly Column[];
}

/** In the order of a feed. */
export const cleverFiles: readonly CleverFile[] = [
  {
    name: 'schools',
    isRequired: true,
    holds: 'school',
    columns: [required('schoolId', 'School_id'), optional('schoolName', 'School_name')],
  },
  {
    name: 'students',
    isRequired: true,
    holds: 'student',
    columns: [
      required('schoolId', 'School_id'),
      required('sisId', 'Student_id'),
      required('givenName', 'First_name'),
      required('familyName', 'Last_name'),
      required('email', 'Student_email', 'Email_address'),
      optional('grade', 'Grade'),
    ],
  },
  {
    name: 'teachers',
    isRequired: true,
    holds: 'teacher',
    columns: [
      required('schoolId', 'School_id'),
      required('sisId', 'Teacher_id'),
      required('givenName', 'First_name'),
      required('familyName', 'Last_name'),
      required('email', 'Teacher_email'),
    ],
  },
  {
    name: 'staff',
    isRequired: false,
    holds: 'staff',
    columns: [...employeeColumns('Staff_email'), optional('role', 'Role')],
  },
  // Deprecated by Clever, still sent: all users in it are administrators, whatever its Role column has.
  { name: 'admins', isRequired: false, holds: 'administrator', columns: employeeColumns('Admin_email') },
  {
    name: 'sections',
    isRequired: false,
    holds: 'class',
    columns: [
      required('classId', 'Section_id'),
      required('teacher1', 'Teacher_id'),
      ...teacherFields.slice(1).map((field, index) => optional(field, `Teacher_${index + 2}_id`)),
      optional('className', 'Name'),
      optional('schoolId', 'School_id'),
    ],
  },
  {
    name: 'enrollments',
    isRequired: false,
    holds: 'enrollment',
    columns: [required('classId', 'Section_id'), required('studentId', 'Student_id')],
  },
];

function employeeColumns(email: string): readonly Column[] {
  return [
    required('sisId', 'Staff_id'),
    required('givenName', 'First_name'),
    required('familyName', 'Last_name'),
    required('email', email),
    optional('schoolId', 'School_id'),
  ];
}

function required(field: Field, ...names: Column['names']): Column {
  return { field, names, isRequired: true };
}

function optional(field: Field, ...names: Column['names']): Column {
  return { field, names, isRequired: false };
}
