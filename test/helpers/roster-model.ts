// Random rosters as a model, and the model as each format writes it. What a format cannot say is left away by its writer,
// and by `accountsOf` for it.
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { changedId } from '../../src/formats/changed-id.ts';
import type { Role } from '../../src/formats/feed.ts';
import { type MadeSheet, makeBook, row } from '../formats/spreadsheet/spreadsheet-maker.ts';
import { oneRosterColumns } from './oneroster.ts';

export interface ModelPerson {
  readonly id: string;
  readonly role: Role;
  readonly givenName: string;
  readonly familyName: string;
  /** Of employees no two have the same. */
  readonly email: string | undefined;
  readonly grade: Grade | undefined;
  /** Ids; employees of the whole district have none. */
  readonly schools: readonly string[];
  /** Has a second row, with blanks for what the first one says already. */
  readonly isRepeated: boolean;
}

export interface ModelClass {
  readonly id: string;
  readonly name: string;
  readonly school: string;
  /** The primary one first. */
  readonly teachers: readonly string[];
  readonly students: readonly string[];
}

export interface RosterModel {
  readonly schools: readonly { readonly id: string; readonly name: string }[];
  readonly people: readonly ModelPerson[];
  readonly classes: readonly ModelClass[];
}

/** How a program writes: nothing of it is to make a difference. */
export interface Style {
  readonly byteOrderMark: boolean;
  readonly lineEnd: '\n' | '\r\n' | '\r';
  readonly quoted: boolean;
  readonly headers: 'as documented' | 'CAPITALS' | 'with blanks' | 'together';
  /** By how many columns each table is turned. */
  readonly turn: number;
  /** White space around each cell. */
  readonly padding: string;
  /** Which of the usual spellings a word has. */
  readonly spelling: number;
}

/** A grade as Clever, OneRoster (CEDS) and people write it. */
const grades = {
  PreKindergarten: ['PK', ['Pre-K', 'PK', 'prekindergarten']],
  TransitionalKindergarten: ['TK', ['TK', 'Transitional Kindergarten', 'tk']],
  Kindergarten: ['KG', ['K', 'Kinder', 'Kindergarten']],
  1: ['01', ['1st', 'first grade', '1']],
  2: ['02', ['2nd Grade', '02', 'Grade 2']],
  9: ['09', ['9th', 'Ninth', '9']],
  12: ['12', ['12th grade', '12', 'twelfth']],
  Ungraded: ['UG', ['Ungraded', 'UG', 'ungraded']],
} as const;
export type Grade = keyof typeof grades extends infer Key ? `${Key & (string | number)}` : never;

const [letters, signs] = [
  [...'abcdefgzABCMZéñüßøŁ李العد'],
  [' ', "'", '-', ',', '"', ';', '.', '’', '|', '\t', 'I', '0'],
];
const nameText = fc
  .tuple(
    fc.constantFrom(...letters),
    fc.array(fc.constantFrom(...letters, ...letters, ...signs), { maxLength: 7 }),
    fc.constantFrom(...letters),
  )
  .map(([first, middle, last]) => `${first}${middle.join('')}${last}`);
const id = fc
  .oneof(
    fc.stringMatching(/^[0-9]{1,9}$/),
    fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{0,6}$/),
    fc.stringMatching(/^[A-Za-z0-9]{1,4}[-._/][A-Za-z0-9]{1,6}$/),
    fc.uuid(),
  )
  .filter((text) => changedId(text) === undefined && !/^(?:n\.?\/?a|none|null|nil)$/i.test(text));
