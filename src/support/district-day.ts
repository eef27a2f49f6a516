// How a district's last day went: failures by hour and by code, and who is still locked out.
import type { Code } from '../outcome/outcome-codes.ts';
import type { Attempt } from './attempt.ts';
import type { AttemptLog } from './attempt-log.ts';
import type { JudgeAttempts } from './attempt-state.ts';

export interface DistrictDay {
  /** The beginning of the first hour, milliseconds since the epoch. */
  readonly from: number;
  /** 24 hours, the oldest first. */
  readonly hours: readonly Readonly<Partial<Record<Code, number>>>[];
  readonly total: number;
  /** There were more than are counted; the oldest are left out. */
  readonly isCut: boolean;
}

const hourMs = 3_600_000;
const pageSize = 500;
const mostPages = 40;

/** At most 40 pages of 500 attempts are read. */
export async function readDistrictDay(
  attempts: Pick<AttemptLog, 'search'>,
  district: string,
  now: number,
): Promise<DistrictDay> {
  const from = (Math.floor(now / hourMs) - 23) * hourMs;
  const hours: Partial<Record<Code, number>>[] = Array.from({ length: 24 }, () => ({}));
  let total = 0;
  let cursor: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const found = await attempts.search({ district, from }, cursor, pageSize);
    for (const { at, code } of found.attempts) {
      const hour = hours[Math.floor((at - from) / hourMs)];
      if (hour === undefined) continue;
      hour[code] = (hour[code] ?? 0) + 1;
      total += 1;
    }
    cursor = found.cursor;
    if (cursor === undefined) break;
  }
  return { from, hours, total, isCut: cursor !== undefined };
}

/**
 * The newest attempt of each person of the district who did not get in since and would not get in now, newest first. People without a Clever id
 * cannot be told apart and are left out.
 */
export async function* readOpenMismatches(
  attempts: Pick<AttemptLog, 'search'>,
  judge: JudgeAttempts,
  district: string,
): AsyncGenerator<Attempt> {
  const seen = new Set<string>();
  let cursor: string | undefined;
  do {
    const page = await attempts.search({ district }, cursor, pageSize);
    const newest = page.attempts.filter(({ clever }) => {
      const id = clever?.clever_id;
      if (id === undefined || seen.has(id)) return false;
      seen.add(id);
      return true;
    });
    const states = await judge(newest);
    yield* newest.filter(({ reference }) => states.get(reference)?.state === 'open');
    cursor = page.cursor;
  } while (cursor !== undefined);
}
