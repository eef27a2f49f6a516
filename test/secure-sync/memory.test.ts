// Memory of a snapshot: one page at a time, and a small entry for each person. npm run bench:roster measures the whole sync.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { districtOfShape, listsOfShape } from '../../sandbox/clever/made-data-district.ts';
import type { Person } from '../../sandbox/clever/person.ts';
import type { CleverUser, DistrictConnection } from '../../src/secure-sync/ports.ts';
import { readSnapshot } from '../../src/secure-sync/snapshot.ts';

const shape = {
  students: 40_000,
  teachers: 1_000,
  staff: 0,
  seed: 3,
  lineEnds: 'lf',
  headerStyle: 'School_id',
  classesPerStudent: 4,
} as const;

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

function heapMb(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed / 2 ** 20 + process.memoryUsage().arrayBuffers / 2 ** 20;
}

const userOf = ({ id, email, givenName, familyName, sisId, userType, school }: Person): CleverUser => ({
  id,
  district: districtOfShape(shape).id,
  email,
  givenName,
  familyName,
  roles: userType === 'student' ? { student: { sisId, school, grade: '4' } } : { teacher: { sisId, school } },
});

function connectionThatEndsWith(behindTheLast: () => void): DistrictConnection {
  const lists = listsOfShape(shape);
  async function* every<Item, Made>(
    list: { length: number; at(i: number): Item | undefined },
    make: (item: Item) => Made,
  ) {
    for (let i = 0; i < list.length; i += 1) {
      const item = list.at(i);
      if (item !== undefined) yield make(item);
    }
  }
  return {
    district: () => Promise.reject(new Error('not asked')),
    schools: () => every(lists.schools, (school) => school),
    users: (role) => every(lists.users(role), userOf),
    courses: () => every(lists.courses, (course) => course),
    terms: () => every(lists.terms, (term) => term),
    async *sections() {
      yield* every(lists.sections, (section) => section);
      behindTheLast();
    },
    user: async () => undefined,
    school: async () => undefined,
  };
}

it('keeps less than 300 bytes a person and 8 an enrollment', async () => {
  const before = heapMb();
  let grown = 0;
  let enrollments = 0;
  const connection = connectionThatEndsWith(() => {
    grown = heapMb() - before;
  });
  for await (const item of readSnapshot(connection, 'full')) if (item.kind === 'enrollment') enrollments += 1;
  expect(enrollments).toBe(160_000);
  expect(grown).toBeLessThan((41_000 * 300 + 160_000 * 8) / 2 ** 20);
});
