// How each attempt stands by today's roster: open, resolved because the person got in or there is no person to wait for, or
// mended because the person would get in now. Worked out on reading; nothing is marked.
import type { District, Districts } from '../district/district.ts';
import type { Identity } from '../identity/identity.ts';
import { readIdentity } from '../identity/read-identity.ts';
import { outcomeCodes } from '../outcome/outcome-codes.ts';
import { wouldMatch } from '../roster/decide-match.ts';
import type { ReadDistrictRoster } from '../roster/district-roster.ts';
import type { Attempt } from './attempt.ts';
import type { ResolveAttempts } from './resolve-attempts.ts';

export const attemptStates = ['open', 'resolved', 'mended'] as const;
export type StateName = (typeof attemptStates)[number];

export interface AttemptState {
  readonly state: StateName;
  /** When the person got in, milliseconds since the epoch; absent where the attempt closed without. */
  readonly resolvedAt?: number | undefined;
  readonly wouldMatchNow: boolean;
}

/** By reference. */
export type AttemptStates = ReadonlyMap<string, AttemptState>;
export type JudgeAttempts = (attempts: readonly Attempt[]) => Promise<AttemptStates>;

export interface JudgeNeeds {
  readonly resolve: ResolveAttempts;
  readonly districts: Pick<Districts, 'find' | 'findByCleverId'>;
  readonly readDistrictRoster: ReadDistrictRoster;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

/** What went wrong at Clever or at Summit with nobody named: no person can come back for it. */
const serviceClosesMs = 3_600_000;
const concurrency = 10;
/** Rosters read for one page are this fresh. */
const maxAgeMs = 500;

/** One read for each district among the attempts for who got in, and one for its roster; one look-up for each still open. */
export function createJudgeAttempts(needs: JudgeNeeds): JudgeAttempts {
  const { resolve, clock } = needs;
  return async (attempts) => {
    const resolved = await resolve(attempts);
    const states = new Map<string, AttemptState>();
    const waiting: Attempt[] = [];
    for (const attempt of attempts) {
      const resolvedAt = resolved.get(attempt.reference);
      if (resolvedAt !== undefined || isClosed(attempt, clock()))
        states.set(attempt.reference, { state: 'resolved', resolvedAt, wouldMatchNow: false });
      else waiting.push(attempt);
    }
    // A person who tried ten times is looked up once.
    const asked = new Map<string, Promise<boolean>>();
    const ask = (attempt: Attempt): Promise<boolean> => {
      const who = JSON.stringify([attempt.district, attempt.clever]);
      const answer = asked.get(who) ?? wouldMatchNow(needs, attempt);
      asked.set(who, answer);
      return answer;
    };
    for (let from = 0; from < waiting.length; from += concurrency) {
      const batch = waiting.slice(from, from + concurrency);
      const matches = await Promise.all(batch.map(ask));
      for (const [index, { reference }] of batch.entries()) {
        const isMended = matches[index] === true;
        states.set(reference, { state: isMended ? 'mended' : 'open', wouldMatchNow: isMended });
      }
    }
    return states;
  };
}

export const stateOf = ({ reference }: Attempt, states: AttemptStates): AttemptState =>
  states.get(reference) ?? { state: 'open', wouldMatchNow: false };

/** Nobody is named, so nobody can be seen to get in: cancelled, not shared; a fault of a service closes in an hour. */
function isClosed({ clever, code, at }: Attempt, now: number): boolean {
  if (clever?.clever_id !== undefined) return false;
  const isOfPerson = outcomeCodes[code].owner === 'user' || code === 'app_not_shared';
  return isOfPerson || now - at > serviceClosesMs;
}

async function wouldMatchNow({ districts, readDistrictRoster }: JudgeNeeds, attempt: Attempt): Promise<boolean> {
  const identity = identityOf(attempt);
  const district = identity && (await findDistrictOf(districts, attempt));
  if (identity === undefined || district === undefined) return false;
  return wouldMatch(await readDistrictRoster(district.id, maxAgeMs), identity);
}

/** An attempt of before its district was linked here names only Clever's. */
export async function findDistrictOf(
  districts: JudgeNeeds['districts'],
  { district, clever }: Pick<Attempt, 'district' | 'clever'>,
): Promise<District | undefined> {
  if (district !== undefined) return districts.find(district);
  return clever?.district === undefined ? undefined : districts.findByCleverId(clever.district);
}

/** Undefined where Clever vouched for nobody, or for a kind of user that has no account. */
export function identityOf({ clever }: Pick<Attempt, 'clever'>): Identity | undefined {
  if (clever === undefined) return undefined;
  const read = readIdentity({ ...clever, sub: clever.clever_id });
  return read.kind === 'identity' ? read.identity : undefined;
}
