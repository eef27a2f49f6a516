// The people of a made district as a OneRoster set: the same people and addresses as writeDistrict gives them, with the columns
// of the standard and an identifier beside each id. Ids are the same but those of staff, which OneRoster has in one space with
// those of teachers. Streamed.
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { batches, type DistrictShape, districtLines } from '../sandbox/district-maker.ts';
import { type Made, madeStaff, madeStudent, madeTeacher } from '../sandbox/made-people.ts';

export type OneRosterVersion = '1.1' | '1.2';

/** Users and orgs; of 1.2 also roles. */
export async function writeOneRosterSet(
  folder: string,
  shape: DistrictShape,
  version: OneRosterVersion,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const schools = countSchools(shape);
  const write = (name: string, lines: Iterable<string>) =>
    pipeline(Readable.from(batches(lines)), createWriteStream(join(folder, name)));
  await write('orgs.csv', orgLines(schools));
  await write('users.csv', userLines(shape, schools, version));
  if (version === '1.2') await write('roles.csv', roleLines(shape, schools));
}

/** As many as the district's own files have. */
function countSchools(shape: DistrictShape): number {
  let lines = 0;
  for (const _line of districtLines(shape, 'schools.csv')) lines += 1;
  return lines - 1;
}

/** A staff member who is a teacher too is one user. */
function* peopleOf(shape: DistrictShape): Generator<Made> {
  for (let at = 0; at < shape.students; at += 1) yield madeStudent(shape, at);
  for (let at = 0; at < shape.teachers; at += 1) yield madeTeacher(shape, at);
  for (let at = 0; at < shape.staff; at += 1) {
    const person = madeStaff(shape, at);
    if (!person.alsoTeacher) yield { ...person, sisId: `E${person.sisId}` };
  }
}

const changedAt = '2026-08-01T06:00:00.000Z';
const words = { student: 'student', teacher: 'teacher', staff: 'aide', administrator: 'administrator' } as const;

function* orgLines(schools: number): Generator<string> {
  yield 'sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId\r\n';
  yield `district,active,${changedAt},Made District,district,,\r\n`;
  for (let at = 0; at < schools; at += 1)
    yield `${schoolId(at)},active,${changedAt},"School ${at + 1}, Main Campus",school,48${at},district\r\n`;
}

function* userLines(shape: DistrictShape, schools: number, version: OneRosterVersion): Generator<string> {
  const roleColumns = version === '1.1' ? ',orgSourcedIds,role' : '';
  const behind =
    version === '1.1'
      ? ''
      : ',userMasterIdentifier,resourceSourcedIds,preferredGivenName,preferredMiddleName,preferredFamilyName,primaryOrgSourcedId,pronouns';
  yield `sourcedId,status,dateLastModified,enabledUser${roleColumns},username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password${behind}\r\n`;
  let at = 0;
  for (const { sisId, role, givenName, familyName, email } of peopleOf(shape)) {
    const ofRole = version === '1.1' ? `,${schoolId(at % schools)},${words[role]}` : '';
    const grade = role === 'student' ? gradeOf(at) : '';
    const further = version === '1.1' ? '' : `,,,,,,${schoolId(at % schools)},`;
    yield `${sisId},active,${changedAt},true${ofRole},${email.split('@')[0]},,${givenName},${familyName},,9${sisId},${email},,(555) 555-0142,"g${sisId},h${sisId}",${grade},otter-${at % 10_000}${further}\r\n`;
    at += 1;
  }
}

function* roleLines(shape: DistrictShape, schools: number): Generator<string> {
  yield 'sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,userProfileSourcedId\r\n';
  let at = 0;
  for (const { sisId, role } of peopleOf(shape)) {
    yield `r${sisId},active,${changedAt},${sisId},primary,${words[role]},2026-08-01,2027-07-31,${schoolId(at % schools)},\r\n`;
    at += 1;
  }
}

const schoolId = (at: number): string => `02M${800 + at}`;
const gradeOf = (at: number): string => (at % 13 === 0 ? 'KG' : String(at % 13).padStart(2, '0'));
