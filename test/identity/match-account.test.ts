import fc from 'fast-check';
import type { Candidate } from '../../src/identity/candidate.ts';
import { matchAccount, maxFoundAlike } from '../../src/identity/match-account.ts';
import { candidate, identity } from './people.ts';

const ana = candidate({ email: 'ana@school.org' });

describe('contract section 2, line 4: without an email', () => {
  const student = candidate({ id: 'student', method: 'secure-sync', cleverId: 'clever-1' });

  it('matches the one Secure Sync account without an email that carries the Clever id', () => {
    expect(matchAccount(identity(undefined), { active: [student], dropped: [] })).toEqual({
      kind: 'matched',
      candidate: student,
      by: 'clever_id',
      roster: 'secure-sync',
    });
  });

  it.each([
    ['no account carries the Clever id', [ana]],
    [
      'the account has an email',
      [{ ...student, sources: [{ method: 'secure-sync' as const, email: 'a@b.org', cleverId: 'clever-1' }] }],
    ],
    [
      'another method gives the account an email',
      [
        {
          ...student,
          sources: [...student.sources, { method: 'manual' as const, email: 'a@b.org', cleverId: undefined }],
        },
      ],
    ],
    [
      'the account is of the other kind',
      [candidate({ kind: 'employee', method: 'secure-sync', cleverId: 'clever-1' })],
    ],
    ['the Clever id is another', [candidate({ method: 'secure-sync', cleverId: 'clever-10' })]],
    ['the roster is no Secure Sync roster', [candidate({ method: 'manual', cleverId: 'clever-1' })]],
    ['two accounts carry the Clever id', [student, { ...student, accountId: 'student-2' }]],
  ])('refuses with email_missing when %s', (_name, active: Candidate[]) => {
    expect(matchAccount(identity(undefined), { active, dropped: [] })).toMatchObject({
      kind: 'refused',
      code: 'email_missing',
    });
  });

  it('refuses an address that is not plain with email_invalid, whatever the Clever id says', () => {
    expect(matchAccount(identity(['ana@school.org']), { active: [ana, student], dropped: [] })).toMatchObject({
      code: 'email_invalid',
    });
  });
});

describe('contract section 2, line 5: the exact match', () => {
  it('matches the one account of this kind with the same string', () => {
    expect(
      matchAccount(identity('ana@school.org'), {
        active: [ana, candidate({ id: '2', email: 'bob@school.org' })],
        dropped: [],
      }),
    ).toEqual({
      kind: 'matched',
      candidate: ana,
      by: 'email',
      roster: 'sftp',
    });
  });

  it.each<[string, number, 'student' | 'employee', string]>([
    ['matches among as many look-alikes as are found at most', maxFoundAlike - 1, 'student', 'matched'],
    ['refuses among more, of which not all are found', maxFoundAlike, 'student', 'refused'],
    ['matches whatever is found of the other kind', 2 * maxFoundAlike, 'employee', 'matched'],
  ])('%s', (_name, count, kind, expected) => {
    const alike = Array.from({ length: count }, (_, at) => candidate({ id: `${at}`, kind, email: 'Ana@school.org' }));
    expect(matchAccount(identity('ana@school.org'), { active: [...alike, ana], dropped: [] }).kind).toBe(expected);
  });

  it('matches by the address of any source and returns which roster gave it', () => {
    const twice: Candidate = {
      ...ana,
      sources: [...ana.sources, { method: 'manual', email: 'ana.ruiz@school.org', cleverId: undefined }],
    };
    expect(matchAccount(identity('ana.ruiz@school.org'), { active: [twice], dropped: [] })).toMatchObject({
      kind: 'matched',
      roster: 'manual',
    });
  });

  it.each([
    ['a capital', 'Ana@school.org'],
    ['a space', 'ana@school.org '],
    ['a look-alike letter', 'аna@school.org'],
    ['another composition', 'anà@school.org'.normalize('NFD')],
    ['a dot', 'an.a@school.org'],
    ['a plus tag', 'ana+x@school.org'],
    ['the domain', 'ana@school.com'],
  ])('does not match across %s', (_name, email) => {
    expect(
      matchAccount(identity(email), { active: [ana, candidate({ id: '2', email: 'anà@school.org' })], dropped: [] }),
    ).toEqual({ kind: 'missed', address: email });
  });

  it('refuses two accounts of this kind with one address as ambiguous', () => {
    const twin = candidate({ id: 'account-2', email: 'ana@school.org' });
    expect(matchAccount(identity('ana@school.org'), { active: [ana, twin], dropped: [] })).toEqual({
      kind: 'refused',
      code: 'ambiguous',
      about: [ana, twin],
    });
  });

  it('refuses an account as ambiguous whose id the rosters give to two people', () => {
    const active = [{ ...ana, isOfTwoPeople: true }];
    expect(matchAccount(identity('ana@school.org'), { active, dropped: [] })).toEqual({
      kind: 'refused',
      code: 'ambiguous',
      about: active,
    });
  });

  it('matches a student although an employee has the same address', () => {
    const teacher = candidate({ id: 'teacher', kind: 'employee', email: 'ana@school.org' });
    expect(matchAccount(identity('ana@school.org'), { active: [teacher, ana], dropped: [] })).toMatchObject({
      kind: 'matched',
      candidate: ana,
    });
  });
});

