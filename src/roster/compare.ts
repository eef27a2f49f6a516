// Compares a new generation of a feed with the active one: counts and findings for the report and the guard, and each
// difference for the follow-up. Reads both generations in batches; memory stays bounded.
import type { Finding } from '../formats/feed.ts';
import { warningAt } from '../formats/finding.ts';
import type { Kind } from '../identity/identity.ts';
import { contentOf, type FoundLine, findLines, idOf, scanLines } from '../paged-table/pages.ts';
import type { Store } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';
import { type FeedAccount, fromLine, fromLineId, isAnotherPerson, kindOf, recordOf, rightsOf } from './account.ts';
import { isMany } from './guard.ts';
import { createLockOutCount, type LinePair as Pair } from './lock-outs.ts';
import { methodOfTable } from './published-roster.ts';
import { type Changes, type MemberChanges, noMemberChanges, type RosterChanges } from './report.ts';
import { losesRights } from './rights.ts';
import type { FindLinkedToOthers, StagedTables } from './staged-tables.ts';
import { accountsOf, becomesTwoPeople, createTwoPeopleFindings } from './two-people.ts';
import { createWithoutEmailCount, type WithoutEmailCount } from './without-email.ts';

/**
 * `put`: new or changed. `pass_on`: reassigned to another user: the roster gives the account to another Clever id than
 * it was held by or linked to, or names another person, or only rows of other feeds are left, or the feeds now name two
 * people; sessions of the former holder must end. `remove`: an account is gone from the whole district; its sessions
 * must end.
 */
export interface Difference {
  readonly type: 'account' | 'class' | 'enrollment';
  readonly id: string;
  readonly op: 'put' | 'pass_on' | 'remove';
  /** The account loses rights: an earlier token claims more than it may do. */
  readonly losesRights?: true;
}

/** Earlier sessions of the account must end. */
export const endsSessions = ({ type, op, losesRights: loses }: Difference): boolean =>
  type === 'account' && (op !== 'put' || loses === true);

export interface Compared {
  readonly store: Store;
  readonly vault: Vault;
  readonly partition: string;
  /** The generation to be made active. */
  readonly next: StagedTables;
  /** The active generation of the same feed. */
  readonly active: StagedTables | undefined;
  /** The active account tables of the district's other feeds. */
  readonly others: readonly string[];
  /** If the feed gives Clever ids. */
  readonly findLinkedToOthers?: FindLinkedToOthers | undefined;
}

type Sink = (differences: readonly Difference[]) => Promise<void>;
type Count = { -readonly [Name in keyof Omit<Changes, 'locked_out' | 'without_email'>]-?: number };

export interface Comparison {
  readonly changes: RosterChanges;
  /** The first of each kind. */
  readonly findings: readonly Finding[];
  /** Totals of the kinds of which `findings` has only the first ones. */
  readonly findingCounts: Readonly<Partial<Record<Finding['code'], number>>>;
}

/** @param sink receives every difference once, in batches */
export async function compareGenerations(compared: Compared, sink: Sink): Promise<Comparison> {
  const count = (): Count => ({ ...noMemberChanges, address_changed: 0, address_lost: 0 });
  const changes: Record<Kind, Count> = { student: count(), employee: count() };
  const { next, active, others } = compared;
  const lockOuts = createLockOutCount(compared, { next: next.accounts, active: active?.accounts, others });
  const withoutEmail = createWithoutEmailCount(compared, others);
  const twoPeople = createTwoPeopleFindings(next.accounts);
  for await (const pairs of pairLines(compared, active?.accounts, next.accounts)) {
    const elsewhere = await findElsewhere(compared, pairs);
    twoPeople.see(pairs, elsewhere);
    await sink(await compareAccounts(compared, changes, pairs, elsewhere));
    await lockOuts.see(pairs);
    await withoutEmail.see(pairs);
  }
  await countOthers(compared, changes);
  const { student, employee } = lockOuts.counts();
  const idChanged = student.id_changed + employee.id_changed;
  const ofKind = (kind: Kind): Changes => ({
    ...changes[kind],
    locked_out: lockOuts.counts()[kind],
    without_email: withoutEmail.counts()[kind],
  });
  const members = {
    class: await compareMembers(compared, 'class', sink),
    enrollment: await compareMembers(compared, 'enrollment', sink),
  };
  return {
    changes: { student: ofKind('student'), employee: ofKind('employee'), ...members },
    findings: [
      ...findReplaced(members, methodOfTable(next.accounts)),
      ...lockOuts.idChanged().map((place) => warningAt('id_changed', place)),
      ...twoPeople.findings(),
      ...manyWithoutEmail(withoutEmail),
    ],
    findingCounts: { id_of_another_person: twoPeople.count(), id_changed: idChanged },
  };
}

const tableNames = { class: 'classes', enrollment: 'enrollments' } as const;

