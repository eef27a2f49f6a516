// The demo's OneRoster district, as people with what its users.csv says of them and how their sign-in must end. people.ts
// has the districts that send Clever-style files.
import type { DemoPerson, ExpectedOutcome } from './people.ts';
import { cleverIdOf, type District } from './person.ts';

/** Linked; sends OneRoster CSV 1.2, a full set. */
export const quartzRidge: District = {
  id: cleverIdOf('district/quartz-ridge'),
  slug: 'quartz-ridge',
  name: 'Quartz Ridge Public Schools',
  apps: ['summit-k12'],
};

export interface OneRosterUser {
  readonly sourcedId: string;
  readonly email: string;
  /** Of roles.csv. */
  readonly role: 'student' | 'teacher' | 'siteAdministrator';
  readonly enabledUser: 'true' | 'false';
}

export interface OneRosterPerson extends Omit<DemoPerson, 'rostered' | 'email' | 'givenName' | 'familyName'> {
  readonly email: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly user: OneRosterUser;
}

const qr = 'quartzridge.example';

interface Case {
  readonly key: string;
  readonly type?: string;
  readonly name: readonly [given: string, family: string];
  readonly email: string;
  readonly about: string;
  readonly user: OneRosterUser;
  readonly ends: ExpectedOutcome;
}

const user = (sourcedId: string, email: string, more: Partial<OneRosterUser> = {}): OneRosterUser => ({
  sourcedId,
  email,
  role: 'student',
  enabledUser: 'true',
  ...more,
});

const cases: readonly Case[] = [
  {
    key: 'oneroster-student',
    name: ['Amara', 'Lindqvist'],
    email: `alindqvist@students.${qr}`,
    about: 'Student of a OneRoster set. Everything matches.',
    user: user('u-3001', `alindqvist@students.${qr}`),
    ends: { kind: 'signed-in', role: 'student' },
  },
  {
    key: 'oneroster-teacher',
    type: 'teacher',
    name: ['Rafael', 'Nakamura'],
    email: `rnakamura@${qr}`,
    about: 'Teacher by roles.csv. Everything matches.',
    user: user('u-1001', `rnakamura@${qr}`, { role: 'teacher' }),
    ends: { kind: 'signed-in', role: 'teacher' },
  },
  {
    key: 'oneroster-administrator',
    type: 'staff',
    name: ['Soledad', 'Whitaker'],
    email: `swhitaker@${qr}`,
    about: 'Site administrator by roles.csv: a School Admin.',
    user: user('u-1002', `swhitaker@${qr}`, { role: 'siteAdministrator' }),
    ends: { kind: 'signed-in', role: 'administrator' },
  },
  {
    key: 'oneroster-disabled',
    name: ['Teo', 'Abernathy'],
    email: `tabernathy@students.${qr}`,
    about: 'users.csv says enabledUser false, so there is no account.',
    user: user('u-3002', `tabernathy@students.${qr}`, { enabledUser: 'false' }),
    ends: { kind: 'refused', code: 'not_rostered' },
  },
];

export const oneRosterPeople: readonly OneRosterPerson[] = cases.map(
  ({ key, type, name, email, about, user, ends }) => {
    const id = cleverIdOf(`person/${key}`);
    const userType = type ?? 'student';
    return {
      key,
      about,
      id,
      email,
      userType,
      user,
      legacyId: userType === 'student' ? id : cleverIdOf(`person/${key}/legacy`),
      district: quartzRidge.id,
      givenName: name[0],
      familyName: name[1],
      sisId: user.sourcedId,
      start: 'portal',
      expectedOutcome: ends,
    };
  },
);
