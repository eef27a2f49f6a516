// The records of a made district, each from its number alone. Guardians, birthdays, meals, passwords and the like are
// there because real exports have them and the bridge must leave them unread.
import type { RosterEntry } from './clever/people.ts';
import type { Row } from './district-columns.ts';
import type { DistrictShape } from './district-maker.ts';
import { type Made, madeStudent, madeTeacher } from './made-people.ts';
import { asciiLetters, familyNames, givenNames } from './names.ts';
import { createRandom, type Random } from './random.ts';

const subjects = ['math', 'science', 'social studies', 'english/language arts', 'arts and music'];
const courses = ['Algebra I', 'Biology, Honors', 'World History', 'The "Great Books" Seminar', 'Choir, Mixed Voices'];
const studentsPerSchool = 400;
const studentsPerSection = 2.65;

export function* schoolRows(shape: DistrictShape): Generator<Row> {
  for (let i = 0; i < schoolsOf(shape); i += 1) {
    const random = createRandom(shape.seed, 'school', i);
    yield {
      School_id: schoolId(i),
      School_name: `${random.pick(familyNames)} School, ${random.pick(['North', 'South', 'Main'])} Campus`,
      School_number: String(100 + i),
      State_id: digits(random, 7),
      Low_grade: 'Kindergarten',
      High_grade: '12',
      Principal: `${random.pick(givenNames)} ${random.pick(familyNames)}`,
      School_address: `${digits(random, 3)} Mesquite Ave, Bldg ${i + 1}`,
      School_city: 'Madeville',
      School_state: 'NM',
      School_zip: '00000',
      School_phone: '(555) 555-0100',
    };
  }
}

/** Several guardians are several rows of one student (Clever SFTP specification). */
export function* studentRows(shape: DistrictShape): Generator<Row> {
  for (let i = 0; i < shape.students; i += 1) {
    yield* rowsOfStudent(shape, madeStudent(shape, i), createRandom(shape.seed, 'student-row', i), i);
  }
  const extra = (shape.extra ?? []).filter((one) => one.record === 'student');
  for (const [i, entry] of extra.entries()) {
    yield* rowsOfStudent(shape, entry, createRandom(shape.seed, 'extra-row', i), i);
  }
}

function* rowsOfStudent(shape: DistrictShape, one: RosterEntry | Made, random: Random, i: number): Generator<Row> {
  const facts = studentFacts(shape, one, random, i);
  const guardians = 1 + (random.below(10) < 3 ? 1 + random.below(2) : 0);
  for (let g = 0; g < guardians; g += 1) yield { ...facts, ...guardian(random, one.familyName) };
}

function studentFacts(shape: DistrictShape, one: RosterEntry | Made, random: Random, i: number): Row {
  const grade = random.below(13);
  return {
    School_id: schoolId(i % schoolsOf(shape)),
    Student_id: one.sisId,
    Student_number: one.sisId,
    State_id: digits(random, 9),
    Last_name: one.familyName,
    Middle_name: random.below(3) === 0 ? random.pick(givenNames) : '',
    First_name: one.givenName,
    Grade: grade === 0 ? 'Kindergarten' : String(grade),
    Gender: random.pick(['female', 'male', 'X', '']),
    Graduation_year: String(2039 - grade),
    DOB: `${1 + random.below(12)}/${1 + random.below(28)}/${String(21 - grade).padStart(2, '0')}`,
    Race: random.pick(['Caucasian', 'Black or African American', 'Asian', 'Two or More Races', '']),
    Hispanic_Latino: random.pick(['Y', 'N']),
    Home_language: random.pick(['English', 'Spanish', 'Vietnamese', 'Navajo']),
    Ell_status: random.pick(['Y', 'N', 'N']),
    Frl_status: random.pick(['Free', 'Reduced', 'Paid']),
    IEP_status: random.pick(['Y', 'N', 'N', 'N']),
    Student_street: `${digits(random, 4)} Cottonwood Ct, Apt ${1 + random.below(40)}`,
    Student_city: 'Madeville',
    Student_state: 'NM',
    Student_zip: '00000',
    Student_email: one.email,
    Username: `${asciiLetters(one.givenName)}${one.sisId}`,
    Password: `${random.pick(['otter', 'comet', 'cedar', 'lemon'])}-${digits(random, 4)}`,
    Unweighted_gpa: (2 + random.below(200) / 100).toFixed(2),
    Weighted_gpa: (2 + random.below(250) / 100).toFixed(2),
    'ext.bus_route': `R${random.below(30)}`,
  };
}

