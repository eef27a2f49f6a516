// The demo's Secure Sync districts: the awkward cases of a roster that comes from Clever itself, as people, with how
// their sign-in must end once the district has been synced. people.ts has the districts that send files.
import { madeStudent } from '../made-people.ts';
import type { DemoPerson, ExpectedOutcome } from './people.ts';
import { cleverIdOf, type District, type Person } from './person.ts';

/** `secure-sync:full`: students, teachers, staff, classes and enrollments are Clever's. */
export const cedarHollow: District = {
  id: cleverIdOf('district/cedar-hollow'),
  slug: 'cedar-hollow',
  name: 'Cedar Hollow Schools',
  apps: ['secure-sync'],
};

/** `secure-sync:provisioning`: Clever gives the students; teachers and classes come by spreadsheet. */
export const willowBend: District = {
  id: cleverIdOf('district/willow-bend'),
  slug: 'willow-bend',
  name: 'Willow Bend Charter Schools',
  apps: ['secure-sync'],
};

export const syncDistricts: readonly District[] = [cedarHollow, willowBend];

const ch = 'cedarhollow.example';
const wb = 'willowbend.example';

type Case = Pick<DemoPerson, 'key' | 'about'> &
  Partial<Pick<Person, 'email' | 'sisId' | 'staffId' | 'roles' | 'title' | 'lastNight'>> & {
    readonly district: District;
    readonly type?: string;
    readonly name: readonly [given: string, family: string];
    readonly ends: ExpectedOutcome;
  };

const signedIn = (role: 'student' | 'teacher' | 'staff' | 'administrator'): ExpectedOutcome => ({
  kind: 'signed-in',
  role,
});
const refused = (code: string): ExpectedOutcome => ({ kind: 'refused', code });

const cases: readonly Case[] = [
  {
    key: 'sync-student',
    district: cedarHollow,
    name: ['Leilani', 'Ferreira'],
    email: `lferreira@students.${ch}`,
    sisId: '820001',
    about: 'Student, synced from Clever. Everything matches.',
    ends: signedIn('student'),
  },
  {
    key: 'sync-no-email',
    district: cedarHollow,
    name: ['Tadeo', 'Begay'],
    sisId: '820002',
    about: 'Has no address (signs in with a badge). Synced from Clever, so the Clever id is enough.',
    ends: signedIn('student'),
  },
  {
    key: 'sync-new-address',
    district: cedarHollow,
    name: ['Ifeoma', 'Larsen'],
    email: `ifeoma.larsen@students.${ch}`,
    sisId: '820003',
    lastNight: { email: `ilarsen@students.${ch}` },
    about: 'The address was changed in Clever after last night’s sync.',
    ends: signedIn('student'),
  },
  {
    key: 'sync-new-student',
    district: cedarHollow,
    name: ['Mikael', 'Ochoa'],
    email: `mochoa@students.${ch}`,
    sisId: '820004',
    lastNight: 'absent',
    about: 'Was shared with the app after last night’s sync.',
    ends: signedIn('student'),
  },
  {
    key: 'sync-no-sis-id',
    district: cedarHollow,
    name: ['Orla', 'Petrov'],
    email: `opetrov@students.${ch}`,
    about: 'Clever has no SIS id of this student, so no account can be made.',
    ends: refused('not_rostered'),
  },
  {
    key: 'sync-teacher',
    district: cedarHollow,
    type: 'teacher',
    name: ['Chidi', 'Fontaine'],
    email: `cfontaine@${ch}`,
    sisId: 'T-4101',
    about: 'Teacher, synced from Clever. Everything matches.',
    ends: signedIn('teacher'),
  },
  {
    key: 'sync-several-roles',
    district: cedarHollow,
    type: 'teacher',
    name: ['Beatriz', 'Osei'],
    email: `bosei@${ch}`,
    sisId: 'T-4102',
    staffId: 'E-4202',
    roles: ['teacher', 'staff', 'district_admin'],
    about: 'Teacher, staff and district administrator at once: one account, and an administrator.',
    ends: signedIn('administrator'),
  },
  {
    key: 'sync-staff',
    district: cedarHollow,
    type: 'staff',
    name: ['Anselm', 'Takahashi'],
    email: `atakahashi@${ch}`,
    sisId: 'E-4201',
    title: 'Librarian',
    about: 'Librarian, synced from Clever. Everything matches.',
    ends: signedIn('staff'),
  },
  {
    key: 'sync-principal',
    district: cedarHollow,
    type: 'staff',
    name: ['Wanjiru', 'Coleman'],
    email: `wcoleman@${ch}`,
    sisId: 'E-4203',
    title: 'Principal',
    about: 'Principal by title, synced from Clever.',
    ends: signedIn('administrator'),
  },
  {
    key: 'sync-administrator',
    district: cedarHollow,
    type: 'district_admin',
    name: ['Quentin', 'Adler'],
    email: `qadler@${ch}`,
    about: 'District administrator and nothing else: Clever gives such people no SIS id.',
    ends: signedIn('administrator'),
  },
  {
    key: 'sync-contact',
    district: cedarHollow,
    type: 'contact',
    name: ['Josefina', 'Ferreira'],
    email: 'josefina.ferreira@mail.example',
    about: 'A student’s guardian: a contact at Clever.',
    ends: refused('user_type_unsupported'),
  },
  {
    key: 'provisioned-student',
    district: willowBend,
    name: ['Naveen', 'Cisneros'],
    email: `ncisneros@students.${wb}`,
    sisId: 'W-3001',
    about: 'Student account from Clever; classes come by spreadsheet.',
    ends: signedIn('student'),
  },
  {
    key: 'provisioned-teacher',
    district: willowBend,
    type: 'teacher',
    name: ['Astrid', 'Mwangi'],
    email: `amwangi@${wb}`,
    sisId: 'W-901',
    about: 'Teacher at Clever. Gets an account by spreadsheet only.',
    ends: refused('not_rostered'),
  },
];

function personOf({ name: [givenName, familyName], type = 'student', district, ends, ...one }: Case): DemoPerson {
  const id = cleverIdOf(`person/${one.key}`);
  return {
    ...one,
    id,
    legacyId: type === 'student' ? id : cleverIdOf(`legacy/${one.key}`),
    district: district.id,
    userType: type,
    givenName,
    familyName,
    rostered: [],
    start: 'portal',
    expectedOutcome: ends,
  };
}

export const syncPeople: readonly DemoPerson[] = cases.map(personOf);

/** Enough classmates that a district looks like one. */
export const syncClassmates: readonly Person[] = [
  ...classmates(cedarHollow, ch, 30, 821),
  ...classmates(willowBend, wb, 15, 822),
];

function classmates(district: District, domain: string, students: number, seed: number): Person[] {
  const shape = { students, teachers: 0, staff: 0, seed, domain, lineEnds: 'lf', headerStyle: 'School_id' } as const;
  return Array.from({ length: students }, (_, i) => {
    const { record: _record, role: _role, ...person } = madeStudent(shape, i);
    return {
      ...person,
      district: district.id,
      sisId: `${seed}${String(i).padStart(3, '0')}`,
      grade: String(1 + (i % 12)),
    };
  });
}
