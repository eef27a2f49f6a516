// Parses responses of the Data API v3.1, keeping only the few fields in use. Everything else of a child's record (birth
// date, race, programme status, credentials, guardians) is dropped here. Shapes: Clever's OpenAPI, v3.1.
import * as z from 'zod';
import {
  type CleverCourse,
  type CleverDistrict,
  type CleverSchool,
  type CleverSection,
  type CleverTerm,
  type CleverUser,
  DataApiFailure,
} from '../secure-sync/ports.ts';

/** For Clever, null, absent and the empty text all mean "no value"; here a value of another type does too. */
const word = z
  .string()
  .transform((text) => text || undefined)
  .optional()
  .catch(undefined);
const words = z
  .array(z.unknown())
  .catch([])
  .transform((list) => list.filter((one): one is string => typeof one === 'string' && one !== ''));
/** Clever ids are 24 hex digits; nothing longer or with other characters becomes part of a URL or a key. */
const id = z.string().regex(/^[\w-]{1,64}$/);
const role = <Shape extends z.ZodRawShape>(shape: Shape) => z.object(shape).nullish().catch(undefined);

const userShape = z
  .object({
    id,
    district: word,
    email: word,
    name: z.object({ first: word, last: word }).nullish().catch(undefined),
    roles: z
      .object({
        student: role({ sis_id: word, school: word, grade: word }),
        teacher: role({ sis_id: word, school: word }),
        staff: role({ staff_id: word, schools: words, roles: words, title: word }),
        district_admin: role({}),
      })
      .nullish()
      .catch(undefined),
  })
  .transform(({ name, roles, ...user }): CleverUser => {
    const { student, teacher, staff, district_admin } = roles ?? {};
    return {
      id: user.id,
      district: user.district,
      email: user.email,
      givenName: name?.first,
      familyName: name?.last,
      roles: {
        ...(student ? { student: { sisId: student.sis_id, school: student.school, grade: student.grade } } : {}),
        ...(teacher ? { teacher: { sisId: teacher.sis_id, school: teacher.school } } : {}),
        ...(staff
          ? {
              staff: {
                staffId: staff.staff_id,
                school: staff.schools[0],
                duties: [...staff.roles, ...(staff.title === undefined ? [] : [staff.title])],
              },
            }
          : {}),
        ...(district_admin ? { districtAdmin: true as const } : {}),
      },
    };
  });

const sectionShape = z
  .object({
    id,
    sis_id: word,
    name: word,
    school: word,
    teacher: word,
    teachers: words,
    students: words,
    course: word,
    term_id: word,
    subject: word,
    period: word,
    grade: word,
  })
  .transform(
    ({ teacher, teachers, students, ...section }): CleverSection => ({
      id: section.id,
      sisId: section.sis_id,
      name: section.name,
      school: section.school,
      teachers: [...new Set([...(teacher === undefined ? [] : [teacher]), ...teachers])],
      students: [...new Set(students)],
      course: section.course,
      term: section.term_id,
      subject: section.subject,
      period: section.period,
      grade: section.grade,
    }),
  );

const courseShape = z
  .object({ id, name: word, number: word })
  .transform((course): CleverCourse => ({ id: course.id, name: course.name, number: course.number }));

/** Clever also writes dates as times: only the day is used. */
const day = word.transform((text) => /^\d{4}-\d{2}-\d{2}/.exec(text ?? '')?.[0]);
const termShape = z
  .object({ id, name: word, start_date: day, end_date: day })
  .transform((term): CleverTerm => ({ id: term.id, name: term.name, start: term.start_date, end: term.end_date }));

const schoolShape = z
  .object({ id, sis_id: word, name: word })
  .transform((school): CleverSchool => ({ id: school.id, sisId: school.sis_id, name: school.name }));

const districtShape = z
  .object({
    id,
    state: z.unknown(),
    pause_start: word,
    pause_end: word,
    error: word,
    last_sync: word,
  })
  .transform(
    (district): CleverDistrict => ({
      id: district.id,
      state: readState(district.state),
      pauseStart: district.pause_start,
      pauseEnd: district.pause_end,
      error: district.error,
      lastSync: district.last_sync,
    }),
  );

const states = ['running', 'success', 'pending', 'error', 'paused'] as const;
const readState = (state: unknown): CleverDistrict['state'] => states.find((one) => one === state) ?? 'unknown';

const listShape = z.object({
  data: z.array(z.object({ data: z.unknown() })),
  links: z
    .array(z.object({ rel: z.string(), uri: z.string() }))
    .nullish()
    .catch([]),
});

export interface Page<Item> {
  readonly items: readonly Item[];
  /** As Clever wrote it: relative or absolute. */
  readonly next: string | undefined;
}

export type ReadItem<Item> = (data: unknown) => Item;

/** @throws DataApiFailure `wrong-shape` */
function read<Value>(shape: z.ZodType<Value>, value: unknown): Value {
  const result = shape.safeParse(value);
  // zod's error is not used: it may quote the value.
  if (!result.success) throw new DataApiFailure('wrong-shape');
  return result.data;
}

export const readUser: ReadItem<CleverUser> = (data) => read(userShape, data);
export const readSection: ReadItem<CleverSection> = (data) => read(sectionShape, data);
export const readSchool: ReadItem<CleverSchool> = (data) => read(schoolShape, data);
export const readCourse: ReadItem<CleverCourse> = (data) => read(courseShape, data);
export const readTerm: ReadItem<CleverTerm> = (data) => read(termShape, data);
export const readDistrict: ReadItem<CleverDistrict> = (data) => read(districtShape, data);

/** One record: `{data, links}`. */
export const readOne = <Item>(readItem: ReadItem<Item>, json: unknown): Item =>
  readItem(read(z.object({ data: z.unknown() }), json).data);

/** A page of a list: `{data: [{data}], links: [{rel, uri}]}`. */
export function readPage<Item>(readItem: ReadItem<Item>, json: unknown): Page<Item> {
  const { data, links } = read(listShape, json);
  return {
    items: data.map((one) => readItem(one.data)),
    next: links?.find(({ rel }) => rel === 'next')?.uri || undefined,
  };
}

const tokensShape = z.object({
  data: z.array(
    z.object({
      access_token: z.string().regex(/^[\w.~+/-]{1,4096}=*$/),
      created: word,
      owner: z.object({ type: word, id: word }).nullish().catch(undefined),
    }),
  ),
});

/** The newest token of the district; a token of another owner is ignored. @throws DataApiFailure `no-token` */
export function readDistrictToken(json: unknown, cleverDistrict: string): string {
  const newest = read(tokensShape, json)
    .data.filter(({ owner }) => owner?.id === cleverDistrict && (owner.type ?? 'district') === 'district')
    .toSorted((one, other) => (other.created ?? '').localeCompare(one.created ?? '', 'en'))[0];
  if (newest === undefined) throw new DataApiFailure('no-token');
  return newest.access_token;
}
