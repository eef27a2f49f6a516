// The users of a school morning, and the expected outcome for each.
import type { SignInOptions } from '../drive-sign-ins.ts';
import type { Student } from '../students.ts';

export const districts = Array.from({ length: 20 }, (_, at) => `district-${at}`);
export const studentsOfDistrict = 1_000;
const all = districts.length * studentsOfDistrict;
/** Behind one address each. */
const studentsOfSchool = 25;

export interface Comer {
  readonly student: Student;
  readonly options: SignInOptions;
  /** How it must end if the bridge takes it. */
  readonly ending: 'signed-in' | 'email_mismatch' | 'not_rostered';
}

/**
 * The same for the same count. Of twenty, one has a capital in the address, one is in no roster, one reloads the page that
 * signs in; three of four come from Clever's portal.
 * @param awayMs how long they are away at Clever: between a fifth and nine fifths of it
 */
export function comerOf(count: number, awayMs: number): Comer {
  const kind = count % 20;
  // 7919 shares no factor with 20,000: every user comes once before any comes again.
  const who = (count * 7_919) % all;
  const at = { district: districts[Math.floor(who / studentsOfDistrict)] ?? '', number: who % studentsOfDistrict };
  const school = Math.floor(who / studentsOfSchool);
  const options = {
    from: count % 4 === 3 ? 'login' : 'portal',
    accept: 'text/html',
    address: `10.0.${school >> 8}.${school & 255}`,
    awayMs: awayMs * (0.2 + (1.6 * ((count * 31) % 97)) / 96),
    reloads: kind === 2,
  } as const;
  if (kind === 0) return { student: { ...at, isCapital: true }, options, ending: 'email_mismatch' };
  if (kind === 1) return { student: { ...at, number: at.number + all }, options, ending: 'not_rostered' };
  return { student: at, options, ending: 'signed-in' };
}
