// The students of loads and fault runs: student N of district D, the same at the stub of Clever and in the roster.
import { cleverIdOf, type Person } from '../sandbox/clever/person.ts';

export interface Student {
  /** The bridge's id of the district. */
  readonly district: string;
  /** 0, 1, 2 … */
  readonly number: number;
  /** At Clever, and not in the roster, the address begins with a capital. */
  readonly isCapital?: true;
}

export const sisIdOf = ({ number }: Student): string => `${100_000 + number}`;

export const emailOf = ({ district, number }: Student): string => `student${number}@${district}.example`;

export const cleverDistrictOf = (district: string): string => cleverIdOf(`district ${district}`);

export function personOf(student: Student): Person {
  const id = cleverIdOf(`student ${student.district} ${student.number}`);
  return {
    id,
    legacyId: id,
    district: cleverDistrictOf(student.district),
    userType: 'student',
    email: student.isCapital ? emailOf(student).replace(/^s/, 'S') : emailOf(student),
    givenName: 'Student',
    familyName: `${student.number}`,
  };
}

/** As it travels in an address: `district.number`, and `district.number.capital`. */
export const spellStudent = ({ district, number, isCapital }: Student): string =>
  `${district}.${number}${isCapital ? '.capital' : ''}`;

export function readStudent(text: string): Student | undefined {
  const [, district, number, capital] = /^([\w-]+)\.(\d+)(\.capital)?$/.exec(text) ?? [];
  if (district === undefined) return undefined;
  return { district, number: Number(number), ...(capital === undefined ? {} : { isCapital: true }) };
}
