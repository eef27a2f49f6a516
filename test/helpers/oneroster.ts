// OneRoster sets as districts' systems write them: the tables whole, rows by the names of their columns.
import { strToU8, zipSync } from 'fflate';

export const oneRosterColumns = {
  users11:
    'sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password',
  users12:
    'sourcedId,status,dateLastModified,enabledUser,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password,userMasterIdentifier,resourceSourcedIds,preferredGivenName,preferredMiddleName,preferredFamilyName,primaryOrgSourcedId,pronouns',
  roles:
    'sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,userProfileSourcedId',
  orgs: 'sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId',
  courses:
    'sourcedId,status,dateLastModified,schoolYearSourcedId,title,courseCode,grades,orgSourcedId,subjects,subjectCodes',
  classes:
    'sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods',
  enrollments:
    'sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate',
  academicSessions: 'sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,schoolYear',
  manifest: 'propertyName,value',
} as const;

type Row = Readonly<Record<string, string>>;
export type Sets = Readonly<Record<string, string>>;

/** @param rows cells by column; what is left out is empty */
export function tableOf(columns: keyof typeof oneRosterColumns, rows: readonly Row[]): string {
  const names = oneRosterColumns[columns].split(',');
  const lines = rows.map((row) => names.map((name) => quote(row[name] ?? '')).join(','));
  return `${[oneRosterColumns[columns], ...lines].join('\n')}\n`;
}

const quote = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

const orgs = tableOf('orgs', [
  { sourcedId: 'd1', name: 'Quartz District', type: 'district' },
  { sourcedId: 'h1', name: 'Quartz High', type: 'school', identifier: '480000100001', parentSourcedId: 'd1' },
  { sourcedId: 'h2', name: 'Flint Middle', type: 'school', parentSourcedId: 'd1' },
]);

const person = (sourcedId: string, more: Row): Row => ({
  sourcedId,
  enabledUser: 'true',
  username: sourcedId,
  givenName: `Given ${sourcedId}`,
  familyName: `Family ${sourcedId}`,
  identifier: `n-${sourcedId}`,
  email: `${sourcedId}@quartz.example`,
  phone: '555-0100',
  password: 'hunter2',
  ...more,
});

/** @param more cells of further or other people by sourcedId */
export const provisioning11 = (more: Readonly<Record<string, Row>> = {}): Sets => {
  const people: Readonly<Record<string, Row>> = {
    s1: { role: 'student', orgSourcedIds: 'h1', grades: '09' },
    s2: { role: 'student', orgSourcedIds: 'h1,h2', grades: '10' },
    t1: { role: 'teacher', orgSourcedIds: 'h1' },
    t2: { role: 'teacher', orgSourcedIds: 'h1' },
    a1: { role: 'administrator', orgSourcedIds: 'h1' },
    a2: { role: 'administrator', orgSourcedIds: 'd1' },
    c1: { role: 'aide', orgSourcedIds: 'h2' },
    ...more,
  };
  const rows = Object.entries(people).map(([id, cells]) => person(id, cells));
  return { 'orgs.csv': orgs, 'users.csv': tableOf('users11', rows) };
};

const classFiles: Sets = {
  'academicSessions.csv': tableOf('academicSessions', [
    { sourcedId: 'fall', title: 'Fall', type: 'term', startDate: '2026-08-17', endDate: '2026-12-18T00:00:00Z' },
  ]),
  'courses.csv': tableOf('courses', [
    { sourcedId: 'alg', title: 'Algebra', courseCode: '0430', subjects: 'Math,Logic', grades: '09,10' },
  ]),
  'classes.csv': tableOf('classes', [
    {
      sourcedId: 'k1',
      title: 'Algebra 3',
      courseSourcedId: 'alg',
      schoolSourcedId: 'h1',
      termSourcedIds: 'fall',
      periods: '3,4',
    },
  ]),
  'enrollments.csv': tableOf('enrollments', [
    { sourcedId: 'e1', classSourcedId: 'k1', userSourcedId: 't2', role: 'teacher', primary: 'false' },
    { sourcedId: 'e2', classSourcedId: 'k1', userSourcedId: 't1', role: 'teacher', primary: 'TRUE' },
    { sourcedId: 'e3', classSourcedId: 'k1', userSourcedId: 's1', role: 'student', beginDate: '2026-08-17' },
    { sourcedId: 'e4', classSourcedId: 'k1', userSourcedId: 's2', role: 'student', endDate: '2026-09-01' },
  ]),
};

export const full11 = (more: Readonly<Record<string, Row>> = {}): Sets => ({ ...provisioning11(more), ...classFiles });

