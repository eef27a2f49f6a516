// An id that the rosters of two methods give to two people: what a publish reports and counts. That neither gets in is
// test/sign-in/another-persons-account.test.ts.
import { describeResult } from '../../src/roster/roster-documents.ts';
import { feed, students } from '../helpers/feeds.ts';
import { createServices, type TestServices } from '../helpers/services.ts';
import { engines, type StoreFixture } from '../helpers/stores.ts';

const districtId = 'juniper';
const others = (count: number) =>
  students(count, (index) => ({
    givenName: 'Other',
    email: `other.${index}@juniper.example`,
    place: { file: 'people.xlsx', sheet: 'Students', line: index + 2 },
  }));

describe.each(engines)('an id that two methods give to two people, in $name', (engine) => {
  let storeFixture: StoreFixture;
  let services: TestServices;
  beforeAll(async () => {
    storeFixture = await engine.start();
  });
  beforeEach(async () => {
    services = await createServices(await storeFixture.place().open());
  });
  afterAll(() => storeFixture.stop());

  it('is found by check and publish, with both methods and both places', async () => {
    await services.publisher.publish(districtId, 'sftp', feed(...students(20)), {});
    for (const dryRun of [true, false]) {
      const result = await services.publisher.publish(districtId, 'manual', feed(...others(3)), { dryRun });
      expect(result.report).toMatchObject({
        finding_counts: { id_of_another_person: 3 },
        changes: { student: { locked_out: { two_people: 3 } } },
      });
      const document = describeResult(districtId, result);
      expect(document.findings.filter(({ code }) => code === 'id_of_another_person')).toHaveLength(3);
      expect(document.findings).toContainEqual({
        severity: 'warning',
        code: 'id_of_another_person',
        file: 'people.xlsx',
        sheet: 'Students',
        line: 3,
        method: 'manual',
        other: { file: 'students.csv', line: 2, method: 'sftp' },
        row_left_out: false,
        message: expect.stringMatching(
          /^people\.xlsx \(manual\), sheet Students, line 3, and students\.csv \(sftp\), line 2: .* two people/,
        ),
      });
      expect(JSON.stringify(document)).not.toMatch(/@|Given|Other/);
    }
  });

  it('is held where it keeps more than ten and a tenth out, and found again by every publish until it is corrected', async () => {
    await services.publisher.publish(districtId, 'sftp', feed(...students(20)), {});
    const held = await services.publisher.publish(districtId, 'manual', feed(...others(15)), {});
    expect(held).toMatchObject({
      kind: 'held',
      holds: [{ code: 'too_many_removed_or_readdressed', kind: 'student', two_people: 15, of: 20 }],
    });
    await services.publisher.approve(districtId, 'manual');
    const again = await services.publisher.publish(districtId, 'sftp', feed(...students(20)), {});
    // They could not sign in before either.
    expect(again).toMatchObject({
      kind: 'published',
      report: {
        finding_counts: { id_of_another_person: 15 },
        changes: { student: { locked_out: { two_people: 0 } } },
      },
    });
    const corrected = await services.publisher.publish(districtId, 'manual', feed(...students(15)), {});
    expect(corrected.report.finding_counts).not.toHaveProperty('id_of_another_person');
  });

  it('counts all of them and keeps the places of some', async () => {
    await services.publisher.publish(districtId, 'sftp', feed(...students(1_200)), {});
    const result = await services.publisher.publish(districtId, 'manual', feed(...others(1_200)), { dryRun: true });
    expect(result.findings.counts).toEqual({ id_of_another_person: 1_200 });
    expect(result.findings.list.length).toBeLessThanOrEqual(200);
  });
});
