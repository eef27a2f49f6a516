import { createMemberships } from '../../src/secure-sync/section-references.ts';

const place = { file: 'clever:sections', line: 1 };

describe('memberships', () => {
  it('know each of many people by Clever id, and no other', () => {
    const people = createMemberships();
    const idAt = (at: number) => `5f${at.toString(16).padStart(22, '0')}`;
    const memberAt = (at: number) => ({ record: at % 9 === 0 ? 'teacher' : 'student', sisId: `é中😀${at}` }) as const;
    for (let at = 0; at < 20_000; at += 1) people.add(idAt(at), memberAt(at));
    for (let at = 0; at < 20_000; at += 1) expect(people.find(idAt(at))).toEqual(memberAt(at));
    for (const unknown of [idAt(20_000), '', idAt(7).slice(1), idAt(7).toUpperCase()])
      expect(people.find(unknown)).toBeUndefined();
  });

  it('keep the first of two with one Clever id', () => {
    const people = createMemberships();
    people.add('one', { record: 'student', sisId: '1' });
    people.add('one', { record: 'teacher', sisId: '2' });
    people.add('two', { record: 'staff', sisId: '3' });
    expect(people.find('one')).toEqual({ record: 'student', sisId: '1' });
    expect(people.find('two')).toEqual({ record: 'staff', sisId: '3' });
  });

  it('return the students of each class, in the order of the classes, and the number of unknown ones', () => {
    const people = createMemberships();
    people.add('a', { record: 'student', sisId: '1' });
    people.add('t', { record: 'teacher', sisId: '2' });
    people.add('b', { record: 'student', sisId: '3' });
    expect(people.enroll('algebra', ['b', 'a'], place)).toBe(0);
    expect(people.enroll('empty', [], { ...place, line: 2 })).toBe(0);
    expect(people.enroll('botany', ['t', 'a', 'nobody'], { ...place, line: 3 })).toBe(2);
    expect([...people.enrollments()]).toEqual([
      { kind: 'enrollment', classId: 'algebra', studentId: '3', place },
      { kind: 'enrollment', classId: 'algebra', studentId: '1', place },
      { kind: 'enrollment', classId: 'botany', studentId: '1', place: { ...place, line: 3 } },
    ]);
  });
});
