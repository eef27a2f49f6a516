// What the demo's OneRoster district exports: a full set of 1.2, with the columns that the bridge reads.
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type Row, writeCsv } from '../../src/formats/csv/write-csv.ts';
import { oneRosterPeople } from '../clever/oneroster-people.ts';

const users = oneRosterPeople.map(({ user }) => user);
const [teacher] = users.filter(({ role }) => role === 'teacher');
const students = users.filter(({ role }) => role === 'student');
const enrolled = [...(teacher === undefined ? [] : [teacher]), ...students];

const tables: Readonly<Record<string, readonly Row[]>> = {
  manifest: [
    ['propertyName', 'value'],
    ['manifest.version', '1.0'],
    ['oneroster.version', '1.2'],
  ],
  orgs: [
    ['sourcedId', 'status', 'name', 'type', 'parentSourcedId'],
    ['o-1', 'active', 'Quartz Ridge Public Schools', 'district', ''],
    ['o-2', 'active', 'Ridge Middle School', 'school', 'o-1'],
  ],
  users: [
    ['sourcedId', 'status', 'enabledUser', 'givenName', 'familyName', 'email', 'grades'],
    ...oneRosterPeople.map(({ givenName, familyName, user: { sourcedId, enabledUser, email, role } }) => [
      sourcedId,
      'active',
      enabledUser,
      givenName,
      familyName,
      email,
      role === 'student' ? '07' : '',
    ]),
  ],
  roles: [
    ['sourcedId', 'status', 'userSourcedId', 'roleType', 'role', 'orgSourcedId'],
    ...users.map(({ sourcedId, role }) => [`r-${sourcedId}`, 'active', sourcedId, 'primary', role, 'o-2']),
  ],
  academicSessions: [
    ['sourcedId', 'title', 'type', 'startDate', 'endDate'],
    ['t-1', 'Fall', 'term', '2026-08-17', '2026-12-18'],
  ],
  courses: [
    ['sourcedId', 'title', 'courseCode', 'subjects'],
    ['c-1', 'English Language Development', 'ELD-7', 'English'],
  ],
  classes: [
    ['sourcedId', 'title', 'courseSourcedId', 'schoolSourcedId', 'termSourcedIds', 'periods'],
    ['k-1', 'ELD 7, period 2', 'c-1', 'o-2', 't-1', '2'],
  ],
  enrollments: [
    ['sourcedId', 'classSourcedId', 'schoolSourcedId', 'userSourcedId', 'role', 'primary'],
    ...enrolled.map(({ sourcedId, role }) => [
      `e-${sourcedId}`,
      'k-1',
      'o-2',
      sourcedId,
      role,
      role === 'teacher' ? 'true' : '',
    ]),
  ],
};

/** @param folder is made */
export async function writeOneRoster(folder: string): Promise<void> {
  await mkdir(folder);
  for (const [name, rows] of Object.entries(tables))
    await pipeline(writeCsv(rows), createWriteStream(join(folder, `${name}.csv`)));
}
