import fc from 'fast-check';
import { isPossibleAddress, readCell, readEmailCell, trimCell } from '../../src/formats/clean-cell.ts';

describe('trimCell', () => {
  it.each([
    ['  a b ', 'a b'],
    ['\u00a0\u3000a\u0085', 'a'],
    ['\ufeffa\r\n', 'a'],
    ['\u200ba', '\u200ba'],
    ['', ''],
  ])('reads %j as %j', (text, expected) => {
    expect(trimCell(text)).toBe(expected);
  });

  it('takes a long run of inner spaces in its stride', () => {
    const text = `a${' '.repeat(1_000_000)}b`;
    expect(trimCell(text)).toBe(text);
  });

  it('reads a blank cell as none', () => {
    expect(readCell(' \t')).toBeUndefined();
  });
});

describe('isPossibleAddress', () => {
  /** As the standards say it, part by part. */
  function isPossible(email: string): boolean {
    const [local = '', domain = ''] = email.split('@');
    const areFilled = (parts: readonly string[]) => parts.every((part) => part !== '');
    const areLabels = domain.split('.').every((label) => label.length <= 63 && !/^-|-$/.test(label));
    return (
      local.length <= 64 && areFilled([...local.split('.'), ...domain.split('.')]) && domain.includes('.') && areLabels
    );
  }

  it('is the same for ordinary addresses as for all', () => {
    const part = fc.oneof(
      fc.constantFrom('', 'a', 'a-', '-a', 'a-b', 'a--b', 'a+b', 'A_1', 'é'),
      fc.integer({ min: 60, max: 66 }).map((length) => 'a'.repeat(length)),
    );
    const text = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('.'));
    fc.assert(
      fc.property(text, text, (local, domain) => {
        fc.pre(local !== '' && domain !== '');
        expect([local, domain, isPossibleAddress(`${local}@${domain}`)]).toEqual([
          local,
          domain,
          isPossible(`${local}@${domain}`),
        ]);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('readEmailCell', () => {
  it.each<[string, string | undefined, string[]]>([
    ['ada@school.example', 'ada@school.example', []],
    ['', undefined, []],
    ['  ', undefined, []],
    [' ada@school.example\u00a0', 'ada@school.example', ['white_space_removed']],
    ['ada', 'ada', ['email_not_plain']],
    ['a@x.example; b@x.example', 'a@x.example; b@x.example', ['email_not_plain']],
    ['Ada@School.example', 'Ada@School.example', ['capitals']],
    ['ad\u0430@school.example', 'ad\u0430@school.example', ['not_ascii']],
    ['ada\u200b@school.example', 'ada\u200b@school.example', ['not_ascii']],
    ['ada\u0007@school.example', 'ada\u0007@school.example', ['email_not_plain', 'not_ascii']],
    [' ÁDA ', 'ÁDA', ['white_space_removed', 'email_not_plain', 'not_ascii', 'capitals']],
  ])('reads %j as %j and warns of %j', (text, email, warnings) => {
    expect(readEmailCell(text)).toEqual({ email, warnings });
  });

  it.each([
    'N/A',
    '-',
    'None',
    'noemail@school.example',
    'none@none.com',
    'na@na.com',
    'NA@NA.COM',
    'n/a@n/a.com',
    'xx@xx.xx',
    'x@x.com',
    'xxx@xxxx.org',
    'no@no.com',
    'test@test.com',
    'noone@nowhere.com',
    'no_one@none.org',
    'null@null',
    '0@0.com',
    '000@000.com',
    'email@email.com',
    'abc@abc.com',
    'unknown@unknown.k12.us',
  ])('reads %j as no address', (text) => {
    expect(readEmailCell(text)).toEqual({ email: undefined, warnings: ['email_placeholder'] });
  });

  it.each([
    'na@school.example',
    'no@school.example',
    'xx@school.example',
    'jdoe@noemail.com',
    'ana@na.com',
    'na@nan.com',
  ])('leaves %j', (text) => {
    expect(readEmailCell(text)).toEqual({ email: text, warnings: [] });
  });

  it.each([
    'a@school',
    'a@-c.example',
    'a@c-.example',
    'a@b.-c.example',
    'a@c.example-',
    'a..b@c.example',
    "'a@c.example",
    `${'a'.repeat(65)}@c.example`,
    `a@${'c'.repeat(64)}.example`,
  ])('reports that Clever has no %j', (text) => {
    expect(readEmailCell(text)).toEqual({ email: text, warnings: ['email_impossible'] });
  });

  it.each(['a@b-c.example', '-a-@c.example', 'a@xn--bcher-kva.example', `${'a'.repeat(64)}@${'c'.repeat(63)}.example`])(
    'takes %j for an address that Clever can have',
    (text) => {
      expect(readEmailCell(text).warnings).toEqual([]);
    },
  );
});
