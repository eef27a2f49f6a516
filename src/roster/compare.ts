// What a new generation of a feed would change, against the active one: counts for the report and the guard, and each
// difference for whoever must act on it. Reads both generations in batches; memory stays flat.
import type { Kind } from '../identity/identity.ts';
import type { Store } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';
import { fromLine, fromLineId, kindOf, recordOf } from './account.ts';
import { contentOf, findLines, idOf, scanLines } from './pages.ts';
import type { Changes } from './report.ts';
import type { StagedTables } from './stage.ts';

/**
 * `put`: new or other than before. `pass_on`: the roster gives the account to another Clever id; sessions of the former
 * holder must end. `remove`: gone from the whole district, for an account; its sessions must end.
 */
export interface Difference {
  readonly type: 'account' | 'class' | 'enrollment';
  readonly id: string;
  readonly op: 'put' | 'pass_on' | 'remove';
}

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
}

type Sink = (differences: readonly Difference[]) => Promise<void>;
type Count = { -readonly [Name in keyof Changes]: number };

/** @param sink is given every difference once, in batches */
export async function compareGenerations(compared: Compared, sink: Sink): Promise<Readonly<Record<Kind, Changes>>> {
  const count = (): Count => ({ new: 0, changed: 0, unchanged: 0, removed: 0, address_changed: 0, before: 0 });
  const changes: Record<Kind, Count> = { student: count(), employee: count() };
  const { next, active } = compared;
  for await (const pairs of pairLines(compared, active?.accounts, next.accounts)) {
    await sink(await compareAccounts(compared, changes, pairs));
  }
  await countOthers(compared, changes);
  for (const [type, name] of [['class', 'classes'] as const, ['enrollment', 'enrollments'] as const]) {
    for await (const pairs of pairLines(compared, active?.[name], next[name])) {
      await sink(pairs.filter(isDifferent).map(({ id, after }) => ({ type, id, op: after ? 'put' : 'remove' })));
    }
  }
  return changes;
}

async function compareAccounts(
  compared: Compared,
  changes: Record<Kind, Count>,
  pairs: readonly Pair[],
): Promise<Difference[]> {
  for (const { before } of pairs) if (before !== undefined) changes[kindOf(recordOf(before))].before += 1;
  const arrivals = pairs.flatMap(({ id, before, after }): Difference[] => {
    if (after === undefined) return [];
    const op = countArrival(changes[kindOf(recordOf(after))], before, after);
    return op === undefined ? [] : [{ type: 'account', id: fromLineId(id), op }];
  });
  return [...arrivals, ...(await compareLeavers(compared, changes, pairs))];
}

/** What became of the account; undefined if it is as it was. */
function countArrival(count: Count, before: string | undefined, after: string): 'put' | 'pass_on' | undefined {
  if (before === undefined) {
    count.new += 1;
    return 'put';
  }
  if (contentOf(before) === contentOf(after)) {
    count.unchanged += 1;
    return undefined;
  }
  count.changed += 1;
  const [former, account] = [fromLine(before), fromLine(after)];
  if (former.email !== account.email) count.address_changed += 1;
  const isPassedOn =
    former.cleverId !== undefined && account.cleverId !== undefined && former.cleverId !== account.cleverId;
  return isPassedOn ? 'pass_on' : 'put';
}

async function compareLeavers(
  { store, vault, partition, others }: Compared,
  changes: Record<Kind, Count>,
  pairs: readonly Pair[],
): Promise<Difference[]> {
  const gone = pairs.filter(({ after }) => after === undefined);
  if (gone.length === 0) return [];
  const found = await findLines({ store, vault, partition }, others, { ids: gone.map(({ id }) => id) });
  const elsewhere = new Set(found.map(({ line }) => idOf(line)));
  return gone.map(({ id, before }) => {
    const isLeft = !elsewhere.has(id);
    if (isLeft && before !== undefined) changes[kindOf(recordOf(before))].removed += 1;
    return { type: 'account', id: fromLineId(id), op: isLeft ? 'remove' : 'put' };
  });
}

/** Counts each account of the district's other feeds once, whichever have it; those of this one are counted. */
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

interface Pair {
  readonly id: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

const isDifferent = ({ before, after }: Pair): boolean =>
  before === undefined || after === undefined || contentOf(before) !== contentOf(after);

/** The lines of both tables by id, in its order, some hundred at a time. */
async function* pairLines(compared: Compared, before: string | undefined, after: string): AsyncIterable<Pair[]> {
  const former = before === undefined ? undefined : scanLines(compared, before);
  let held: readonly string[] = [];
  let isOver = former === undefined;
  /** The former lines up to the id; all that come next without one. */
  async function takeFormer(lastId: string): Promise<string[]> {
    const taken: string[] = [];
    for (;;) {
      const end = held.findIndex((line) => idOf(line) > lastId);
      taken.push(...(end < 0 ? held : held.slice(0, end)));
      held = end < 0 ? [] : held.slice(end);
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

function pair(before: readonly string[], after: readonly string[]): Pair[] {
  const former = new Map(before.map((line) => [idOf(line), line]));
  const pairs = after.map((line) => ({ id: idOf(line), before: former.get(idOf(line)), after: line }));
  for (const line of after) former.delete(idOf(line));
  return [...pairs, ...[...former].map(([id, line]) => ({ id, before: line, after: undefined }))];
}