const email = fc
  .tuple(fc.stringMatching(/^[a-zA-Z0-9](?:[a-zA-Z0-9._'+-]{0,6}[a-zA-Z0-9])?$/), fc.constantFrom('a', 'B', 'k12'))
  .map(([local, domain]) => `u.${local}@${domain}.example`);

const personOf = (personId: string, role: Role, schools: readonly string[]): fc.Arbitrary<ModelPerson> =>
  fc
    .record({
      names: fc.oneof(
        { weight: 6, arbitrary: fc.tuple(nameText, nameText) },
        { weight: 1, arbitrary: nameText.map((name) => [name, ''] as const) },
        { weight: 1, arbitrary: nameText.map((name) => ['', name] as const) },
      ),
      email: fc.option(email, { nil: undefined, freq: 6 }),
      grade: fc.option(fc.constantFrom(...(Object.keys(grades) as Grade[])), { nil: undefined, freq: 6 }),
      schools: fc.uniqueArray(fc.constantFrom(...schools), { minLength: role === 'student' ? 1 : 0, maxLength: 2 }),
      isRepeated: fc.boolean(),
    })
    .map(({ names: [givenName, familyName], grade, ...more }) => ({
      id: personId,
      role,
      givenName,
      familyName,
      grade: role === 'student' ? grade : undefined,
      ...more,
    }));

const roles: readonly Role[] = ['student', 'student', 'student', 'teacher', 'teacher', 'staff', 'administrator'];

export const rosterModel: fc.Arbitrary<RosterModel> = fc
  .record({
    schools: fc.uniqueArray(fc.tuple(id, nameText), { selector: ([each]) => each, minLength: 1, maxLength: 3 }),
    people: fc.uniqueArray(fc.tuple(id, fc.constantFrom(...roles)), { selector: ([each]) => each, maxLength: 12 }),
    classes: fc.uniqueArray(fc.tuple(id, nameText, fc.nat(), fc.nat()), { selector: ([each]) => each, maxLength: 3 }),
  })
  .chain(({ schools, people, classes }) => {
    const schoolIds = schools.map(([each]) => each);
    return fc.tuple(...people.map(([each, role]) => personOf(each, role, schoolIds))).map((made) => ({
      schools: schools.map(([each, name], at) => ({ id: each, name: `${name} ${at}` })),
      people: withoutSharedAddresses(made),
      classes: classes.map(([each, name, some, others]): ModelClass => {
        const idsOf = (role: Role, from: number) =>
          made.filter((person, at) => person.role === role && (at + from) % 2 === 0).map((person) => person.id);
        const school = schoolIds[some % schoolIds.length] ?? '';
        return { id: each, name, school, teachers: idsOf('teacher', some), students: idsOf('student', others) };
      }),
    }));
  });

function withoutSharedAddresses(people: readonly ModelPerson[]): readonly ModelPerson[] {
  const taken = new Set<string>();
  return people.map((person) => {
    if (person.role === 'student' || person.email === undefined) return person;
    const isTaken = taken.has(person.email);
    taken.add(person.email);
    return isTaken ? { ...person, email: undefined } : person;
  });
}

export const style: fc.Arbitrary<Style> = fc.record({
  byteOrderMark: fc.boolean(),
  lineEnd: fc.constantFrom('\n', '\r\n', '\r'),
  quoted: fc.boolean(),
  headers: fc.constantFrom('as documented', 'CAPITALS', 'with blanks', 'together'),
  turn: fc.nat({ max: 9 }),
  padding: fc.constantFrom('', '', ' ', '\u00a0'),
  spelling: fc.nat({ max: 2 }),
});

export type ModelFormat = 'oneroster-1.1' | 'oneroster-1.2' | 'clever' | 'summit-workbook' | 'summit-csv';
export type Files = Readonly<Record<string, string | Uint8Array>>;
type Cells = Readonly<Record<string, string>>;

export const methodOf = (format: ModelFormat) => (format.startsWith('summit') ? 'manual' : 'sftp');

export const writers: Readonly<Record<ModelFormat, (model: RosterModel, style: Style) => Files>> = {
  'oneroster-1.1': (model, as) => writeOneRoster(model, as, '1.1'),
  'oneroster-1.2': (model, as) => writeOneRoster(model, as, '1.2'),
  clever: writeClever,
  'summit-workbook': (model, as) => writeSummit(model, as, toBook),
  'summit-csv': (model, as) => writeSummit(model, as, toCsv),
};

function writeOneRoster({ schools, people, classes }: RosterModel, as: Style, version: '1.1' | '1.2'): Files {
  const words = { student: ['student'], teacher: ['teacher'], staff: ['aide', 'counselor', 'proctor'] };
  const administrators = version === '1.1' ? ['administrator'] : ['principal', 'siteAdministrator', 'administrator'];
  const wordOf = (role: Role) => pick({ ...words, administrator: administrators }[role], as);
  const orgsOf = (person: ModelPerson) => (person.schools.length === 0 ? ['the-district'] : person.schools);
  const users = people.flatMap((person) => {
    const own = { sourcedId: person.id, enabledUser: pick(['true', 'TRUE', '1'], as), password: 'hunter2' };
    const names = { givenName: person.givenName, familyName: person.familyName, username: 'somebody' };
    const roles = version === '1.1' ? { role: wordOf(person.role), orgSourcedIds: orgsOf(person).join(',') } : {};
    const grade = person.grade === undefined ? '' : grades[person.grade][0];
    const first = { ...own, ...names, ...roles, email: person.email ?? '', grades: grade };
    return person.isRepeated ? [first, { ...first, email: '', grades: '' }] : [first];
  });
  const roles = people.flatMap((person) =>
    orgsOf(person).map((org, at) => ({
      sourcedId: `${person.id}-${at}`,
      userSourcedId: person.id,
      role: wordOf(person.role),
      orgSourcedId: org,
      roleType: at === 0 ? 'primary' : 'secondary',
    })),
  );
  const enrollments = classes.flatMap(({ id: classSourcedId, teachers, students }) => [
    ...teachers.map((user, at) => ({ classSourcedId, userSourcedId: user, role: 'teacher', primary: `${at === 0}` })),
    ...students.map((user) => ({ classSourcedId, userSourcedId: user, role: 'student' })),
  ]);
  const table = (name: keyof typeof oneRosterColumns, rows: readonly Cells[]) =>
    toCsv(oneRosterColumns[name].split(','), rows, as);
  return {
    'orgs.csv': table('orgs', [
      { sourcedId: 'the-district', name: 'The District', type: 'district' },
      ...schools.map((school) => ({ sourcedId: school.id, name: school.name, type: 'school' })),
    ]),
    'users.csv': table(version === '1.1' ? 'users11' : 'users12', users),
    ...(version === '1.1' ? {} : { 'roles.csv': table('roles', roles) }),
    'courses.csv': table('courses', [{ sourcedId: 'course', title: 'A course' }]),
    'classes.csv': table(
      'classes',
      classes.map((each) => ({
        sourcedId: each.id,
        title: each.name,
        schoolSourcedId: each.school,
        courseSourcedId: 'course',
      })),
    ),
    'enrollments.csv': table(
      'enrollments',
      enrollments.map((each, at) => ({ sourcedId: `e${at}`, ...each })),
    ),
  };
}

function writeClever({ schools, people, classes }: RosterModel, as: Style): Files {
  const rowsOf = (person: ModelPerson, names: { readonly id: string; readonly email: string }): Cells[] => {
    const own = { [names.id]: person.id, First_name: person.givenName, Last_name: person.familyName };
    const title = pick(person.role === 'administrator' ? ['Principal', 'School Admin'] : ['Nurse', 'Aide'], as);
    const [first = '', ...further] = person.schools;
    const whole = {
      ...own,
      Role: title,
      School_id: first,
      [names.email]: person.email ?? '',
      Grade: person.grade ?? '',
    };
    const blank = { ...whole, [names.email]: '', Grade: '' };
    const others = further.map((school) => ({ ...whole, School_id: school }));
    return [whole, ...others, ...(person.isRepeated ? [blank] : [])];
  };
  const peopleOf = (list: readonly Role[], names: { readonly id: string; readonly email: string }) =>
    people.filter(({ role }) => list.includes(role)).flatMap((person) => rowsOf(person, names));
  const person = ['School_id', 'First_name', 'Last_name'];
  const hasAdmins = as.spelling === 0;
  const [student, teacher, staff, admin] = ['Student', 'Teacher', 'Staff', 'Admin'].map((kind) => ({
    id: kind === 'Admin' ? 'Staff_id' : `${kind}_id`,
    email: `${kind}_email`,
  })) as [Names, Names, Names, Names];
  const table = (names: Names, list: readonly Role[], ...more: readonly string[]) =>
    toCsv([...person, names.id, names.email, 'Password', ...more], peopleOf(list, names), as);
  return {
    'schools.csv': toCsv(
      ['School_id', 'School_name', 'State_id'],
      schools.map((school) => ({ School_id: school.id, School_name: school.name })),
      as,
    ),
    'students.csv': table(student, ['student'], 'Grade'),
    'teachers.csv': table(teacher, ['teacher']),
    'staff.csv': table(staff, hasAdmins ? ['staff'] : ['staff', 'administrator'], 'Role'),
    ...(hasAdmins ? { 'admins.csv': table(admin, ['administrator']) } : {}),
    'sections.csv': toCsv(
      [
        'Section_id',
        'School_id',
        'Name',
        'Teacher_id',
        ...Array.from({ length: 9 }, (_, at) => `Teacher_${at + 2}_id`),
      ],
      classes.map(({ id: Section_id, school: School_id, name: Name, teachers }) => ({
        Section_id,
        School_id,
        Name,
        Teacher_id: teachers[0] ?? '',
        ...Object.fromEntries(teachers.slice(1).map((each, at) => [`Teacher_${at + 2}_id`, each])),
      })),
      as,
    ),
    'enrollments.csv': toCsv(
      ['School_id', 'Section_id', 'Student_id'],
      classes.flatMap(({ id: Section_id, students }) => students.map((Student_id) => ({ Section_id, Student_id }))),
      as,
    ),
  };
}

interface Names {
  readonly id: string;
  readonly email: string;
}

const summitColumns = {
  student: ['School Name', 'First Name', 'Last Name', 'District-Assigned Email', 'Student ID#', 'Grade Level'],
  employee: [
    'School Name',
    'District-Assigned Email',
    'First Name',
    'Last Name',
    'Grade',
    'Summit K12 Role',
    'Subject',
  ],
};

function writeSummit({ schools, people }: RosterModel, as: Style, write: typeof toBook | typeof toCsv): Files {
  const nameOf = (school: string | undefined) => schools.find((each) => each.id === school)?.name ?? '';
  const rowsOf = (person: ModelPerson): Cells[] => {
    const own = { 'First Name': person.givenName, 'Last Name': person.familyName, 'Student ID#': person.id };
    const grade = person.grade === undefined ? '' : pick(grades[person.grade][1], as);
    const more = { 'Grade Level': grade, Grade: '3', Subject: 'Math', 'District-Assigned Email': person.email ?? '' };
    const role = person.role === 'administrator' ? 'School Admin' : pick(['Lead Teacher', 'Support Teacher'], as);
    const [first, ...further] = person.schools;
    const rowAt = (school: string | undefined): Cells => ({
      ...own,
      ...more,
      'School Name': nameOf(school),
      'Summit K12 Role': role,
    });
    const again = { ...rowAt(first), Grade: '4', Subject: 'Science' };
    return [rowAt(first), ...further.map(rowAt), ...(person.isRepeated ? [again] : [])];
  };
  const isStudent = ({ role }: ModelPerson) => role === 'student';
  const students = people.filter(isStudent).flatMap(rowsOf);
  const employees = people.filter((person) => !isStudent(person) && isSaidBySummit(person)).flatMap(rowsOf);
  const extension = write === toBook ? 'xlsx' : 'csv';
  return {
    [`students.${extension}`]: write(summitColumns.student, students, as),
    ...(employees.length === 0 ? {} : { [`employees.${extension}`]: write(summitColumns.employee, employees, as) }),
  };
}

/** Summit's templates have no word for staff, and know employees by their address. */
const isSaidBySummit = ({ role, email: address }: ModelPerson): boolean =>
  role === 'student' || (role !== 'staff' && address !== undefined);

function toCsv(columns: readonly string[], rows: readonly Cells[], as: Style): string {
  return stringify(turned(columns, rows, as), {
    bom: as.byteOrderMark,
    record_delimiter: as.lineEnd,
    quoted: as.quoted,
    // Every program quotes these; one line end alone is not what the library looks for.
    quoted_match: /[\r\n"]/,
  });
}

/** A workbook with rows in front of the roster. */
function toBook(columns: readonly string[], rows: readonly Cells[], as: Style): Uint8Array {
  const sheet = (name: string, lines: readonly (readonly string[])[]): MadeSheet => ({
    name,
    rows: lines.map((cells, at) => row(at + 1, ...cells)).join(''),
  });
  const roster = sheet('Your Roster', turned(columns, rows, as));
  const instructions = sheet('Read this first', [['How to fill in this template'], ['Fill in the sheet Your Roster.']]);
  return makeBook({ sheets: as.turn % 2 === 0 ? [instructions, roster] : [roster, instructions] });
}

const turned = (columns: readonly string[], rows: readonly Cells[], as: Style): string[][] => {
  const from = as.turn % columns.length;
  const inTurn = [...columns.slice(from), ...columns.slice(0, from)];
  const pad = (cell: string) => (cell === '' ? '' : `${as.padding}${cell}${as.padding}`);
  return [inTurn.map((name) => spell(name, as)), ...rows.map((cells) => inTurn.map((name) => pad(cells[name] ?? '')))];
};

function spell(column: string, { headers }: Style): string {
  if (headers === 'CAPITALS') return column.toUpperCase();
  if (headers === 'together') return column.replace(/[\s_-]/g, '');
  const words = column.replace(/([a-z])([A-Z])/g, '$1 $2').replaceAll('_', ' ');
  return headers === 'with blanks' ? ` ${words} ` : column;
}

const pick = <Word>(words: readonly Word[], { spelling }: Style): Word => words[spelling % words.length] as Word;

/** A person as every format that can say it is to say it. */
export interface ModelAccount {
  readonly role: Role;
  /** SIS id; of an employee in Summit's templates, which have none, undefined. */
  readonly id: string | undefined;
  readonly givenName: string;
  readonly familyName: string;
  readonly email: string | undefined;
  readonly grade: string | undefined;
  /** Names, sorted. */
  readonly schools: readonly string[];
}

/** The accounts that the model's roster has in a format, sorted. */
export function accountsOf({ schools, people }: RosterModel, format: ModelFormat): ModelAccount[] {
  const isSummit = format.startsWith('summit');
  const made = people.filter((person) => !isSummit || isSaidBySummit(person));
  return sortAccounts(
    made.map(({ id: own, role, givenName, familyName, email: address, grade, schools: ids }) => ({
      role,
      id: isSummit && role !== 'student' ? undefined : own,
      givenName,
      familyName,
      email: address,
      grade,
      schools: schools.filter((school) => ids.includes(school.id)).map(({ name }) => name),
    })),
  );
}

export const sortAccounts = (accounts: readonly ModelAccount[]): ModelAccount[] =>
  accounts
    .map((account) => ({ ...account, schools: account.schools.toSorted() }))
    .sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));

const keyOf = ({ role, id: own, email: address }: ModelAccount): string => `${role} ${own ?? address}`;