function guardian(random: Random, familyName: string): Row {
  return {
    Contact_relationship: random.pick(['Mother', 'Father', 'Grandmother', 'Guardian']),
    Contact_type: 'primary',
    Contact_name: `${familyName}, ${random.pick(givenNames)}`,
    Contact_phone: '(555) 555-0142',
    Contact_phone_type: 'Cell',
    Contact_email: `guardian${digits(random, 6)}@mail.example`,
    Contact_sis_id: `C${digits(random, 7)}`,
  };
}

export function teacherRow(shape: DistrictShape, one: RosterEntry | Made): Row {
  return {
    School_id: schoolId(Number(one.sisId.replace(/\D/g, '')) % schoolsOf(shape)),
    Teacher_id: one.sisId,
    Teacher_number: one.sisId,
    Teacher_email: one.email,
    First_name: one.givenName,
    Last_name: one.familyName,
    Title: 'Teacher, Certified',
    Username: one.email.split('@')[0] ?? '',
    Password: 'chalk-2026',
  };
}

export function staffRow(_shape: DistrictShape, one: RosterEntry | Made): Row {
  const made = 'role' in one && one.role === 'administrator' ? 'School Admin' : '';
  return {
    School_id: schoolId(0),
    Staff_id: one.sisId,
    Staff_email: one.email,
    First_name: one.givenName,
    Last_name: one.familyName,
    Department: 'Office, Main',
    Role: ('staffRole' in one ? one.staffRole : undefined) ?? made,
    Username: one.email.split('@')[0] ?? '',
    Password: 'desk-2026',
  };
}

export function* sectionRows(shape: DistrictShape): Generator<Row> {
  for (let i = 0; i < sectionsOf(shape); i += 1) {
    const random = createRandom(shape.seed, 'section', i);
    const teacher = (n: number) => (shape.teachers === 0 ? '' : madeTeacher(shape, (i + n) % shape.teachers).sisId);
    const course = random.pick(courses);
    yield {
      School_id: schoolId(i % schoolsOf(shape)),
      Section_id: sectionId(i),
      Teacher_id: teacher(0),
      Teacher_2_id: i % 4 === 3 ? teacher(1) : '',
      Teacher_3_id: i % 12 === 11 ? teacher(2) : '',
      Name: `${course} - Section ${i + 1}`,
      Section_number: String(i + 1),
      Grade: String(1 + random.below(12)),
      Course_name: course,
      Course_number: digits(random, 4),
      Course_description: 'Two terms, meets daily',
      Period: String(1 + random.below(8)),
      Subject: random.pick(subjects),
      Term_name: '2026-27, Fall',
      Term_start: '8/17/26',
      Term_end: '12/18/26',
    };
  }
}

export function* enrollmentRows(shape: DistrictShape): Generator<Row> {
  const classes = Math.min(shape.classesPerStudent ?? 9, sectionsOf(shape));
  const extra = (shape.extra ?? []).filter((one) => one.record === 'student').map((one) => one.sisId);
  for (let i = 0; i < shape.students + extra.length; i += 1) {
    const studentId = i < shape.students ? madeStudent(shape, i).sisId : (extra[i - shape.students] ?? '');
    for (let c = 0; c < classes; c += 1) {
      yield {
        School_id: schoolId(i % schoolsOf(shape)),
        Student_id: studentId,
        Section_id: sectionOfStudent(shape, i, c),
      };
    }
  }
}

/** `c` steps onward from a start of one's own, so no class comes twice. */
function sectionOfStudent(shape: DistrictShape, i: number, c: number): string {
  return sectionId((i * 7 + c) % sectionsOf(shape));
}

const schoolsOf = (shape: DistrictShape) => Math.max(2, Math.ceil(shape.students / studentsPerSchool));
const sectionsOf = (shape: DistrictShape) => Math.max(1, Math.ceil(shape.students / studentsPerSection));
/** Alphanumeric, as Clever's demo district has them. */
const schoolId = (i: number) => `02M${800 + i}`;
const sectionId = (i: number) => `SEC-${10_000 + i}`;

function digits(random: Random, length: number): string {
  return Array.from({ length }, () => random.below(10)).join('');
}
