// The people of a made district, each from their number alone.
import { cleverIdOf } from './clever/person.ts';
import type { DistrictShape, MadePerson } from './district-maker.ts';
import { asciiLetters, familyNames, givenNames } from './names.ts';
import { createRandom } from './random.ts';

export type Made = Omit<MadePerson, 'district'>;

const domainOf = (shape: DistrictShape) => shape.domain ?? 'made.example';

export function madeStudent(shape: DistrictShape, i: number): Made {
  const [givenName, familyName] = studentName(shape, i);
  const id = cleverIdOf(`made/${shape.seed}/student/${i}`);
  return {
    id,
    legacyId: id,
    userType: 'student',
    record: 'student',
    role: 'student',
    sisId: String(730_000_000 + i * 37),
    givenName,
    familyName,
    email: `${asciiLetters(givenName).charAt(0)}${asciiLetters(familyName)}${i}@students.${domainOf(shape)}`,
  };
}

/** Every 97th student has the name of the one before. */
function studentName(shape: DistrictShape, i: number): readonly [string, string] {
  const random = createRandom(shape.seed, 'student', i % 97 === 96 ? i - 1 : i);
  return [random.pick(givenNames), random.pick(familyNames)];
}

export function madeTeacher(shape: DistrictShape, i: number): Made {
  const random = createRandom(shape.seed, 'teacher', i);
  const givenName = random.pick(givenNames);
  const familyName = random.pick(familyNames);
  return {
    id: cleverIdOf(`made/${shape.seed}/teacher/${i}`),
    legacyId: cleverIdOf(`made/${shape.seed}/teacher/${i}/legacy`),
    userType: 'teacher',
    record: 'teacher',
    role: 'teacher',
    sisId: String(40_000 + i),
    givenName,
    familyName,
    email: `${asciiLetters(givenName)}.${asciiLetters(familyName)}${i}@${domainOf(shape)}`,
  };
}

/** Every seventh is a teacher too, by the same address; every fifth of the others runs a school. */
export function madeStaff(shape: DistrictShape, i: number): Made & { readonly alsoTeacher: boolean } {
  const sisId = String(60_000 + i);
  if (i % 7 === 6 && i < shape.teachers) return { ...madeTeacher(shape, i), record: 'staff', sisId, alsoTeacher: true };
  const random = createRandom(shape.seed, 'staff', i);
  const givenName = random.pick(givenNames);
  const familyName = random.pick(familyNames);
  return {
    id: cleverIdOf(`made/${shape.seed}/staff/${i}`),
    legacyId: cleverIdOf(`made/${shape.seed}/staff/${i}/legacy`),
    userType: 'staff',
    record: 'staff',
    role: i % 5 === 4 ? 'administrator' : 'staff',
    sisId,
    givenName,
    familyName,
    email: `${asciiLetters(familyName)}${i}@office.${domainOf(shape)}`,
    alsoTeacher: false,
  };
}
