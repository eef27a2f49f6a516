import fc from 'fast-check';
import { isDateFormat, readNumber } from '../../../src/formats/spreadsheet/spreadsheet-cell-text.ts';

const text = (value: string, isWhole = true) => ({ kind: 'text', text: value, isWhole });

describe('a number', () => {
  it.each([
    ['0', 'General', text('0')],
    ['007', 'General', text('7')],
    ['-5', 'General', text('-5')],
    ['12345.0', 'General', text('12345')],
    ['1.5E+3', 'General', text('1500')],
    ['1.5E-3', 'General', text('0.0015', false)],
    ['.5', 'General', text('0.5', false)],
    ['999999999999999', 'General', text('999999999999999')],
    ['1e14', '0.00E+00', text('100000000000000')],
    ['123', '00000', text('00123')],
    ['123456', '00000', text('123456')],
    ['123', '00000;-00000', text('00123')],
    ['123', '[$-409]00000', text('00123')],
    ['123', '[Red]"0"0000', text('00123')],
    ['12345', '000"-"0000', text('001-2345')],
    ['123', '0', text('123')],
    ['123', '#####', text('123')],
    ['1234', '#,##0', text('1234')],
  ])('%s shown as %s is %j', (value, format, expected) => {
    expect(readNumber(value, format)).toEqual(expected);
  });

  it.each([
    ['1000000000000000', 'General', 'digits_lost'],
    ['1.23E+200', 'General', 'digits_lost'],
    ['46085', 'd-mmm', 'cell_is_date'],
    ['46085', 'm/d/yyyy', 'cell_is_date'],
    ['', 'General', 'cell_not_text'],
    ['.', 'General', 'cell_not_text'],
    ['NaN', 'General', 'cell_not_text'],
    ['0x10', 'General', 'cell_not_text'],
    ['1E9999', 'General', 'cell_not_text'],
  ])('%s shown as %s is flawed: %s', (value, format, code) => {
    expect(readNumber(value, format)).toEqual({ kind: 'flawed', code });
  });

  it('of up to fifteen digits is the same digits, however the program wrote it', () => {
    const whole = fc.integer({ min: 0, max: 999_999_999_999_999 });
    fc.assert(
      fc.property(whole, (value) => {
        for (const written of [String(value), value.toExponential(), value.toExponential(16), value.toFixed(2)]) {
          expect(readNumber(written, 'General')).toEqual(text(String(value)));
        }
      }),
    );
  });

  it('of any other shape is read as text, or flawed, and never thrown', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (value, format) => {
        expect(['text', 'flawed']).toContain(readNumber(value, format).kind);
      }),
    );
  });
});

describe('a format', () => {
  it.each([['General'], ['0'], ['@'], ['"day" 0'], ['\\d0'], ['[Red]0'], ['[$USD] 0'], ['0_s'], ['#,##0 "lbs"']])(
    '%s shows a number',
    (format) => {
      expect(isDateFormat(format)).toBe(false);
    },
  );

  it.each([['yyyy-mm-dd'], ['d-mmm'], ['h:mm AM/PM'], ['[h]:mm'], ['[$-409]mmm\\-yy;@'], ['MM/DD/YYYY'], ['mm:ss.0']])(
    '%s shows a date or time',
    (format) => {
      expect(isDateFormat(format)).toBe(true);
    },
  );
});
