import { readEmail } from '../../src/identity/email.ts';

describe('an email claim', () => {
  it('is no address with a character that ends the text of one, at any position', () => {
    for (const sign of ['\n', '\r', '\u2028', ' ', ',', '@', '"'])
      for (const at of [0, 3, 5, 13]) {
        const text = `${'ana@school.org'.slice(0, at)}${sign}${'ana@school.org'.slice(at)}`;
        expect([text, readEmail(text).kind]).toEqual([text, sign === ' ' && at === 0 ? 'plain' : 'invalid']);
      }
  });

  it.each([
    ['undefined', undefined],
    ['null', null],
    ['an empty string', ''],
  ])('is absent when it is %s', (_name, value) => {
    expect(readEmail(value)).toEqual({ kind: 'absent' });
  });

  it.each([
    ['a list', ['ana@school.org']],
    ['an object', { email: 'ana@school.org' }],
    ['a number', 7],
    ['without @', 'ana.school.org'],
    ['with two @', 'ana@school.org@evil.org'],
    ['two addresses', 'ana@school.org,bob@school.org'],
    ['two addresses in one domain', 'ana,bob@school.org'],
    ['a display name', 'Ana <ana@school.org>'],
    ['quoted', '"ana"@school.org'],
    ['without a local part', '@school.org'],
    ['without a domain', 'ana@'],
    ['only white space', '   '],
    ['with a space inside', 'ana maria@school.org'],
    ['with a line break', 'ana@school.org\nbcc: x'],
    ['with a NUL', 'ana\0@school.org'],
    ['with a lone surrogate', 'ana\ud800@school.org'],
    ['over 254 long', `${'a'.repeat(244)}@school.org`],
  ])('is invalid when it is %s', (_name, value) => {
    expect(readEmail(value)).toEqual({ kind: 'invalid' });
  });

  it.each([
    'ana@school.org',
    'Ana@School.org',
    ' ana@school.org',
    'ana@school.org ',
    'ana+maths@school.org',
    "o'neil@school.org",
    'аna@school.org',
    'ana@schule-köln.de',
    `${'a'.repeat(243)}@school.org`,
  ])('is plain and unchanged when it is %j', (value) => {
    expect(readEmail(value)).toEqual({ kind: 'plain', address: value });
  });
});
