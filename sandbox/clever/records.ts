// A person in the shapes Clever gives out: claims, userinfo, /me, user and district records. Pure. Shapes follow
// Clever's OpenAPI of Data API v3.1 and its page on the userinfo endpoint; no field of a child that the bridge may not
// keep is made up here.

import type { DataCourse, DataSchool, DataSection, DataTerm } from './data-listing.ts';
import { cleverIdOf, type District, type Person } from './person.ts';

const addedOn = '2026-08-10T06:00:00.000Z';

/** The claims of the id_token about the person; `email` and names only if on record. */
export function claimsOf(person: Person): Record<string, unknown> {
  return {
    sub: person.id,
    multi_role_user_id: person.id,
    user_id: person.legacyId,
    user_type: person.userType,
    district: person.district,
    ...(person.email === undefined ? {} : { email: person.email }),
    email_verified: false,
    ...(person.givenName === undefined ? {} : { given_name: person.givenName }),
    ...(person.familyName === undefined ? {} : { family_name: person.familyName }),
  };
}

export function userinfoOf(person: Person): Record<string, unknown> {
  return {
    ...claimsOf(person),
    district_id: person.district,
    name: { first: person.givenName ?? null, last: person.familyName ?? null, middle: null },
    schools: [],
    authorized_by: 'district',
  };
}

/** `GET /v3.0/me`: returns the person, never the role. */
export function meOf(person: Person): object {
  return {
    type: 'user',
    data: { id: person.id, district: person.district, type: 'user', authorized_by: 'district' },
    links: [
      { rel: 'self', uri: '/me' },
      { rel: 'canonical', uri: `/v3.0/users/${person.id}` },
      { rel: 'district', uri: `/v3.0/districts/${person.district}` },
    ],
  };
}

/** `GET /v3.1/users/{id}`. */
export function userRecordOf(person: Person, version: string): object {
  return {
    data: {
      id: person.id,
      district: person.district,
      email: person.email ?? null,
      name: { first: person.givenName ?? null, middle: null, last: person.familyName ?? null },
      created: addedOn,
      last_modified: addedOn,
      roles: Object.fromEntries((person.roles ?? [person.userType]).map((role) => [role, roleOf(role, person)])),
      ...(version === 'v3.1' ? { lms_status: { synced_in_lms: false } } : {}),
    },
  };
}

function roleOf(role: string, person: Person): object {
  const sisId = person.sisId ?? '';
  const legacy = { legacy_id: person.legacyId };
  const school = person.school ?? schoolIdOf(person.district);
  const credentials = { district_username: '' };
  switch (role) {
    case 'student':
      return { ...legacy, sis_id: sisId, school, schools: [school], grade: person.grade ?? '', credentials };
    case 'teacher':
      return { ...legacy, sis_id: sisId, school, schools: [school], credentials };
    case 'staff':
      return {
        ...legacy,
        staff_id: person.staffId ?? sisId,
        schools: [school],
        roles: [],
        ...(person.title === undefined ? {} : { title: person.title }),
        credentials,
      };
    case 'contact':
      return { ...legacy, sis_id: null, phone: null, phone_type: null, student_relationships: [] };
    default:
      return { ...legacy, title: null };
  }
}

/** The school of a district that has one. */
export const schoolIdOf = (districtId: string): string => cleverIdOf(`school/${districtId}`);

/** `GET /v3.1/schools/{id}`. */
export function schoolRecordOf(school: DataSchool, district: District): object {
  const { id, sisId, name } = school;
  const dates = { created: addedOn, last_modified: addedOn };
  return {
    data: {
      id,
      district: district.id,
      sis_id: sisId,
      name,
      school_number: sisId,
      low_grade: '',
      high_grade: '',
      ...dates,
    },
  };
}

/** `GET /v3.1/sections/{id}`. */
export function sectionRecordOf(section: DataSection, district: District): object {
  const { id, sisId, name, school, teachers, students, course, term, grade, period, subject } = section;
  return {
    data: {
      id,
      district: district.id,
      sis_id: sisId,
      name,
      school,
      teacher: teachers[0] ?? null,
      teachers,
      students,
      course,
      term_id: term,
      grade,
      period,
      subject,
      section_number: sisId,
      created: addedOn,
      last_modified: addedOn,
    },
  };
}

/** `GET /v3.1/courses/{id}`. */
export const courseRecordOf = ({ id, name, number }: DataCourse, district: District): object => ({
  data: { id, district: district.id, name, number },
});

/** `GET /v3.1/terms/{id}`. */
export const termRecordOf = ({ id, name, start, end }: DataTerm, district: District): object => ({
  data: { id, district: district.id, name, start_date: `${start}T00:00:00.000Z`, end_date: `${end}T00:00:00.000Z` },
});

export interface DistrictMood {
  readonly state: string;
  readonly error: string;
  readonly pause_start: string | null;
  readonly pause_end: string | null;
}

const running: DistrictMood = { state: 'running', error: '', pause_start: null, pause_end: null };

/** `GET /v3.1/districts/{id}`. */
export function districtRecordOf(district: District, version: string, mood: DistrictMood = running): object {
  return {
    data: {
      id: district.id,
      name: district.name,
      sis_type: 'Manual',
      ...mood,
      login_methods: ['Badges', 'Username and password'],
      launch_date: '2026-08-15',
      last_sync: addedOn,
      portal_url: `https://portal.example/${district.slug}`,
      mdr_number: null,
      nces_id: null,
      ...(version === 'v3.1' ? { lms_type: '', lms_state: '', last_attendance_sync: null } : {}),
    },
  };
}
