// Who takes part in loads and fault runs: pupil N of district D, the same at the stub of Clever and in the roster.
import { cleverIdOf, type Person } from '../sandbox/clever/person.ts';

export interface Pupil {
  /** The bridge's id of the district. */
  readonly district: string;
  /** 0, 1, 2 … */
  readonly number: number;
  /** At Clever, and not in the roster, the address begins with a capital. */
  readonly isCapital?: true;
}

export const sisIdOf = ({ number }: Pupil): string => `${100_000 + number}`;

export const emailOf = ({ district, number }: Pupil): string => `pupil${number}@${district}.example`;

export const cleverDistrictOf = (district: string): string => cleverIdOf(`district ${district}`);

export function personOf(pupil: Pupil): Person {
  const id = cleverIdOf(`pupil ${pupil.district} ${pupil.number}`);
  return {
    ...{ id, legacyId: id, district: cleverDistrictOf(pupil.district), userType: 'student' },
    ...{
      email: pupil.isCapital ? emailOf(pupil).replace(/^p/, 'P') : emailOf(pupil),
      givenName: 'Pupil',
      familyName: `${pupil.number}`,
    },
  };
}

/** As it travels in an address: `district.number`, and `district.number.capital`. */
export const spellPupil = ({ district, number, isCapital }: Pupil): string =>
  `${district}.${number}${isCapital ? '.capital' : ''}`;

export function readPupil(text: string): Pupil | undefined {
  const [, district, number, capital] = /^([\w-]+)\.(\d+)(\.capital)?$/.exec(text) ?? [];
  if (district === undefined) return undefined;
  return { district, number: Number(number), ...(capital === undefined ? {} : { isCapital: true }) };
}
