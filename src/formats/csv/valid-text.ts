// Passes on the bytes of a text file that is valid UTF-8 without NUL, and reports the line and the reason if it is not.
// Replacing an invalid sequence by U+FFFD would hide why a name or an address never matches. And the lines of such bytes:
// CR, LF and CRLF each end one.
import { isUtf8 } from 'node:buffer';
import type { UnreadableCode } from './csv-item.ts';

const carriageReturn = 13;

/** A file that cannot be read as text. `line` counts from 1. The message contains nothing of the file. */
export class UnreadableText extends Error {
  readonly code = 'UNREADABLE_TEXT';
  readonly finding: UnreadableCode;
  readonly line: number | undefined;

  constructor(message: string, finding: UnreadableCode, line?: number) {
    super(message);
    this.name = 'UnreadableText';
    this.finding = finding;
    this.line = line;
  }
}

/**
 * Passes the bytes on, in parts that never divide a character or a CRLF.
 * @throws {UnreadableText} with the line, at the first byte sequence that is not UTF-8 (RFC 3629), or NUL (UTF-16,
 * binary).
 */
export async function* validText(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let line = 1;
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const whole = bytes.length - dividedLength(bytes);
    const part = bytes.subarray(0, whole);
    line = lineAfter(part, line);
    rest = bytes.subarray(whole);
    if (part.length > 0) yield part;
  }
  lineAfter(rest, line);
  if (rest.length > 0) yield rest;
}

function lineAfter(part: Buffer, line: number): number {
  if (!isUtf8(part)) throw new UnreadableText('not UTF-8 text', 'not_utf8', line + findLine(part, isUtf8));
  if (part.includes(0)) throw new UnreadableText('NUL', 'file_binary', line + findLine(part, hasNoNul));
  return line + findLineEnds(part).count;
}

const hasNoNul = (bytes: Buffer): boolean => !bytes.includes(0);

/** The number of bytes at the end that may belong together with what follows. */
function dividedLength(bytes: Buffer): number {
  if (bytes.at(-1) === carriageReturn) return 1;
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes.at(-back) ?? 0;
    if ((byte & 0xc0) !== 0x80) return sequenceLength(byte) > back ? back : 0;
  }
  return 0;
}

/** RFC 3629 section 3: the first byte gives the length. */
function sequenceLength(firstByte: number): number {
  if (firstByte >= 0xf0) return 4;
  if (firstByte >= 0xe0) return 3;
  return firstByte >= 0xc0 ? 2 : 1;
}

function findLine(part: Buffer, isValid: (line: Buffer) => boolean): number {
  const lines = part.toString('latin1').split(/\r\n|\r|\n/);
  return lines.findIndex((line) => !isValid(Buffer.from(line, 'latin1')));
}

interface LineEnds {
  /** How many there are. */
  readonly count: number;
  /** The character or pair that ends every line; undefined if there is none, or more than one kind. */
  readonly only: '\r\n' | '\n' | '\r' | undefined;
}

const lineFeed = 10;

/** Counts the ends of lines. A CR at the very end counts: a CRLF must not be divided. */
export function findLineEnds(bytes: Buffer): LineEnds {
  const feeds = countOf(bytes, lineFeed, () => true);
  const returns = countOf(bytes, carriageReturn, () => true);
  const both = feeds > 0 && returns > 0 ? countOf(bytes, lineFeed, (at) => bytes[at - 1] === carriageReturn) : 0;
  const count = feeds + returns - both;
  if (both > 0) return { count, only: both === feeds && both === returns ? '\r\n' : undefined };
  if (feeds > 0 && returns > 0) return { count, only: undefined };
  return { count, only: feeds > 0 ? '\n' : returns > 0 ? '\r' : undefined };
}

// indexOf checks many bytes at once; a loop does not.
function countOf(bytes: Buffer, sign: number, counts: (at: number) => boolean): number {
  let count = 0;
  for (let at = bytes.indexOf(sign); at >= 0; at = bytes.indexOf(sign, at + 1)) if (counts(at)) count += 1;
  return count;
}
