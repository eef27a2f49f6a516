// One random roster, written as each format writes it: every format reads the same people, schools, classes and enrollments
// of it, as far as it can say them.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import type { AccountRow, FeedItem } from '../../src/formats/feed.ts';
import { readFolder } from '../helpers/read-folder.ts';
import {
  accountsOf,
  type Files,
  type ModelAccount,
  type ModelFormat,
  methodOf,
  rosterModel,
  sortAccounts,
  style,
  writers,
} from '../helpers/roster-model.ts';

const formats = Object.keys(writers) as ModelFormat[];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'same-accounts-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function read(files: Files, format: ModelFormat): Promise<FeedItem[]> {
  const own = await mkdtemp(join(folder, 'set-'));
  for (const [name, content] of Object.entries(files)) await writeFile(join(own, name), content);
  const items: FeedItem[] = [];
  for await (const batch of readFolder(own, { clock: Date.now }, methodOf(format))) items.push(...batch);
  return items;
}

/** The rows of each person as one: what the first leaves blank, a later one may say. */
function joined(items: readonly FeedItem[], isSummit: boolean): ModelAccount[] {
  const names = new Map(items.flatMap((item) => (item.kind === 'school' ? [[item.schoolId, item.name ?? '']] : [])));
  const rows = new Map<string, AccountRow[]>();
  for (const item of items) {
    if (item.kind !== 'account') continue;
    const key = `${item.record} ${item.sisId}`;
    rows.set(key, [...(rows.get(key) ?? []), item]);
  }
  const accounts = [...rows.values()].map((own): ModelAccount => {
    const first = own[0] as AccountRow;
    const schools = new Set(own.flatMap(({ schoolId }) => (schoolId === undefined ? [] : (names.get(schoolId) ?? []))));
    const firstOf = (field: 'email' | 'grade') => own.find((each) => each[field] !== undefined)?.[field];
    return {
      role: first.role,
      id: isSummit && first.role !== 'student' ? undefined : first.sisId,
      givenName: first.givenName,
      familyName: first.familyName,
      email: firstOf('email'),
      grade: firstOf('grade'),
      schools: [...schools],
    };
  });
  return sortAccounts(accounts);
}

const errorsOf = (items: readonly FeedItem[]) =>
  items.filter((item) => item.kind === 'finding' && (item.severity === 'error' || item.rowLeftOut === true));

describe.each(formats)('%s', (format) => {
  it('reads the people of a random roster as every other format does', async () => {
    await fc.assert(
      fc.asyncProperty(rosterModel, style, async (model, as) => {
        const items = await read(writers[format](model, as), format);
        expect(errorsOf(items)).toEqual([]);
        expect(joined(items, format.startsWith('summit'))).toEqual(accountsOf(model, format));
        if (format.startsWith('summit')) return;
        const { schools, classes } = model;
        const ofKind = (kind: FeedItem['kind']) => items.filter((item) => item.kind === kind);
        expect(ofKind('school')).toMatchObject(schools.map((school) => ({ schoolId: school.id, name: school.name })));
        expect(ofKind('class')).toMatchObject(
          classes.map(({ id, name, school, teachers }) => ({
            classId: id,
            name,
            schoolId: school,
            teacherIds: teachers,
          })),
        );
        expect(ofKind('enrollment')).toMatchObject(
          classes.flatMap(({ id, students }) => students.map((studentId) => ({ classId: id, studentId }))),
        );
      }),
      { numRuns: 80 },
    );
  });
});

const changed = ['7.38E+11', '3-Apr', '#REF!', '70,000', "'70000", '12:30', '70000.0', '7\u200b0'] as const;

it.each(changed)('leaves out who has the id %j, in every format', async (id) => {
  await fc.assert(
    fc.asyncProperty(rosterModel, style, fc.constantFrom(...formats), async (model, as, format) => {
      const given = {
        id,
        role: 'student',
        givenName: 'Ada',
        familyName: 'Moss',
        grade: '1',
        isRepeated: false,
      } as const;
      const person = {
        ...given,
        email: 'ada@a.example',
        schools: model.schools.slice(0, 1).map((school) => school.id),
      };
      const items = await read(writers[format]({ ...model, people: [...model.people, person] }, as), format);
      expect(joined(items, format.startsWith('summit'))).toEqual(accountsOf(model, format));
    }),
    { numRuns: 5 },
  );
});
