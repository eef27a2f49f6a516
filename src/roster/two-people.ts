// Ids that the rosters of two methods give to two people: no user can sign in to such an account
// (identity/match-account.ts) until one of the rosters is corrected. Names both methods and both places; never a value.
import type { Finding, Place } from '../formats/feed.ts';
import { warningAt } from '../formats/finding.ts';
import type { FoundLine } from '../paged-table/pages.ts';
import { areOfTwoPeople, areTwoPeople, type FeedAccount, fromLine } from './account.ts';
import type { LinePair } from './lock-outs.ts';
import { methodOfTable } from './published-roster.ts';

interface TwoPeopleFindings {
  /** @param elsewhere the other feeds' rows of the same accounts, by the id of their lines */
  see(pairs: readonly LinePair[], elsewhere: ReadonlyMap<string, readonly FoundLine[]>): void;
  /** The first ones, by place. */
  findings(): readonly Finding[];
  /** Their total number. */
  count(): number;
}

const maxKept = 200;

/** @param next the account table of the roster that is compared */
export function createTwoPeopleFindings(next: string): TwoPeopleFindings {
  const places: Place[] = [];
  let count = 0;
  return {
    see(pairs, elsewhere) {
      for (const { id, after } of pairs) {
        const others = elsewhere.get(id);
        if (after === undefined || others === undefined) continue;
        const place = findPlace([{ table: next, line: after }, ...others]);
        if (place === undefined) continue;
        count += 1;
        if (places.length < maxKept) places.push(place);
      }
    },
    findings: () =>
      places
        .toSorted((one, other) => (one.line ?? 0) - (other.line ?? 0))
        .map((place) => warningAt('id_of_another_person', place)),
    count: () => count,
  };
}

/** The place of the first two rows that name two people. */
function findPlace(found: readonly FoundLine[]): Place | undefined {
  const rows = found.map(({ table, line }) => ({ table, account: fromLine(line) }));
  for (const [at, { table, account }] of rows.entries()) {
    const other = rows.slice(at + 1).find((row) => areTwoPeople(account, row.account));
    if (other !== undefined) return { ...placeIn(table, account), other: placeIn(other.table, other.account) };
  }
  return undefined;
}

function placeIn(table: string, { place, cleverId }: FeedAccount): Place {
  const method = methodOfTable(table);
  return {
    ...place,
    ...(method === undefined ? {} : { method }),
    ...(cleverId === undefined ? {} : { cleverIds: [cleverId] }),
  };
}

/**
 * Whether the feeds now name two people of an account and did not before: the owner of an existing session cannot be
 * determined.
 * @param elsewhere the other feeds' rows of it
 */
export function becomesTwoPeople(
  before: FeedAccount | undefined,
  after: FeedAccount,
  elsewhere: readonly FeedAccount[],
): boolean {
  if (elsewhere.length === 0 || !areOfTwoPeople([after, ...elsewhere])) return false;
  return !areOfTwoPeople(before === undefined ? elsewhere : [before, ...elsewhere]);
}

export const accountsOf = (found: readonly FoundLine[]): FeedAccount[] => found.map(({ line }) => fromLine(line));