async function compareMembers(compared: Compared, type: keyof typeof tableNames, sink: Sink): Promise<MemberChanges> {
  const count = { ...noMemberChanges };
  const name = tableNames[type];
  for await (const pairs of pairLines(compared, compared.active?.[name], compared.next[name])) {
    const different = pairs.filter(({ isSame }) => !isSame);
    for (const { before, after } of different)
      count[before === undefined ? 'new' : after === undefined ? 'removed' : 'changed'] += 1;
    count.unchanged += pairs.length - different.length;
    await sink(different.map(({ id, after }) => ({ type, id, op: after ? 'put' : 'remove' })));
  }
  return { ...count, before: count.changed + count.unchanged + count.removed };
}

/**
 * Reported if many were replaced by others: the guard holds a roster only if there are fewer. Enrollments are included
 * in their classes.
 */
function findReplaced(
  { class: classes, enrollment }: Readonly<Record<'class' | 'enrollment', MemberChanges>>,
  file = 'roster',
): Finding[] {
  const areMany = ({ removed, before, new: added }: MemberChanges) => isMany(removed, before) && added > 0;
  if (areMany(classes)) return [warningAt('classes_replaced', { file })];
  return areMany(enrollment) ? [warningAt('enrollments_replaced', { file })] : [];
}

/** More than a tenth of a kind; the place is that of the first. */
const manyWithoutEmail = (withoutEmail: WithoutEmailCount): Finding[] =>
  (['student', 'employee'] as const).flatMap((kind) => {
    const { count, of } = withoutEmail.counts()[kind];
    const place = withoutEmail.first(kind);
    return place === undefined || count * 10 <= of ? [] : [warningAt(`${kind}s_without_email`, place)];
  });

async function compareAccounts(
  compared: Compared,
  changes: Record<Kind, Count>,
  pairs: readonly Pair[],
  elsewhere: Elsewhere,
): Promise<Difference[]> {
  for (const { before } of pairs) if (before !== undefined) changes[kindOf(recordOf(before))].before += 1;
  const pinned = await findNewlyPinned(compared, pairs);
  const arrivals: Difference[] = [];
  for (const { id, before, after, isSame } of pairs) {
    if (after === undefined) continue;
    if (isSame) {
      changes[kindOf(recordOf(after))].unchanged += 1;
      continue;
    }
    const [accountId, others] = [fromLineId(id), elsewhere.get(id)];
    const counted = countArrival(changes[kindOf(recordOf(after))], before, after);
    const isTaken = pinned.has(accountId) || isNowOfTwo(before, after, others);
    const op = counted === 'put' && isTaken ? 'pass_on' : counted;
    const difference: Difference = { type: 'account', id: accountId, op };
    arrivals.push(isFall(before, after, others) ? { ...difference, losesRights: true } : difference);
  }
  return [...arrivals, ...compareLeavers(changes, pairs, elsewhere)];
}

/** The rows of the district's other feeds, by line id. */
type Elsewhere = ReadonlyMap<string, readonly FoundLine[]>;

async function findElsewhere(
  { store, vault, partition, others }: Compared,
  pairs: readonly Pair[],
): Promise<Elsewhere> {
  const ids = others.length === 0 ? [] : pairs.map(({ id }) => id);
  const elsewhere = new Map<string, FoundLine[]>();
  for (const found of await findLines({ store, vault, partition }, others, { ids })) {
    const id = idOf(found.line);
    elsewhere.set(id, [...(elsewhere.get(id) ?? []), found]);
  }
  return elsewhere;
}

/** An account has the highest role of all feeds, so another feed may keep a right that this one removes. */
function isFall(before: string | undefined, after: string | undefined, elsewhere: readonly FoundLine[] = []): boolean {
  if (before === undefined && elsewhere.length === 0) return false;
  const lines = elsewhere.map(({ line }) => line);
  const all = (line: string | undefined) => [...lines, ...(line === undefined ? [] : [line])].map(rightsOf);
  return losesRights(all(before), all(after));
}

const isNowOfTwo = (before: string | undefined, after: string, elsewhere: readonly FoundLine[] | undefined): boolean =>
  elsewhere !== undefined &&
  becomesTwoPeople(before === undefined ? before : fromLine(before), fromLine(after), accountsOf(elsewhere));

/** Accounts whose Clever id this feed gives for the first time, while a sign-in linked them to another one. */
async function findNewlyPinned({ findLinkedToOthers }: Compared, pairs: readonly Pair[]): Promise<ReadonlySet<string>> {
  if (findLinkedToOthers === undefined) return new Set();
  const given = pairs.flatMap(({ before, after, isSame }) => {
    if (after === undefined || isSame) return [];
    const { accountId, cleverId } = fromLine(after);
    const isNew = cleverId !== undefined && (before === undefined || fromLine(before).cleverId === undefined);
    return isNew ? [{ accountId, cleverId }] : [];
  });
  return findLinkedToOthers(given);
}

