// The list of attempts as rows of a file: the content of the list, without further personal data. Attempts fixed by the
// current roster are omitted, as in the district's file.
import { showWallTime } from '../district/time-zone.ts';
import { outcomeCodes } from '../outcome/outcome-codes.ts';
import { showReference } from '../outcome/reference.ts';
import type { Attempt } from './attempt.ts';
import type { AttemptLog } from './attempt-log.ts';
import { type AttemptState, type JudgeAttempts, stateOf } from './attempt-state.ts';
import type { SearchAttempts, Tries, Wanted } from './search-attempts.ts';

const exportHeader = [
  'time_utc',
  'time_local',
  'reference',
  'code',
  'difference',
  'title',
  'district',
  'user_type',
  'who_must_act',
  'state',
  'tries',
  'first_try_utc',
] as const;

interface ExportNeeds {
  readonly attempts: Pick<AttemptLog, 'search'>;
  readonly searchAttempts: SearchAttempts;
  readonly judge: JudgeAttempts;
}

interface Exported {
  readonly attempt: Attempt;
  readonly state: AttemptState;
  /** Where the list has a row for each user. */
  readonly tries?: Tries | undefined;
}

const pageSize = 500;
/** Maximum scanned: the newest matches. */
export const maxExported = 10_000;

/** @param zone IANA name, of the column `time_local` */
export async function* exportAttempts(
  needs: ExportNeeds,
  wanted: Wanted,
  zone: string,
): AsyncGenerator<readonly (string | undefined)[]> {
  yield exportHeader;
  for await (const { attempt, state, tries } of wanted.group === 'person'
    ? exportPeople(needs, wanted)
    : exportTries(needs, wanted)) {
    if (state.state === 'mended' || (wanted.state !== undefined && state.state !== wanted.state)) continue;
    const { at, reference, code, difference, district, clever } = attempt;
    yield [
      new Date(at).toISOString(),
      showWallTime(at, zone),
      showReference(reference),
      code,
      difference,
      outcomeCodes[code].title,
      district,
      clever?.user_type,
      outcomeCodes[code].owner,
      state.state,
      tries && `${tries.count}`,
      tries && new Date(tries.firstAt).toISOString(),
    ];
  }
}

async function* exportPeople({ searchAttempts }: ExportNeeds, wanted: Wanted): AsyncGenerator<Exported> {
  const { attempts, states, tries } = await searchAttempts({ ...wanted, cursor: undefined, limit: maxExported });
  for (const attempt of attempts)
    yield { attempt, state: stateOf(attempt, states), tries: tries?.get(attempt.reference) };
}

async function* exportTries({ attempts, judge }: ExportNeeds, { filter }: Wanted): AsyncGenerator<Exported> {
  let cursor: string | undefined;
  for (let looked = 0; looked < maxExported; looked += pageSize) {
    const page = await attempts.search(filter, cursor, pageSize);
    const states = await judge(page.attempts);
    for (const attempt of page.attempts) yield { attempt, state: stateOf(attempt, states) };
    cursor = page.cursor;
    if (cursor === undefined) return;
  }
}
