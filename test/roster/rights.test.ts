// The order of rights, and accounts as an earlier version wrote them.
import type { Position, Role } from '../../src/formats/feed.ts';
import { fromLine, toAccount, toLine } from '../../src/roster/account.ts';
import { canTakeRights, losesRights, type Rights } from '../../src/roster/rights.ts';

const has = (role: Role, position?: Position): Rights => ({ role, position });

describe('an account loses rights', () => {
  it.each<[Rights, Rights]>([
    [has('administrator', 'district_admin'), has('administrator', 'school_admin')],
    [has('administrator', 'district_admin'), has('administrator')],
    [has('administrator', 'school_admin'), has('teacher', 'lead_teacher')],
    [has('teacher', 'lead_teacher'), has('teacher', 'support_teacher')],
    [has('teacher'), has('teacher', 'support_teacher')],
    [has('teacher', 'support_teacher'), has('staff')],
    [has('staff'), has('student')],
  ])('that was %j and is %j, and none the other way round', (more, less) => {
    expect([losesRights([more], [less]), losesRights([less], [more])]).toEqual([true, false]);
    expect(canTakeRights(more, less)).toBe(true);
  });

  it.each<[Rights, Rights]>([
    [has('teacher', 'lead_teacher'), has('teacher')],
    [has('administrator', 'school_admin'), has('administrator')],
  ])('never between %j and %j', (one, other) => {
    expect([losesRights([one], [other]), losesRights([other], [one])]).toEqual([false, false]);
  });

  it('only if no other feed keeps them', () => {
    const elsewhere = has('administrator', 'district_admin');
    expect(losesRights([elsewhere, elsewhere], [has('staff'), elsewhere])).toBe(false);
    expect(losesRights([has('teacher', 'lead_teacher'), has('staff')], [has('staff')])).toBe(true);
  });

  it('where a feed that comes makes a Support Teacher of a teacher whose position no feed gave', () => {
    const comes = has('teacher', 'support_teacher');
    expect(losesRights([has('teacher')], [has('teacher'), comes])).toBe(true);
    expect(canTakeRights(undefined, comes)).toBe(true);
    expect(canTakeRights(undefined, has('teacher', 'lead_teacher'))).toBe(false);
  });
});

describe('a line of an earlier version', () => {
  const id = '0'.repeat(32);
  const rest = '["7","Ada","Ruiz","ada@juniper.example",null,["s1"],null]\t{"file":"staff.csv","line":2}';

  it.each<[string, Role, Position | undefined]>([
    ['fa', 'administrator', 'school_admin'],
    ['tt', 'teacher', undefined],
    ['ff', 'staff', undefined],
    ['ss', 'student', undefined],
  ])('of flags %s is a %s of position %s, and is written as it was', (signs, role, position) => {
    const line = `${id}${signs}${rest}`;
    const account = fromLine(line);
    expect(account).toMatchObject({ role, sisId: '7', grade: undefined });
    expect(account.position).toBe(position);
    expect(toLine(account)).toBe(line);
  });

  it.each<[Role, Position]>([
    ['administrator', 'district_admin'],
    ['teacher', 'lead_teacher'],
    ['teacher', 'support_teacher'],
  ])('takes the position of a %s, %s', (role, position) => {
    const account = fromLine(`${id}tt${rest}`);
    expect(fromLine(toLine({ ...account, role, position }))).toEqual({ ...account, role, position });
  });
});

it.each<[string, Rights, Rights, Rights]>([
  [
    'the higher of two',
    has('teacher', 'support_teacher'),
    has('teacher', 'lead_teacher'),
    has('teacher', 'lead_teacher'),
  ],
  ['the one that is given', has('teacher'), has('teacher', 'support_teacher'), has('teacher', 'support_teacher')],
  ['one of the role', has('teacher', 'lead_teacher'), has('administrator'), has('administrator', 'school_admin')],
  ['none of a lower role', has('teacher', 'lead_teacher'), has('staff'), has('teacher', 'lead_teacher')],
])('an account of two feeds has %s', (_what, one, other, both) => {
  const account = fromLine(`${'0'.repeat(32)}tt["7","Ada","Ruiz",null,null,[],null]\t{"file":"a.csv"}`);
  const given = [
    { method: 'sftp' as const, account: { ...account, ...one } },
    { method: 'manual' as const, account: { ...account, ...other } },
  ] as const;
  expect(toAccount([...given])).toMatchObject(both);
});
