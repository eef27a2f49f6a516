// Counts the lines of bytes or text: CR, LF and CRLF each end one.

export interface LineEnds {
  /** How many there are. */
  readonly count: number;
  /** The character or pair that ends every line; undefined if there is none, or more than one kind. */
  readonly only: '\r\n' | '\n' | '\r' | undefined;
}

const carriageReturn = 13;
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