export function full12(): Sets {
  const ids = ['s1', 's2', 't1', 't2', 'a1', 'a2', 'g1'];
  const role = (userSourcedId: string, name: string, orgSourcedId: string, more: Row = {}): Row => ({
    sourcedId: `r-${userSourcedId}-${name}-${orgSourcedId}`,
    userSourcedId,
    role: name,
    orgSourcedId,
    roleType: 'primary',
    ...more,
  });
  return {
    ...classFiles,
    'orgs.csv': orgs,
    'manifest.csv': tableOf('manifest', [
      { propertyName: 'manifest.version', value: '1.0' },
      { propertyName: 'oneroster.version', value: '1.2' },
      { propertyName: 'file.users', value: 'bulk' },
      { propertyName: 'file.demographics', value: 'absent' },
    ]),
    'users.csv': tableOf(
      'users12',
      ids.map((id) => person(id, {})),
    ),
    'roles.csv': tableOf('roles', [
      role('s1', 'student', 'h1'),
      role('s2', 'student', 'h1'),
      role('s2', 'student', 'h2', { roleType: 'secondary' }),
      role('t1', 'teacher', 'h1'),
      role('t1', 'principal', 'h2', { roleType: 'secondary' }),
      role('t2', 'teacher', 'h1'),
      role('t2', 'districtAdministrator', 'd1', { endDate: '2026-01-31' }),
      role('a1', 'siteAdministrator', 'h1'),
      role('a2', 'districtAdministrator', 'd1', { beginDate: '2026-01-31T08:00:00.000Z' }),
      role('g1', 'guardian', 'h1'),
    ]),
  };
}

/** Everything that systems write and the tables do not have, in one whole set. */
export function tolerated11(): Sets {
  const crlf = (...lines: readonly string[]) => `\ufeff${lines.join('\r\n')}\r\n`;
  const user = (id: string, enabled: string, role: string, schools: string, status = '') =>
    `${id},${status},2026-08-01T06:00:00.000Z,${enabled},${schools},${role}, ${id}@quartz.example ,Given,Family ${id},n-${id},"09,10",hunter2,free,,`;
  return {
    'ORGS.csv': crlf(
      'Sourced Id,STATUS,dateLastModified,Name,Type,Identifier,parentSourcedId,metadata.phone',
      'd1,active,2026-08-01,"Quartz, District",District,,,555-0100',
      'h1,active,2026-08-01,Quartz High,SCHOOL,480000100001,d1,555-0100',
      'h2,,2026-08-01,"Flint ""Middle""",school,,d1,',
      'h3,tobedeleted,2026-08-01,Closed School,school,,d1,',
    ),
    'Users.CSV': crlf(
      'sourceId,Status,date Last Modified,ENABLED_USER,orgSourceIds,Role,Email,Given Name,family-name,identifier,grades,password,metadata.lunch,,',
      user('s1', 'TRUE', 'Student', '"h1, h2"', 'Active'),
      user('s2', 'yes', 'STUDENT', 'h1'),
      user('t1', 'Y', 'teacher', 'h1'),
      user('a1', '1', 'Site Administrator', 'h1'),
      user('x1', 'FALSE', 'student', 'h1'),
      user('x2', 'true', 'student', 'h1', 'toBeDeleted'),
      user('x3', 'true', 'teacher', 'h1', 'inactive'),
      user('g1', 'true', 'guardian', 'h1'),
    ),
    'Courses.csv': crlf('sourcedId,title,courseCode,subjects,metadata.credit', 'alg,Algebra,0430,"Math, Logic",1'),
    'classes.csv': crlf(
      'sourcedId,Title,courseSourceId,schoolSourceId,termSourceIds,Periods,,',
      'k1,Algebra 3,alg,h1,fall,"3,4",,',
    ),
    'academicsessions.csv': crlf(
      'sourcedId,title,type,startDate,endDate',
      'fall,Fall,term,2026-08-17T00:00:00Z,2026-12-18',
    ),
    'enrollments.csv': crlf(
      'sourcedId,classSourceId,userSourceId,Role,Primary,beginDate,endDate',
      'e1,k1,t1,Teacher,1,,',
      'e2,k1,s1,STUDENT,,2026-08-17T05:00:00.000Z,',
      'e3,k1,s2,student,,,2026-09-01',
      'e4,k1,x1,student,,,',
    ),
    'demographics.csv': crlf('sourcedId,birthDate', 's1,2010-01-01'),
    'manifest.csv': crlf(
      'propertyName,value',
      'manifest.version,1.0',
      'oneroster.version,1.1',
      'file.users,bulk',
      'file.results,absent',
    ),
  };
}

/** The files of a set as one archive. @param within a folder in it, with its slash */
export const zipOf = (files: Sets, within = ''): Uint8Array =>
  zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [`${within}${name}`, strToU8(text)])));
