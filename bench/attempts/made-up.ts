// The failed sign-ins that the bench of the attempt log keeps: of many people and districts over ninety days, a few of them
// often, a few codes rare.
import type { AccountFacts, Attempt } from '../../src/support/attempt.ts';

export type Facts = Omit<Attempt, 'reference'>;

export const days = 90;
export const dayMs = 86_400_000;
export const people = 250_000;
const districts = 200;

/** The so-manieth of `count`, the oldest first. @param now milliseconds since the epoch */
export function attemptAt(index: number, count: number, now: number): Facts {
  const person = index % 2_000 === 0 ? 'often' : String(index % people);
  const codes = ['email_mismatch', 'not_rostered', 'ambiguous', 'account_inactive'] as const;
  const code = index % 50_000 === 7 ? 'clever_denied' : (codes[(index + (index >> 2)) % codes.length] ?? 'ambiguous');
  const age = Math.floor((1 - index / count) * (days - 1) * dayMs);
  return {
    at: now - age,
    code,
    app: 'summit-k12',
    district: `d${index % districts}`,
    clever: {
      clever_id: `clever-${person}`,
      email: `person.${person}@school.example`,
      user_type: 'student',
      given_name: 'Given',
      family_name: `Family ${person}`,
    },
    ...(code === 'email_mismatch' ? { difference: 'case', about: [aboutPerson(person, index)] } : {}),
  };
}

function aboutPerson(person: string, line: number): AccountFacts {
  const email = `Person.${person}@school.example`;
  const place = { file: 'students.csv', line };
  const sources = [{ method: 'sftp', email, cleverId: undefined, place }] as const;
  return { account: `account-${person}`, record: 'student', sis_id: `s${person}`, sources };
}

/** Of people and districts that no other day has: their lists go as a whole with the day. */
export const oldestAt = (index: number, now: number): Partial<Facts> => ({
  at: now - (days - 0.05) * dayMs,
  district: `old-d${index % districts}`,
  clever: { clever_id: `old-${index}`, email: `old.${index}@school.example`, user_type: 'student' },
  about: [],
});
