// The demo's district that fills in Summit K12's two templates by hand: people with their rows and the expected outcome of
// their sign-in. Its employees have no ids: the address identifies them.
import type { DemoPerson, ExpectedOutcome } from './people.ts';
import { cleverIdOf, type District } from './person.ts';

/** Linked; rostered by spreadsheet alone. */
export const marlValley: District = {
  id: cleverIdOf('district/marl-valley'),
  slug: 'marl-valley',
  name: 'Marl Valley Schools',
  apps: ['summit-k12'],
};

export interface HandRosteredPerson extends Omit<DemoPerson, 'rostered' | 'email' | 'givenName' | 'familyName'> {
  readonly email: string;
  readonly givenName: string;
  readonly familyName: string;
  /** A student has the id, an employee a role of Summit's; a person with neither is not in the template. */
  readonly row: { readonly studentId?: string; readonly role?: string; readonly grades: readonly string[] };
}

const mv = 'marlvalley.example';

interface Case {
  readonly key: string;
  readonly type?: string;
  readonly name: readonly [given: string, family: string];
  readonly about: string;
  readonly row: HandRosteredPerson['row'];
  /** At Clever, where it differs. */
  readonly email?: string;
  readonly ends: ExpectedOutcome;
}

const cases: readonly Case[] = [
  {
    key: 'template-student',
    name: ['Noor', 'Castellano'],
    about: 'Student of the Student Roster Template, with an id that begins with zeros.',
    row: { studentId: '000417', grades: ['4'] },
    ends: { kind: 'signed-in', role: 'student' },
  },
  {
    key: 'template-student-spelled',
    name: ['Ivo', 'Brandt'],
    about: 'The template has another spelling of the address.',
    row: { studentId: '000418', grades: ['4'] },
    email: `ivo.brand@${mv}`,
    ends: { kind: 'refused', code: 'email_mismatch' },
  },
  {
    key: 'template-lead-teacher',
    type: 'teacher',
    name: ['Priya', 'Holloway'],
    about: 'Lead Teacher of two grades: two rows, one person, no id.',
    row: { role: 'Lead Teacher', grades: ['3', '4'] },
    ends: { kind: 'signed-in', role: 'teacher' },
  },
  {
    key: 'template-district-admin',
    type: 'staff',
    name: ['Gus', 'Petrov'],
    about: 'District Admin of the Admin and Teacher Roster Template.',
    row: { role: 'District Admin', grades: [] },
    ends: { kind: 'signed-in', role: 'administrator' },
  },
];

export const handRosteredPeople: readonly HandRosteredPerson[] = cases.map(
  ({ key, type = 'student', name, about, row, email, ends }) => {
    const id = cleverIdOf(`person/${key}`);
    return {
      key,
      about,
      id,
      userType: type,
      row,
      email: email ?? rosterEmailOf(name),
      legacyId: type === 'student' ? id : cleverIdOf(`person/${key}/legacy`),
      district: marlValley.id,
      givenName: name[0],
      familyName: name[1],
      sisId: row.studentId ?? key,
      start: 'portal',
      expectedOutcome: ends,
    };
  },
);

/** As the template has it. */
export function rosterEmailOf([given, family]: readonly [given: string, family: string]): string {
  return `${given}.${family}@${mv}`.toLowerCase();
}
