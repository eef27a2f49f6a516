// The last report of a roster: kept with every publish, whatever its result, and of a check for a day.

import { warningAt } from '../../src/formats/finding.ts';
import { feed, student, students } from '../helpers/feeds.ts';
import { createServices } from '../helpers/services.ts';
import { engines, type StoreFixture } from '../helpers/stores.ts';

describe.each(engines)('the last report, on $name', ({ start }) => {
  let fixture: StoreFixture;
  beforeAll(async () => {
    fixture = await start();
  });
  afterAll(() => fixture.stop());

  const open = async () => createServices(await fixture.place().open());
  const place = { file: 'students.csv', line: 7, column: 'Student_email' };

  it('is kept of what was published, held and refused, with the places of its findings', async () => {
    const { publisher, lastReports } = await open();
    expect(await lastReports.read('d1', 'sftp', 'publish')).toBeUndefined();
    await publisher.publish('d1', 'sftp', feed(...students(40), warningAt('capitals', place)));
    expect(await lastReports.read('d1', 'sftp', 'publish')).toMatchObject({
      kind: 'published',
      findings: { errors: 0, counts: { capitals: 1 }, list: [{ code: 'capitals', place }] },
    });
    await publisher.publish('d1', 'sftp', feed(...students(3)));
    expect(await lastReports.read('d1', 'sftp', 'publish')).toMatchObject({
      kind: 'held',
      holds: [{ kind: 'student' }],
    });
    const twice = [student({ sisId: 's1' }), student({ sisId: 's1', familyName: 'Other', email: 'other@x.example' })];
    await publisher.publish('d1', 'sftp', feed(...students(4), ...twice));
    expect(await lastReports.read('d1', 'sftp', 'publish')).toMatchObject({ kind: 'refused' });
    expect(await lastReports.read('d2', 'sftp', 'publish')).toBeUndefined();
    expect(await lastReports.read('d1', 'manual', 'publish')).toBeUndefined();
  });

  it('is separate for a check, and a dry run alone stores none', async () => {
    const { publisher, lastReports } = await open();
    const result = await publisher.publish('d1', 'sftp', feed(...students(3)), { dryRun: true });
    expect(await lastReports.read('d1', 'sftp', 'publish')).toBeUndefined();
    await lastReports.keepCheck('d1', 'sftp', result);
    expect(await lastReports.read('d1', 'sftp', 'publish')).toBeUndefined();
    expect(await lastReports.read('d1', 'sftp', 'check')).toMatchObject({ kind: 'checked' });
  });

  it('keeps what the publish has beside it in the same commit', async () => {
    const { publisher, lastReports, auditLog, clock } = await open();
    const entry = { action: 'roster_published', at: clock(), by: 'command' } as const;
    await publisher.publish('d1', 'sftp', feed(...students(3)), {
      alongside: async () => ({ conditions: [], writes: [auditLog.write('d1', entry)] }),
    });
    expect(await auditLog.list('d1', 5)).toEqual([entry]);
    expect(await lastReports.read('d1', 'sftp', 'publish')).toMatchObject({ kind: 'published' });
  });
});
