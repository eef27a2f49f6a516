import { explainMismatch } from '../../src/identity/explain-mismatch.ts';
import { candidate, identity } from './people.ts';

const nothing = { lookingAlike: [], sameId: [], sameName: [] };
const explain = (email: string, evidence: Partial<Parameters<typeof explainMismatch>[2]>) =>
  explainMismatch(identity(email), email, { ...nothing, ...evidence });

describe('explainMismatch', () => {
  it.each([
    ['case', 'Ana@school.org'],
    ['unicode', 'аna@school.org'],
    ['whitespace', ' ana@school.org'],
  ])('finds the difference %s to an address that looks alike', (difference, email) => {
    const ana = candidate({ email: 'ana@school.org' });
    expect(explain(email, { lookingAlike: [ana] })).toEqual({
      kind: 'refused',
      code: 'email_mismatch',
      difference,
      candidate: ana,
      rosterEmail: 'ana@school.org',
    });
  });

  const evidenceOf = ['sameId', 'sameName'] as const;
  it.each(
    evidenceOf.flatMap((evidence) => [
      [evidence, 'domain', 'ana@old.org'] as const,
      [evidence, 'local_part', 'ana.ruiz@school.org'] as const,
      [evidence, 'other', 'aruiz@old.org'] as const,
    ]),
  )('by %s finds the difference %s', (evidence, difference, rosterEmail) => {
    expect(explain('ana@school.org', { [evidence]: [candidate({ email: rosterEmail })] })).toMatchObject({
      code: 'email_mismatch',
      difference,
      rosterEmail,
    });
  });

  it.each([
    ['there is no evidence', {}],
    [
      'two people have this name',
      { sameName: [candidate({ id: '1', email: 'ana@old.org' }), candidate({ id: '2', email: 'ana2@school.org' })] },
    ],
    [
      'two people have this name, one of them without an address',
      { sameName: [candidate({ id: '1', email: 'ana@old.org' }), candidate({ id: '2' })] },
    ],
    ['the namesake is of the other kind', { sameName: [candidate({ kind: 'employee', email: 'ana@old.org' })] }],
    [
      'the look-alike is of the other kind',
      { lookingAlike: [candidate({ kind: 'employee', email: 'Ana@school.org' })] },
    ],
    ['the namesake without an address is of the other kind', { sameName: [candidate({ kind: 'employee' })] }],
    ['two people without an address have this name', { sameName: [candidate({ id: '1' }), candidate({ id: '2' })] }],
  ])('says not_rostered when %s', (_name, evidence) => {
    expect(explain('ana@school.org', evidence)).toEqual({ kind: 'refused', code: 'not_rostered' });
  });

  it.each(evidenceOf)('by %s says no_email when the roster has the person without an address', (evidence) => {
    const blank = candidate({ id: '2' });
    expect(explain('ana@school.org', { [evidence]: [blank] })).toEqual({
      kind: 'refused',
      code: 'email_mismatch',
      difference: 'no_email',
      candidate: blank,
      rosterEmail: undefined,
    });
  });

  it('prefers an address to a blank one of the same id', () => {
    const sameId = [candidate({ id: '1' }), candidate({ id: '2', email: 'ana@old.org' })];
    expect(explain('ana@school.org', { sameId })).toMatchObject({ difference: 'domain' });
  });

  it('prefers a look-alike to an id, and an id to a name', () => {
    const [alike, id, name] = [
      candidate({ id: '1', email: 'Ana@school.org' }),
      candidate({ id: '2', email: 'ana@old.org' }),
      candidate({ id: '3', email: 'x@school.org' }),
    ];
    expect(explain('ana@school.org', { lookingAlike: [alike], sameId: [id], sameName: [name] })).toMatchObject({
      candidate: alike,
    });
    expect(explain('ana@school.org', { sameId: [id], sameName: [name] })).toMatchObject({ candidate: id });
  });

  it('names the smallest difference, the same for every order of the candidates', () => {
    const [spaced, capital] = [
      candidate({ id: '1', email: ' ana@school.org' }),
      candidate({ id: '2', email: 'Ana@school.org' }),
    ];
    for (const lookingAlike of [
      [spaced, capital],
      [capital, spaced],
    ]) {
      expect(explain('ana@school.org', { lookingAlike })).toMatchObject({ difference: 'case', candidate: capital });
    }
  });
});
