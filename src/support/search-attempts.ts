// The search of whoever answers the phone: the attempts that fit, and where a person has none, what the rosters say of them.
import type { Attempt } from './attempt.ts';
import type { AttemptFilter, AttemptLog } from './attempt-log.ts';
import type { FindInRosters, FoundInRosters, PersonSign } from './find-in-rosters.ts';

export interface Wanted {
  readonly reference?: string | undefined;
  readonly filter: AttemptFilter;
  readonly cursor?: string | undefined;
  readonly limit?: number | undefined;
}

export interface FoundAttempts {
  readonly attempts: readonly Attempt[];
  readonly cursor: string | undefined;
  /** Where one person was asked for who has no attempt that fits. */
  readonly rosters: FoundInRosters | undefined;
}

export type SearchAttempts = (wanted: Wanted) => Promise<FoundAttempts>;

export interface SearchNeeds {
  readonly attempts: Pick<AttemptLog, 'find' | 'search'>;
  readonly findInRosters: FindInRosters;
}

export function createSearchAttempts({ attempts, findInRosters }: SearchNeeds): SearchAttempts {
  return async ({ reference, filter, cursor, limit }) => {
    if (reference !== undefined) {
      const found = await attempts.find(reference);
      return { attempts: found === undefined ? [] : [found], cursor: undefined, rosters: undefined };
    }
    const page = await attempts.search(filter, cursor, limit);
    const sign = page.attempts.length === 0 && cursor === undefined ? signOf(filter) : undefined;
    return { ...page, rosters: sign && (await findInRosters(sign, { only: filter.district })) };
  };
}

/** Undefined where nobody, or by several signs perhaps nobody, is meant. */
function signOf({ account, email, cleverId }: AttemptFilter): PersonSign | undefined {
  const [sign, second] = (
    [
      ['account', account],
      ['email', email],
      ['clever_id', cleverId],
    ] as const
  ).flatMap(([kind, value]) => (value === undefined ? [] : [{ kind, value }]));
  return second === undefined ? sign : undefined;
}
