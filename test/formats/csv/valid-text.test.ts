import { findLineEnds } from '../../../src/formats/csv/valid-text.ts';

describe('the ends of lines', () => {
  it.each([
    ['no line', '', 0, undefined],
    ['one line without end', 'a', 0, undefined],
    ['LF', 'a\nb\n\n', 3, '\n'],
    ['CR', 'a\rb\r\r', 3, '\r'],
    ['CRLF', 'a\r\nb\r\n\r\n', 3, '\r\n'],
    ['CRLF and LF', 'a\r\nb\nc', 2, undefined],
    ['CRLF and CR', 'a\rb\r\n\r', 3, undefined],
    ['LF and CR', 'a\n\rb', 2, undefined],
  ])('are counted and reported: %s', (_, text, count, only) => {
    expect(findLineEnds(Buffer.from(text))).toEqual({ count, only });
  });
});
