// The search of support agents: the matching attempts, the state of each by the current roster, and for a user without
// any, the rosters' data. A search by state or user scans a bounded part of the newest and reports this.
import type { Attempt } from './attempt.ts';
import type { AttemptLog } from './attempt-log.ts';
import type { AttemptFilter } from './attempt-names.ts';
import type { AttemptStates, JudgeAttempts, StateName } from './attempt-state.ts';
import type { FindInRosters, FoundInRosters, PersonIdentifier } from './find-in-rosters.ts';

export interface Wanted {
  readonly reference?: string | undefined;
  readonly filter: AttemptFilter;
  /** Exactly the SIS id or a further id of a roster: the attempts of the one user who has it. */
  readonly sisId?: string | undefined;
  readonly state?: StateName | undefined;
  /** One row per user: the newest attempt, with their number. */
  readonly group?: 'person' | undefined;
  readonly cursor?: string | undefined;
  readonly limit?: number | undefined;
}

/** The scanned attempts of one user. */
export interface Tries {
  readonly count: number;
  /** The oldest, milliseconds since the epoch. */
  readonly firstAt: number;
}

export interface FoundAttempts {
  readonly attempts: readonly Attempt[];
  readonly states: AttemptStates;
  readonly cursor: string | undefined;
  /** By reference of the newest; if grouped by user. */
  readonly tries?: ReadonlyMap<string, Tries>;
  /** Of everything scanned; if grouped by user. */
  readonly total?: { readonly people: number; readonly attempts: number; readonly isCut: boolean };
  /** If one user without a matching attempt was searched for, and always for an id of the roster. */
  readonly rosters: FoundInRosters | undefined;
}

export type SearchAttempts = (wanted: Wanted) => Promise<FoundAttempts>;

interface SearchNeeds {
  readonly attempts: Pick<AttemptLog, 'find' | 'search'>;
  readonly findInRosters: FindInRosters;
  readonly judge: JudgeAttempts;
}

const pageSize = 100;
/** Maximum scanned for one page of a state. */
const maxPages = 20;
const groupPageSize = 500;
/** Maximum scanned for users: 10,000 attempts. */
const maxGroupPages = 20;
/** The newest ones, among which a state is searched. */
const maxJudged = 2_000;
const personCursor = /^person-(\d{1,6})$/;

export const isPersonCursor = (text: string): boolean => personCursor.test(text);

export function createSearchAttempts(needs: SearchNeeds): SearchAttempts {
  const { attempts, findInRosters, judge } = needs;
  return async (wanted) => (wanted.sisId === undefined ? search(wanted) : byRosterId(wanted, wanted.sisId));

  /** If several users have the id, it is open whose attempts are meant: only the users are returned. */
  async function byRosterId(wanted: Wanted, value: string): Promise<FoundAttempts> {
    const rosters = await findInRosters({ kind: 'sis_id', value }, { only: wanted.filter.district });
    const [only, second] = rosters.people;
    if (only === undefined || second !== undefined)
      return { attempts: [], states: new Map(), cursor: undefined, rosters };
    const filter = { ...wanted.filter, district: only.district, account: only.account.accountId };
    return { ...(await search({ ...wanted, filter })), rosters };
  }

  async function search(wanted: Wanted): Promise<FoundAttempts> {
    const { reference, filter, cursor, limit = 50 } = wanted;
    if (reference !== undefined) {
      const found = await attempts.find(reference);
      const list = found === undefined ? [] : [found];
      return { attempts: list, states: await judge(list), cursor: undefined, rosters: undefined };
    }
    if (wanted.group === 'person') return { ...(await byPerson(needs, wanted, limit)), rosters: undefined };
    if (wanted.state !== undefined)
      return { ...(await byState(needs, wanted, wanted.state, limit)), rosters: undefined };
    const page = await attempts.search(filter, cursor, limit);
    const identifier = page.attempts.length === 0 && cursor === undefined ? identifierOf(filter) : undefined;
    const rosters = identifier && (await findInRosters(identifier, { only: filter.district }));
    return { ...page, states: await judge(page.attempts), rosters };
  }
}

/** Up to a page more than the limit, so that the cursor is that of a page. */
async function byState(
  { attempts, judge }: SearchNeeds,
  { filter, cursor: from }: Wanted,
  state: StateName,
  limit: number,
) {
  const found: Attempt[] = [];
  const states = new Map<string, NonNullable<ReturnType<AttemptStates['get']>>>();
  let cursor = from;
  for (let count = 0; count < maxPages && found.length < limit; count += 1) {
    const page = await attempts.search(filter, cursor, pageSize);
    for (const [reference, one] of await judge(page.attempts)) if (one.state === state) states.set(reference, one);
    found.push(...page.attempts.filter(({ reference }) => states.has(reference)));
    cursor = page.cursor;
    if (cursor === undefined) break;
  }
  return { attempts: found, states, cursor };
}

/** The state is that of the newest attempt. */
async function byPerson({ attempts, judge }: SearchNeeds, { filter, state, cursor: given }: Wanted, limit: number) {
  const { people, tries, isCut } = await gather(attempts, filter);
  const from = Number(personCursor.exec(given ?? '')?.[1] ?? 0);
  const next = from + limit;
  // Each is looked up in a roster: only those shown, or those among which a state is searched.
  const judged = state === undefined ? people.slice(from, next) : people.slice(0, maxJudged);
  const states = await judge(judged);
  const fitting =
    state === undefined ? people : judged.filter(({ reference }) => states.get(reference)?.state === state);
  return {
    attempts: fitting.slice(from, next),
    states,
    tries,
    cursor: next < fitting.length ? `person-${next}` : undefined,
    total: {
      people: fitting.length,
      attempts: fitting.reduce((sum, { reference }) => sum + (tries.get(reference)?.count ?? 0), 0),
      isCut: isCut || (state !== undefined && judged.length < people.length),
    },
  };
}

/** Each attempt without an identified user counts as a separate user. */
async function gather(attempts: SearchNeeds['attempts'], filter: AttemptFilter) {
  const newest = new Map<string, Attempt>();
  const tries = new Map<string, Tries>();
  let cursor: string | undefined;
  for (let page = 0; page < maxGroupPages; page += 1) {
    const found = await attempts.search(filter, cursor, groupPageSize);
    for (const attempt of found.attempts) {
      const who = personOf(attempt);
      const head = newest.get(who) ?? attempt;
      newest.set(who, head);
      tries.set(head.reference, { count: (tries.get(head.reference)?.count ?? 0) + 1, firstAt: attempt.at });
    }
    cursor = found.cursor;
    if (cursor === undefined) break;
  }
  return { people: [...newest.values()], tries, isCut: cursor !== undefined };
}

const personOf = ({ district, clever, reference }: Attempt): string =>
  clever?.clever_id === undefined ? reference : `${district ?? clever.district ?? ''} ${clever.clever_id}`;

/** Undefined if the filter identifies no user, or is ambiguous. */
function identifierOf({ account, email, emailAlike, name, cleverId }: AttemptFilter): PersonIdentifier | undefined {
  const identifiers: PersonIdentifier[] = [
    ...(account === undefined ? [] : [{ kind: 'account', value: account } as const]),
    ...(email === undefined ? [] : [{ kind: 'email', value: email } as const]),
    ...(emailAlike === undefined ? [] : [{ kind: 'email_alike', value: emailAlike } as const]),
    ...(name === undefined ? [] : [{ kind: 'name', value: name } as const]),
    ...(cleverId === undefined ? [] : [{ kind: 'clever_id', value: cleverId } as const]),
  ];
  return identifiers.length === 1 ? identifiers[0] : undefined;
}
