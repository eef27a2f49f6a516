import fc from 'fast-check';
import { maskEmail } from '../../src/identity/email.ts';

describe('maskEmail', () => {
  it.each([
    ['maria.lopez@students.school.org', 'm•••@s•••.org'],
    ['M@School.org', 'M•••@S•••.org'],
    ['ñandú@escuela.mx', 'ñ•••@e•••.mx'],
    ['𝒜da@school.org', '𝒜•••@s•••.org'],
    ['"two words"@school.org', '•••@s•••.org'],
    ['maria@localhost', 'm•••@l•••'],
    ['maria@a.thisisnotreallyatopleveldomain', 'm•••@a•••'],
    ['maria@', 'm•••@•••'],
    ['<b>@<i>.org', '•••@•••.org'],
    ['\u202egro@school.org', '•••@s•••.org'],
    ['no at sign', '•••'],
    ['', '•••'],
  ])('shows %j as %s', (address, shown) => {
    expect(maskEmail(address)).toBe(shown);
  });

  it('gives the same mask to parts of any length', () => {
    expect(maskEmail('me@sc.org')).toBe(maskEmail('maria.guadalupe.lopez@some.school.district.org'));
  });

  it('is short and holds no readable address, whatever it is given', () => {
    fc.assert(
      fc.property(fc.oneof(fc.emailAddress(), fc.string({ unit: 'binary' })), (address) => {
        const shown = maskEmail(address);
        expect([...shown].length).toBeLessThanOrEqual(25);
        expect(shown).toMatch(/^[\p{L}\p{N}]?•••(@[\p{L}\p{N}]?•••(\.[\p{L}\p{N}-]{2,12})?)?$/u);
      }),
    );
  });
});
