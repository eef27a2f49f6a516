// A report names what a roster lacks: emails, former ids, classes and enrollments, files, and rows of unknown people.
import type { AccountRow, FeedItem } from '../../src/formats/feed.ts';
import type { Method } from '../../src/identity/candidate.ts';
import { describeFinding } from '../../src/roster/finding-text.ts';
import type { PublishOptions } from '../../src/roster/publish.ts';
import { describeReport } from '../../src/roster/report-text.ts';
import { createClock } from '../helpers/clock.ts';
import { enrollment, feed, section, student, students, teacher, teachers } from '../helpers/feeds.ts';
import { createServices, type TestServices } from '../helpers/services.ts';
import { engines, type StoreFixture } from '../helpers/stores.ts';

const districtId = 'juniper-flats';

describe.each(engines)('what a roster lacks, in $name', ({ start }) => {
  let storeFixture: StoreFixture;
  let services: TestServices;
  const clock = createClock();

  beforeAll(async () => {
    storeFixture = await start();
  });
  beforeEach(async () => {
    services = await createServices(await storeFixture.place().open(clock), clock);
  });
  afterAll(() => storeFixture.stop());

  function publish(rows: readonly FeedItem[], method: Method = 'sftp', options: PublishOptions = {}) {
    clock.advance(1);
    return services.publisher.publish(districtId, method, feed(...rows), options);
  }

  const blanks = (count: number, of: number): AccountRow[] =>
    students(of, (index) => ({
      place: { file: 'students.csv', line: index + 2 },
      ...(index < count ? { email: undefined } : {}),
    }));

  describe('emails', () => {
    it('counts those without one, always', async () => {
      const result = await publish([...blanks(3, 40), ...teachers(2)]);
      expect(result).toMatchObject({
        kind: 'published',
        report: {
          changes: {
            student: { without_email: { count: 3, of: 40 } },
            employee: { without_email: { count: 0, of: 2 } },
          },
          finding_counts: {},
        },
      });
      expect(describeReport(result)).toContain('Without an email to sign in with: 3 of 40 students, 0 of 2 employees');
    });

    it.each([
      [1, 10, [], 'published'],
      [2, 19, [2], 'published'],
      [10, 90, [2], 'published'],
      [11, 110, [], 'published'],
      [11, 109, [2], 'held'],
      [3, 3, [2], 'held'],
      [1, 1, [2], 'held'],
    ])('of a first roster: %i of %i', async (count, of, lines, kind) => {
      const result = await publish(blanks(count, of));
      expect(result.kind).toBe(kind);
      const warnings = result.findings.list.filter(({ code }) => code === 'students_without_email');
      expect(warnings.map(({ place }) => place.line)).toEqual(lines);
    });

    it('holds what is new, and not again what was approved', async () => {
      expect(await publish(blanks(30, 100))).toMatchObject({
        kind: 'held',
        holds: [{ code: 'too_many_without_email', kind: 'student', count: 30, new: 30, of: 100 }],
      });
      expect(await services.publisher.approve(districtId, 'sftp')).toMatchObject({ kind: 'done' });
      const again = await publish(blanks(30, 100));
      expect(again).toMatchObject({ kind: 'published', report: { finding_counts: { students_without_email: 1 } } });
      expect(await publish(blanks(50, 101))).toMatchObject({ kind: 'held' });
    });

    it('holds a kind of which none has one, and not again what was approved', async () => {
      const none = [...students(20), ...teachers(2, () => ({ email: undefined }))];
      expect(await publish(none)).toMatchObject({ kind: 'held', holds: [{ kind: 'employee', count: 2, of: 2 }] });
      await publish(none, 'sftp', { approve: true });
      expect((await publish(none)).kind).toBe('published');
    });

    it('what is no plain address is none', async () => {
      const result = await publish(students(4, () => ({ email: 'a@b.example, c@d.example' })));
      expect(result.report.changes.student.without_email).toMatchObject({ count: 4, of: 4 });
    });

    it('an email of another roster counts, and the Clever id of a person without one', async () => {
      await publish(students(20), 'manual');
      expect(await publish(blanks(20, 20))).toMatchObject({
        kind: 'published',
        report: { changes: { student: { without_email: { count: 0, of: 20 } } } },
      });
      const byId = students(20, (index) => ({ sisId: `c${index}`, email: undefined, cleverId: `clever-${index}` }));
      const bySync = await publish(byId, 'secure-sync');
      expect(bySync.report.changes.student.without_email).toMatchObject({ count: 0, of: 20 });
    });

    it('counts another email apart from none', async () => {
      await publish(students(40));
      const changed = students(40, (index) =>
        index < 2 ? { email: `new${index}@juniper.example` } : index < 5 ? { email: undefined } : {},
      );
      expect((await publish(changed)).report.changes.student).toMatchObject({
        changed: 5,
        address_changed: 2,
        address_lost: 3,
        locked_out: { address_changed: 2, address_lost: 3 },
      });
    });
  });

  describe('the id of before', () => {
    const renumbered = (row: AccountRow, index: number): AccountRow => ({
      ...row,
      sisId: `9${row.sisId}`,
      place: { file: 'students.csv', line: index + 2 },
    });

    it('finds a person who left under one id and came under another, and holds when many did', async () => {
      await publish(students(30));
      const result = await publish(students(30).map(renumbered));
      expect(result).toMatchObject({
        kind: 'held',
        holds: [{ kind: 'student', id_changed: 30, removed: 0, of: 30 }],
        report: { finding_counts: { id_changed: 30 } },
      });
      const lines = result.findings.list.flatMap(({ code, place }) => (code === 'id_changed' ? [place.line] : []));
      expect(lines.toSorted((one, other) => Number(one) - Number(other))).toEqual(
        students(30).map((_row, at) => at + 2),
      );
    });

    it('shows it in a check', async () => {
      await publish(students(30));
      const [first, ...others] = students(30);
      const result = await publish(first ? [renumbered(first, 0), ...others] : [], 'sftp', { dryRun: true });
      expect(result).toMatchObject({
        kind: 'checked',
        report: { changes: { student: { locked_out: { id_changed: 1, removed: 0 } } } },
      });
      expect(result.findings.list).toMatchObject([{ code: 'id_changed', place: { line: 2 } }]);
    });

    it.each<[string, Partial<AccountRow>]>([
      ['another name', { givenName: 'Someone' }],
      ['another address', { email: 'other@juniper.example' }],
    ])('%s is another person', async (_name, change) => {
      await publish(students(3));
      const result = await publish([...students(3).slice(1), { ...student({ sisId: 's0' }), sisId: 'n0', ...change }]);
      expect(result.report.changes.student.locked_out).toMatchObject({ removed: 1, id_changed: 0 });
    });

    it('whom the roster had before is no new one', async () => {
      const same = { email: 's@juniper.example', givenName: 'Ada', familyName: 'Moss' };
      await publish([student({ sisId: '1', ...same }), student({ sisId: '2', ...same })]);
      const result = await publish([student({ sisId: '2', ...same })]);
      expect(result.report.changes.student.locked_out).toMatchObject({ id_changed: 0 });
    });
  });

  describe('classes and enrollments', () => {
    const classes = (count: number): FeedItem[] =>
      Array.from({ length: count }, (_none, at) => section(`c${at}`, ['t0']));
    const enrollments = (count: number, of = 1): FeedItem[] =>
      Array.from({ length: count }, (_none, at) => enrollment(`c${at % of}`, `s${Math.floor(at / of)}`));

    /** Each with the first student. */
    const filled = (rows: readonly FeedItem[]): FeedItem[] => [
      ...rows,
      ...rows.flatMap((row) => (row.kind === 'class' ? [enrollment(row.classId, 's0')] : [])),
    ];

    it.each([
      [1, 10, 'published', 0],
      [2, 10, 'published', 0],
      [10, 12, 'published', 0],
      [11, 22, 'published', 1],
      [11, 21, 'held', 1],
      [12, 13, 'held', 1],
      [12, 12, 'published', 1],
    ])('%i of %i classes without a student: %s', async (empty, of, kind, warnings) => {
      const rows = classes(of);
      const enrolled = filled(rows.slice(empty)).filter((row) => row.kind === 'enrollment');
      const roster = [...students(5), ...teachers(1), ...rows, ...enrolled];
      const result = await publish(roster);
      expect(result.report).toMatchObject({ classes: of, classes_without_students: empty });
      expect(result.findings.list.map(({ code }) => code)).toEqual(
        Array.from({ length: warnings }, () => 'classes_without_students'),
      );
      expect(result.kind).toBe(kind);
      expect(describeReport(result)).toContain(`Classes without a student: ${empty} of ${of}`);
      if (result.kind !== 'held') return;
      expect(result.holds).toEqual([{ code: 'too_many_without_students', kind: 'class', count: empty, of }]);
      expect(describeReport(result)).toContain(`${empty} of ${of} classes have no student.`);
      // What was approved once is not held every night.
      expect(await services.publisher.approve(districtId, 'sftp')).toMatchObject({ kind: 'done' });
      expect(await publish(roster)).toMatchObject({ kind: 'published' });
    });

    it('counts and holds a roster with fewer', async () => {
      await publish([...students(60), ...teachers(1), ...classes(30), ...enrollments(1500, 30)]);
      const result = await publish([...students(60), ...teachers(1), ...classes(18), ...enrollments(720, 18)]);
      expect(result).toMatchObject({
        kind: 'held',
        holds: [
          { code: 'too_many_gone', kind: 'class', gone: 12, of: 30 },
          { code: 'too_many_gone', kind: 'enrollment', gone: 780, of: 1500 },
        ],
        report: { changes: { class: { removed: 12, before: 30 }, enrollment: { removed: 780, before: 1500 } } },
      });
      expect(describeReport(result)).toContain('There are 12 classes fewer than the 30 of the active roster.');
      expect(await services.publisher.approve(districtId, 'sftp')).toMatchObject({ kind: 'done' });
    });

    it('publishes a new term of as many classes', async () => {
      await publish([...students(5), ...teachers(1), ...filled(classes(30))]);
      const next = Array.from({ length: 30 }, (_none, at) => section(`new${at}`, ['t0']));
      const result = await publish([...students(5), ...teachers(1), ...filled(next)]);
      expect(result.kind).toBe('published');
      // Another id column does the same: it is reported.
      expect(result.findings.list).toMatchObject([{ code: 'classes_replaced', severity: 'warning' }]);
    });

    it.each([
      [12, 12, 'classes_replaced'],
      [12, 1, undefined],
      [10, 10, undefined],
      [0, 10, undefined],
    ])('reports that %i of a hundred classes are gone where %i others came: %s', async (gone, came, code) => {
      await publish([...students(5), ...teachers(1), ...filled(classes(100))]);
      const others = Array.from({ length: came }, (_none, at) => section(`new${at}`, ['t0']));
      const result = await publish([...students(5), ...teachers(1), ...filled([...classes(100 - gone), ...others])]);
      const held = gone - came > 10;
      expect(result.kind).toBe(held ? 'held' : 'published');
      expect(result.findings.list.map((finding) => finding.code)).toEqual(
        code === undefined && !held ? [] : ['classes_replaced'],
      );
    });

    it('reports that enrollments are gone where as many others came', async () => {
      const people = [...students(60), ...teachers(1), ...classes(2)];
      await publish([...people, ...enrollments(30, 1)]);
      const moved = Array.from({ length: 30 }, (_none, at) => enrollment('c1', `s${at + 20}`));
      const result = await publish([...people, ...moved]);
      expect(result).toMatchObject({ kind: 'published', findings: { list: [{ code: 'enrollments_replaced' }] } });
    });

    it('names the files that the active roster had', async () => {
      const read = (...files: string[]): FeedItem[] => [
        { kind: 'format', format: 'clever', option: 'full' },
        ...files.map((file): FeedItem => ({ kind: 'progress', file, bytesRead: 1, bytesTotal: 1 })),
        ...students(3),
      ];
      await publish(read('Students.csv', 'staff.csv', 'sections.csv'));
      const result = await publish(read('students.csv', 'sections.csv'));
      expect(result.findings.list).toMatchObject([
        { code: 'file_gone', severity: 'warning', place: { file: 'staff.csv' } },
      ]);
      expect((await publish(read('students.csv', 'sections.csv'))).findings.list).toEqual([]);
    });
  });

  describe('rows without effect', () => {
    const enrolled = (ids: readonly string[], classId = '017') => [
      ...Array.from({ length: 20 }, (_none, at) => student({ sisId: `00${700 + at}` })),
      section('017', []),
      ...ids.map((id) => enrollment(classId, id)),
    ];
    const tenth = [...Array.from({ length: 18 }, (_none, at) => `00${700 + at}`)];

    it.each([
      ['two of twenty', [...tenth, 'x1', 'x2'], 'published', []],
      ['three of twenty', [...tenth.slice(1), 'x1', 'x2', 'x3'], 'refused', ['ids_of_another_column']],
      ['zeros lost', tenth.map((id) => id.slice(2)), 'refused', ['leading_zeros_lost']],
      ['zeros added', tenth.map((id) => `0${id}`), 'refused', ['leading_zeros_added']],
    ])('%s', async (_name, ids, kind, causes) => {
      const result = await publish(enrolled(ids));
      expect(result.kind).toBe(kind);
      const found = result.findings.list.filter(({ code }) => !['unknown_person'].includes(code));
      expect(found.map(({ code }) => code)).toEqual(kind === 'refused' ? ['too_many_unusable', ...causes] : []);
      expect(found.every(({ place }) => place.file === 'enrollments.csv')).toBe(true);
    });

    it('says zeros that the other files have lost, other capitals, and ids of classes', async () => {
      const cause = async (rows: readonly FeedItem[]) =>
        (await publish(rows)).findings.list.map(({ code }) => code).filter((code) => /zeros|case|column/.test(code));
      const few = students(5, (index) => ({ sisId: `${701 + index}` }));
      expect(await cause([...few, section('c', []), enrollment('c', '00701'), enrollment('c', '00702')])).toEqual([
        'leading_zeros_added',
      ]);
      expect(await cause([...students(5), section('c', []), enrollment('c', 'S1'), enrollment('c', 'S2')])).toEqual([
        'ids_in_other_case',
      ]);
      expect(await cause(enrolled(tenth, '17'))).toEqual(['leading_zeros_lost']);
    });

    it('names one id as both files write it, also where few rows are left out', async () => {
      const { kind, findings } = await publish(enrolled([...tenth, '718', '719']));
      expect(kind).toBe('published');
      const [lost] = findings.list.filter(({ code }) => code === 'leading_zeros_lost');
      expect(lost && describeFinding(lost)).toContain('(for example 718 here, 00718 in the other files)');
    });

    it('says that the ids of teachers have lost their zeros', async () => {
      const { findings } = await publish([teacher({ sisId: '0042' }), section('c', ['42'])]);
      expect(findings.list.map(({ code, spelled }) => [code, spelled])).toEqual([
        ['unknown_person', undefined],
        ['leading_zeros_lost', { here: '42', there: '0042' }],
      ]);
    });
  });
});
