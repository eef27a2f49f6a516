// The tables of OneRoster CSV 1.1 and 1.2 and the columns that are read, as data. Every other column is ignored, so
// that passwords, phones and guardians' names never get beyond the parser.
import type { NamedColumn } from '../read-header.ts';

/** The standard's name first, then those of districts' systems. */
export type OneRosterColumn = NamedColumn<string>;

export interface OneRosterTable {
  /** Without `.csv`. */
  readonly name: string;
  readonly columns: readonly OneRosterColumn[];
}

const sourcedId = required('sourcedId', 'sourceId', 'sourcedIds');
const status = optional('status');

const userColumns = [
  sourcedId,
  status,
  optional('enabledUser'),
  required('givenName'),
  required('familyName'),
  optional('username'),
  optional('email'),
  optional('identifier'),
  optional('userIds'),
  optional('grades'),
];

export const oneRosterTables = {
  manifest: table('manifest', required('propertyName'), required('value')),
  orgs: table('orgs', sourcedId, status, required('name'), required('type')),
  roles: table(
    'roles',
    ...[sourcedId, status, required('userSourcedId', 'userSourceId'), required('role')],
    ...[required('orgSourcedId', 'orgSourceId'), optional('beginDate'), optional('endDate')],
  ),
  /** Since 1.2, role and orgs are in roles.csv. */
  users: table('users', ...userColumns),
  courses: table(
    'courses',
    ...[sourcedId, status, required('title'), optional('courseCode'), optional('grades'), optional('subjects')],
  ),
  academicSessions: table(
    'academicSessions',
    ...[sourcedId, status, optional('title'), optional('startDate'), optional('endDate')],
  ),
  classes: table(
    'classes',
    ...[sourcedId, status, required('title'), required('courseSourcedId', 'courseSourceId')],
    ...[required('schoolSourcedId', 'schoolSourceId'), optional('termSourcedIds', 'termSourceIds', 'termSourcedId')],
    ...[optional('subjects'), optional('grades'), optional('periods')],
  ),
  enrollments: table(
    'enrollments',
    ...[sourcedId, status, required('classSourcedId', 'classSourceId'), required('userSourcedId', 'userSourceId')],
    ...[required('role'), optional('primary'), optional('beginDate'), optional('endDate')],
  ),
} as const;

/** Users in the form of 1.1. */
export const usersWithRole = table(
  'users',
  ...[...userColumns, required('role')],
  required('orgSourcedIds', 'orgSourceIds', 'orgSourcedId', 'orgSourceId'),
);

/** Deliberately not read, and never reported as unread. */
const others = [
  'demographics',
  'resources',
  'classResources',
  'courseResources',
  'categories',
  'lineItems',
  'results',
  'userProfiles',
  'scoreScales',
  'lineItemLearningObjectiveIds',
  'lineItemScoreScales',
  'resultLearningObjectiveIds',
  'resultScoreScales',
];

const fileName = (name: string): string => `${name.toLowerCase()}.csv`;
export const readNames: readonly string[] = Object.keys(oneRosterTables).map(fileName);
const read: ReadonlySet<string> = new Set(readNames);
const known: ReadonlySet<string> = new Set([...read, ...others.map(fileName)]);

export const isReadFile = (name: string): boolean => read.has(name.toLowerCase());
export const isKnownFile = (name: string): boolean => known.has(name.toLowerCase());

function table(name: string, ...columns: readonly OneRosterColumn[]): OneRosterTable {
  return { name, columns };
}
function required(name: string, ...also: readonly string[]): OneRosterColumn {
  return { field: name, names: [name, ...also], isRequired: true };
}
function optional(name: string, ...also: readonly string[]): OneRosterColumn {
  return { field: name, names: [name, ...also], isRequired: false };
}
