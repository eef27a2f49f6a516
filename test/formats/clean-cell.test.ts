import { readCell, readEmailCell, trimCell } from '../../src/formats/clean-cell.ts';

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
});