describe('contract section 2, line 6: the other kind, and those who left', () => {
  const teacher = candidate({ id: 'teacher', kind: 'employee', email: 'ana@school.org' });

  it('refuses with role_conflict when only the other kind has the address', () => {
    expect(matchAccount(identity('ana@school.org'), { active: [teacher], dropped: [ana] })).toMatchObject({
      code: 'role_conflict',
    });
  });

  it('refuses with account_inactive when the newest roster dropped the account of this kind', () => {
    expect(matchAccount(identity('ana@school.org'), { active: [], dropped: [ana] })).toMatchObject({
      code: 'account_inactive',
      about: [ana],
    });
  });

  it.each([
    ['is of the other kind', { active: [], dropped: [teacher] }],
    ['had another address', { active: [], dropped: [candidate({ email: 'Ana@school.org' })] }],
    ['is still active under another address', { active: [candidate({ email: 'ana2@school.org' })], dropped: [ana] }],
  ])('misses when the dropped account %s', (_name, candidates) => {
    expect(matchAccount(identity('ana@school.org'), candidates)).toMatchObject({ kind: 'missed' });
  });
});

// Addresses drawn from few characters, so that near misses are the rule and equal addresses common.
const nearMisses = fc
  .array(fc.constantFrom('a', 'A', 'а', 'á', 'a\u0301', '.', '+', ' ', '\u200b', 'i', 'I', 'l'), {
    minLength: 1,
    maxLength: 3,
  })
  .chain((signs) => fc.constantFrom('@s.org', '@S.org', '@s.com').map((domain) => `${signs.join('')}${domain}`));
const kind = fc.constantFrom('student' as const, 'employee' as const);
const cleverIds = fc.constantFrom('clever-1', 'clever-2');
const source = fc.record({
  method: fc.constantFrom('sftp' as const, 'manual' as const, 'secure-sync' as const),
  email: fc.option(nearMisses, { nil: undefined }),
  cleverId: fc.option(cleverIds, { nil: undefined }),
});
const roster = fc.array(fc.record({ kind, sources: fc.array(source, { minLength: 1, maxLength: 2 }) }), {
  maxLength: 8,
});

describe('whatever the roster and the identity', () => {
  it('no account matches whose address differs by a code unit, or of another kind, except email-less Secure Sync students by Clever id', () => {
    let matches = 0;
    fc.assert(
      fc.property(
        roster,
        fc.option(nearMisses, { nil: undefined }),
        kind,
        cleverIds,
        (accounts, email, itsKind, cleverId) => {
          const active = accounts.map((account, index) => ({ ...candidate({ id: `${index}` }), ...account }));
          const who = identity(email, { kind: itsKind, cleverId });
          const outcome = matchAccount(who, { active, dropped: [] });
          if (outcome.kind !== 'matched') return;
          matches += 1;
          const fits = (account: Candidate) =>
            account.kind === itsKind &&
            (email === undefined
              ? account.sources.some((from) => from.method === 'secure-sync' && from.cleverId === cleverId) &&
                account.sources.every((from) => from.email === undefined)
              : account.sources.some(
                  (from) => from.email !== undefined && Buffer.from(from.email).equals(Buffer.from(email)),
                ));
          expect(active.filter(fits)).toEqual([outcome.candidate]);
        },
      ),
      { numRuns: 200_000 },
    );
    expect(matches).toBeGreaterThan(2_000);
  });
});
