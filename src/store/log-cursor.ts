// The cursor of a log entry, the same on every engine: milliseconds and a sequence number, both of fixed width, so that
// string order is the order of appending.

const cursorForm = /^(\d{15})-(\d{10})$/;

/** Whether a text from outside is accepted by `page`; anything else makes `page` throw a TypeError. */
export function isLogCursor(text: string): boolean {
  return cursorForm.test(text);
}

/** Before every entry of every log: no entry is from before 1970. */
export const firstLogCursor = formatCursor(0, 0);

export function formatCursor(milliseconds: number, sequence: number): string {
  return `${String(milliseconds).padStart(15, '0')}-${String(sequence).padStart(10, '0')}`;
}

/** Throws TypeError if the text is not a cursor. */
export function readCursor(text: string): { milliseconds: number; sequence: number } {
  const [, milliseconds, sequence] = cursorForm.exec(text) ?? [];
  if (milliseconds === undefined || sequence === undefined) throw new TypeError('not a cursor of a log');
  return { milliseconds: Number(milliseconds), sequence: Number(sequence) };
}

/** The next cursor after `last`: always greater, even if the clock went back; not reused after a log was emptied. */
export function nextCursor(last: string | undefined, now: number): string {
  if (last === undefined) return formatCursor(now, 0);
  const { milliseconds, sequence } = readCursor(last);
  return now > milliseconds ? formatCursor(now, 0) : formatCursor(milliseconds, sequence + 1);
}
