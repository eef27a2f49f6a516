// Counts the accounts of a generation that no user can sign in to, because no roster of the district gives them an
// email. A user with a Clever id from Secure Sync and no email signs in by that id (contract section 2, line 4), and is
// not counted.
import type { Place } from '../formats/feed.ts';
import { readEmail } from '../identity/email.ts';
import type { Kind } from '../identity/identity.ts';
import { findLines, idOf, type TableContext } from '../paged-table/pages.ts';
import { addressOf, fromLine, kindOf, recordOf } from './account.ts';
import type { LinePair } from './lock-outs.ts';

/** Of one kind. */
export interface WithoutEmail {
  readonly count: number;
  /** Accounts of the generation. */
  readonly of: number;
  /** Of `count`: those that are new, or had an email in the active generation. */
  readonly new: number;
  /** The same for the active generation. */
  readonly count_before: number;
  readonly of_before: number;
}

export const noneWithoutEmail: WithoutEmail = { count: 0, of: 0, new: 0, count_before: 0, of_before: 0 };

export interface WithoutEmailCount {
  /** Call once for every account of both generations, some hundred at a time. */
  see(pairs: readonly LinePair[]): Promise<void>;
  counts(): Readonly<Record<Kind, WithoutEmail>>;
  /** The first one of the generation, by kind. */
  first(kind: Kind): Place | undefined;
}

/** @param others the active account tables of the district's other feeds */
export function createWithoutEmailCount(context: TableContext, others: readonly string[]): WithoutEmailCount {
  const counts = { student: { ...noneWithoutEmail }, employee: { ...noneWithoutEmail } };
  const places = new Map<Kind, Place>();

  async function findReachable(ids: readonly string[]): Promise<ReadonlySet<string>> {
    if (others.length === 0 || ids.length === 0) return new Set();
    const found = await findLines(context, others, { ids });
    return new Set(found.filter(({ line }) => hasWayIn(line)).map(({ line }) => idOf(line)));
  }

  return {
    async see(pairs) {
      const judged = pairs.map(({ id, before, after, isSame }) => {
        const hadWayIn = before !== undefined && hasWayIn(before);
        return { id, before, after, hadWayIn, has: isSame ? hadWayIn : after !== undefined && hasWayIn(after) };
      });
      const blank = judged.filter(({ before, after, hadWayIn, has }) => (before && !hadWayIn) || (after && !has));
      const reachable = await findReachable(blank.map(({ id }) => id));
      for (const { id, before, after, hadWayIn, has } of judged) {
        const count = counts[kindOf(recordOf(after ?? before ?? ''))];
        if (before !== undefined) count.of_before += 1;
        if (before !== undefined && !hadWayIn && !reachable.has(id)) count.count_before += 1;
        if (after === undefined) continue;
        count.of += 1;
        if (has || reachable.has(id)) continue;
        count.count += 1;
        if (before === undefined || hadWayIn) count.new += 1;
        const kind = kindOf(recordOf(after));
        const { place } = fromLine(after);
        if (!places.has(kind) || isEarlier(place, places.get(kind))) places.set(kind, place);
      }
    },
    counts: () => counts,
    first: (kind) => places.get(kind),
  };
}

function hasWayIn(line: string): boolean {
  const { email, cleverId } = addressOf(line);
  return email === undefined ? cleverId !== undefined : readEmail(email).kind === 'plain';
}

const isEarlier = (one: Place, other: Place | undefined): boolean =>
  other !== undefined && one.file === other.file && (one.line ?? 0) < (other.line ?? 0);
