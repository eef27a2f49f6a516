// Makes a district of any size: the CSV folder it would send, and its people at Clever. The same shape gives the same
// bytes. Every record is computed from its number alone, so the files can be written as a stream.
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { RosterEntry } from './clever/people.ts';
import { cleverIdOf, type Person } from './clever/person.ts';
import { columnsOf, type FileName, fileNames, headerCell, type Row } from './district-columns.ts';
import { enrollmentRows, schoolRows, sectionRows, staffRow, studentRows, teacherRow } from './district-rows.ts';
import { madeStaff, madeStudent, madeTeacher } from './made-people.ts';

export interface DistrictShape {
  readonly students: number;
  readonly teachers: number;
  readonly staff: number;
  readonly seed: number;
  /** `mixed` is what Clever's demo district has: bare CR in schools, students and sections, LF in the others. */
  readonly lineEnds: 'cr' | 'lf' | 'crlf' | 'mixed';
  readonly headerStyle: 'School_id' | 'School id';
  /** Of employees; students have `students.` before it. `made.example` by default. */
  readonly domain?: string;
  /** Clever id of the district; made from the seed by default. */
  readonly cleverDistrict?: string;
  /** 9 by default, as measured in Clever's demo district. */
  readonly classesPerStudent?: number;
  /** Written beside the made ones. Their ids and addresses must be their own. */
  readonly extra?: readonly RosterEntry[];
}

export interface MadePerson extends Person {
  readonly record: 'student' | 'teacher' | 'staff';
  /** Which role the roster gives; a teacher who is also staff is one person. */
  readonly role: 'student' | 'teacher' | 'staff' | 'administrator';
  readonly sisId: string;
  readonly email: string;
  readonly givenName: string;
  readonly familyName: string;
}

export interface MadeDistrict {
  readonly cleverId: string;
  /** File name to content. */
  readonly files: Map<string, string>;
  readonly people: readonly (MadePerson & {
    /** Whether another of the same kind (student, employee) has the same two names. */
    readonly sharesName: boolean;
  })[];
}

export function makeDistrict(shape: DistrictShape): MadeDistrict {
  const people = [...madePeople(shape)];
  const counts = new Map<string, number>();
  for (const person of people) counts.set(nameKey(person), (counts.get(nameKey(person)) ?? 0) + 1);
  for (const one of shape.extra ?? []) counts.set(nameKey(one), (counts.get(nameKey(one)) ?? 0) + 1);
  return {
    cleverId: cleverDistrictOf(shape),
    files: new Map(fileNames.map((file) => [file, [...districtLines(shape, file)].join('')])),
    people: people.map((person) => ({ ...person, sharesName: (counts.get(nameKey(person)) ?? 0) > 1 })),
  };
}

/** Writes the folder as a stream: memory stays flat at any size. */
export async function writeDistrict(folder: string, shape: DistrictShape): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const file of fileNames) {
    await pipeline(Readable.from(batches(districtLines(shape, file))), createWriteStream(join(folder, file)));
  }
}

/** The people at Clever the district's files are about. */
function* madePeople(shape: DistrictShape): Generator<MadePerson> {
  const district = cleverDistrictOf(shape);
  for (let i = 0; i < shape.students; i += 1) yield { ...madeStudent(shape, i), district };
  for (let i = 0; i < shape.teachers; i += 1) yield { ...madeTeacher(shape, i), district };
  for (let i = 0; i < shape.staff; i += 1) {
    const person = madeStaff(shape, i);
    if (!person.alsoTeacher) yield { ...person, district };
  }
}

/** The lines of one file, each with its line end, the header first. */
export function* districtLines(shape: DistrictShape, file: FileName): Generator<string> {
  const columns = columnsOf(file);
  const end = lineEndOf(shape, file);
  yield columns.map((column) => headerCell(column, shape.headerStyle)).join(',') + end;
  for (const row of rowsOf(shape, file)) yield columns.map((column) => cell(row[column] ?? '')).join(',') + end;
}

function rowsOf(shape: DistrictShape, file: FileName): Iterable<Row> {
  switch (file) {
    case 'schools.csv':
      return schoolRows(shape);
    case 'students.csv':
      return studentRows(shape);
    case 'teachers.csv':
      return numbered(
        shape.teachers,
        (i) => teacherRow(shape, madeTeacher(shape, i)),
        extraOf(shape, 'teacher', teacherRow),
      );
    case 'staff.csv':
      return numbered(shape.staff, (i) => staffRow(shape, madeStaff(shape, i)), extraOf(shape, 'staff', staffRow));
    case 'sections.csv':
      return sectionRows(shape);
    case 'enrollments.csv':
      return enrollmentRows(shape);
  }
}

function* numbered(count: number, rowAt: (i: number) => Row, extra: readonly Row[]): Generator<Row> {
  for (let i = 0; i < count; i += 1) yield rowAt(i);
  yield* extra;
}

function extraOf(
  shape: DistrictShape,
  record: RosterEntry['record'],
  rowOf: (shape: DistrictShape, entry: RosterEntry) => Row,
): readonly Row[] {
  return (shape.extra ?? []).filter((one) => one.record === record).map((one) => rowOf(shape, one));
}

/** The lines joined, some 64 KB at a time, for a stream. */
export function* batches(lines: Iterable<string>): Generator<string> {
  let batch = '';
  for (const line of lines) {
    batch += line;
    if (batch.length < 64 * 1024) continue;
    yield batch;
    batch = '';
  }
  yield batch;
}

/** Double quotes where the value needs them (Clever SFTP instructions; RFC 4180 section 2). */
function cell(value: string): string {
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

function lineEndOf(shape: DistrictShape, file: FileName): string {
  const barely = ['schools.csv', 'students.csv', 'sections.csv'].includes(file);
  switch (shape.lineEnds) {
    case 'cr':
      return '\r';
    case 'lf':
      return '\n';
    case 'crlf':
      return '\r\n';
    case 'mixed':
      return barely ? '\r' : '\n';
  }
}

function cleverDistrictOf(shape: DistrictShape): string {
  return shape.cleverDistrict ?? cleverIdOf(`made-district/${shape.seed}`);
}

function nameKey(one: Pick<MadePerson, 'record' | 'givenName' | 'familyName'>): string {
  return `${one.record === 'student'}/${one.givenName}/${one.familyName}`;
}