/** The change of an account that is new or differs. */
function countArrival(count: Count, before: string | undefined, after: string): 'put' | 'pass_on' {
  if (before === undefined) {
    count.new += 1;
    return 'put';
  }
  count.changed += 1;
  const [former, account] = [fromLine(before), fromLine(after)];
  if (former.email !== account.email) count[account.email === undefined ? 'address_lost' : 'address_changed'] += 1;
  return isPassedOn(former, account) ? 'pass_on' : 'put';
}

/** Whether a row of the account is of another person than `former`: by their Clever ids if both have one. */
function isPassedOn(former: FeedAccount, account: FeedAccount): boolean {
  const areKnown = former.cleverId !== undefined && account.cleverId !== undefined;
  return areKnown ? former.cleverId !== account.cleverId : isAnotherPerson(former, account);
}

function compareLeavers(changes: Record<Kind, Count>, pairs: readonly Pair[], elsewhere: Elsewhere): Difference[] {
  return pairs.flatMap(({ id, before, after }): Difference[] => {
    if (before === undefined || after !== undefined) return [];
    const others = elsewhere.get(id);
    if (others === undefined) changes[kindOf(recordOf(before))].removed += 1;
    const op = others === undefined ? 'remove' : leftTo(before, others);
    const falls = others !== undefined && isFall(before, undefined, others);
    return [{ type: 'account', id: fromLineId(id), op, ...(falls ? { losesRights: true } : {}) }];
  });
}

/** Two methods may give one id to two people: removing one person's row ends that person's sessions. */
function leftTo(before: string, others: readonly FoundLine[]): 'put' | 'pass_on' {
  const former = fromLine(before);
  return accountsOf(others).every((account) => isPassedOn(former, account)) ? 'pass_on' : 'put';
}

/**
 * Counts each account of the district's other feeds once, in however many of them it is; those of this feed are counted
 * already.
 */
async function countOthers(compared: Compared, changes: Record<Kind, Count>): Promise<void> {
  const counted = compared.active === undefined ? [] : [compared.active.accounts];
  for (const table of compared.others) {
    for await (const lines of scanLines(compared, table)) {
      const known = new Set(
        (await findLines(compared, counted, { ids: lines.map(idOf) })).map(({ line }) => idOf(line)),
      );
      for (const line of lines) if (!known.has(idOf(line))) changes[kindOf(recordOf(line))].before += 1;
    }
    counted.push(table);
  }
}

/** The lines of both tables by id, in order, some hundred at a time. */
async function* pairLines(compared: Compared, before: string | undefined, after: string): AsyncIterable<Pair[]> {
  const former = before === undefined ? undefined : scanLines(compared, before);
  let held: readonly string[] = [];
  let isOver = former === undefined;
  /** The former lines up to the id; all remaining ones without an id. */
  async function takeFormer(lastId: string): Promise<string[]> {
    const taken: string[] = [];
    for (;;) {
      const end = endOf(held, lastId);
      taken.push(...held.slice(0, end));
      held = held.slice(end);
      if (held.length > 0 || isOver) return taken;
      const some = await former?.next();
      isOver = some === undefined || some.done === true;
      held = some?.done === false ? some.value : [];
    }
  }
  for await (const lines of scanLines(compared, after)) {
    yield pair(await takeFormer(idOf(lines.at(-1) ?? '')), lines);
  }
  if (held.length > 0) yield pair(held, []);
  if (former !== undefined && !isOver) for await (const lines of former) yield pair(lines, []);
}

/** How many of the lines, which are in the order of their ids, have an id up to this one. */
function endOf(lines: readonly string[], lastId: string): number {
  let [start, end] = [0, lines.length];
  while (start < end) {
    const middle = (start + end) >> 1;
    if (idOf(lines[middle] ?? '') > lastId) end = middle;
    else start = middle + 1;
  }
  return start;
}

/** Both in the order of their ids, as tables are. Those that are only before come last. */
function pair(before: readonly string[], after: readonly string[]): Pair[] {
  const pairs: Pair[] = [];
  const gone: Pair[] = [];
  let at = 0;
  const leave = (line: string) => gone.push({ id: idOf(line), before: line, after: undefined, isSame: false });
  for (const line of after) {
    const id = idOf(line);
    let former = before[at];
    for (; former !== undefined && idOf(former) < id; former = before[at]) {
      leave(former);
      at += 1;
    }
    if (former === undefined || idOf(former) !== id) {
      pairs.push({ id, before: undefined, after: line, isSame: false });
      continue;
    }
    pairs.push({ id, before: former, after: line, isSame: contentOf(former) === contentOf(line) });
    at += 1;
  }
  for (const line of before.slice(at)) leave(line);
  return [...pairs, ...gone];
}
