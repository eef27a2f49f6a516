// The accounts of a generation being staged: joins the rows of a user, assigns ids, reports shared addresses.

import { partitionOf } from '../district/district.ts';
import type { AccountRow, ContestedId, Finding, PersonWithoutId, Place, Role } from '../formats/feed.ts';
import { leftOutAt } from '../formats/finding.ts';
import { foldName } from '../identity/folding.ts';
import type { Kind } from '../identity/identity.ts';
import { createIndexBuild, type IndexBuild } from '../paged-table/build-index.ts';
import { createPageBuild } from '../paged-table/build-pages.ts';
import { createIdSet } from '../paged-table/id-set.ts';
import { findLines, idOf, scanLines, type TableContext } from '../paged-table/pages.ts';
import { bytesOfHash } from '../store/keyed-hash.ts';
import {
  cleverIdKey,
  type FeedAccount,
  firstEmailKey,
  fromLine,
  kindOf,
  lookUpsOf,
  recordOf,
  recordTypes,
  roleOf,
  toFeedAccount,
  toLine,
} from './account.ts';
import type { AccountIds } from './account-ids.ts';
import { createResolveAccounts } from './adopt-accounts.ts';
import { type AccountKeys, createHashQueue, type HashBeside } from './hash-queue.ts';
import { createRowJoin } from './join-rows.ts';
import { createSharedAddresses, isUsableAddress } from './shared-addresses.ts';
import type { StageContext, StagedTables } from './staged-tables.ts';

export interface AccountStage {
  add(rows: readonly AccountRow[]): Promise<void>;
  /** Finds these users in the active generation: those missing in this feed stay. */
  keep(people: readonly PersonWithoutId[]): Promise<void>;
  /** Ignores the rows of these ids. */
  contest(ids: readonly ContestedId[]): Promise<void>;
  /** Writes the table; call it last. */
  finish(): Promise<void>;
  /** The accounts that are left out because two people have their id; after `finish`. */
  contested(): readonly string[];
  /** Whether this feed has the account; after `finish`. @param id of its line */
  has(id: string): boolean;
  /** Takes over accounts of the other kinds from the active generation. */
  keepOthers(replaced: readonly Kind[]): Promise<void>;
  /** Whether any account has to be remembered: it has a Clever id, or the account of an address. */
  hasToRemember(): boolean;
  /** Number of accounts per role; after `finish`. */
  counts(): Record<Role, number>;
}

/**
 * Rows after which a feed is hashed on a second thread. It saves time and costs processor time: to start it, to optimize its
 * code, to pass texts and hashes between the threads. A shorter feed is published within seconds without it.
 */
const rowsOfLongFeed = 50_000;

/** Findings of the last step that are sorted by their place in the file. */
const maxInOrder = 10_000;

export function createAccountStage(
  { store, vault, districtId, others, active, hashThread }: StageContext & HashBeside,
  { accounts: table, spill }: StagedTables,
  ids: AccountIds,
  report: (finding: Finding) => void,
  /** An accepted row is left out after all, and a finding about another row reports it. */
  onLeftOut: (place: Place) => void,
): AccountStage {
  // Long because of the verbs of the stage over one set of tables that are being made; each is short.
  const context = { store, vault, partition: partitionOf(vault, districtId) };
  const roles: Record<Role, number> = { student: 0, teacher: 0, staff: 0, administrator: 0 };
  /** By address; `undefined` if two have it. In memory, as hardly one user in twenty is a teacher. */
  const teachers = new Map<string, string | undefined>();
  const present = createIdSet();
  /** Lines of the active generation that stay unless this feed has the account; by id. */
  const kept = new Map<string, string>();
  let last: AccountRow | undefined;
  let hasToRemember = false;
  const late = createLateFindings(report);
  const shared = createSharedAddresses({ context, table, others, report: late.report });
  const { join, contest, contested, isContested } = createRowJoin({
    vault,
    districtId,
    report: late.report,
    onLeftOut,
  });
  const index = { build: createIndexBuild(context, spill), onShared: shared.reportWithin };
  const pages = createPageBuild(context, table, spill, join, index, isContested);
  const resolve = createResolveAccounts({ context, others, active, ids });
  let rowsSeen = 0;
  const queue = createHashQueue(hashThread, districtId, async (rows) => {
    for (const { row, accountId, keys } of rows) addAccount(toFeedAccount(row, accountId), keys);
    await pages.spillWhenFull();
  });

  async function add(given: readonly AccountRow[]): Promise<void> {
    const rows = given.filter(isNewRow);
    if (rows.length === 0) return;
    rowsSeen += rows.length;
    if (rowsSeen > rowsOfLongFeed && ids.areAllOwn) return queue.add(rows);
    const accountIds = await resolve(rows);
    const accounts = rows.flatMap((row, at) => {
      const accountId = accountIds[at];
      if (accountId === undefined) report(leftOutAt('email_shared', row.place));
      return accountId === undefined ? [] : toFeedAccount(row, accountId);
    });
    if (others.length > 0) hasToRemember ||= accounts.some(({ record }) => kindOf(record) === 'employee');
    const keys = accounts.flatMap((account) => addAccount(account));
    if (others.length > 0) await shared.reportElsewhere(accounts, keys);
    await pages.spillWhenFull();
  }

  /** A student has consecutive rows per guardian, with the same data of the student. */
  function isNewRow(row: AccountRow): boolean {
    const isSame = last !== undefined && isRepeatedBy(last, row);
    last = row;
    return !isSame;
  }

  /** Returns the keys of its address, if the district has other feeds. */
  function addAccount(account: FeedAccount, known?: AccountKeys): readonly string[] {
    const { record, email, cleverId } = account;
    if (cleverId !== undefined) hasToRemember = true;
    const teacher = record === 'staff' && email !== undefined ? teachers.get(email) : undefined;
    if (teacher !== undefined) {
      addText(toLine({ ...account, accountId: teacher }));
      return [];
    }
    if (record === 'teacher' && email !== undefined) noteTeacher(email, account.accountId);
    return addLine(account, toLine(account), known);
  }

  function addLine(account: FeedAccount, line: string, known = hashKeys(account)): readonly string[] {
    addText(line);
    indexAccount(index.build, account, idOf(line), known);
    return others.length === 0 ? [] : addressKeysOf(known);
  }

  function hashKeys(account: FeedAccount): AccountKeys {
    const { sisId, furtherIds = [] } = account;
    // It is found by its own id without a key: directory.ts.
    const isUnderOwnId = furtherIds.length === 0 || ids.isOwn(account);
    const { all, ofAddress } = lookUpsOf(account, isUnderOwnId ? furtherIds : [sisId, ...furtherIds]);
    const keys = all.map(({ purpose, parts }) => vault.blind(purpose, ...parts));
    return { bytes: Buffer.from(keys.join(''), 'hex'), start: 0, count: keys.length, ofAddress };
  }

  function addText(line: string): void {
    pages.add(line);
    present.add(idOf(line));
  }

  function noteTeacher(email: string, accountId: string): void {
    const isShared = teachers.has(email) && teachers.get(email) !== accountId;
    teachers.set(email, isShared ? undefined : accountId);
  }

  return {
    add,
    async keep(people) {
      if (active === undefined || people.length === 0) return;
      for (const [id, line] of await findKept(context, active, people)) kept.set(id, line);
    },
    async contest(rows) {
      for (const record of recordTypes) {
        const sisIds = rows.filter((row) => row.record === record).map(({ sisId }) => sisId);
        for (const accountId of await ids.resolveRecords(record, sisIds)) contest(accountId);
      }
    },
    async keepOthers(replaced) {
      if (active === undefined) return;
      await queue.drain();
      for await (const lines of scanLines(context, active)) {
        for (const line of lines) if (!replaced.includes(kindOf(recordOf(line)))) addLine(fromLine(line), line);
        await pages.spillWhenFull();
      }
    },
    async finish() {
      await queue.drain();
      teachers.clear();
      for (const [id, line] of kept) if (!present.has(id)) addLine(fromLine(line), line);
      kept.clear();
      await pages.finish((lines) => {
        for (const line of lines) roles[roleOf(line)] += 1;
      });
      late.flush();
    },
    contested,
    has: (id) => present.has(id) && !isContested(id),
    hasToRemember: () => hasToRemember,
    counts: () => roles,
  };
}

const addressKeysOf = ({ bytes, start, ofAddress }: AccountKeys): readonly string[] =>
  Array.from({ length: ofAddress }, (_, at) =>
    bytes.toString('hex', start + at * bytesOfHash, start + (at + 1) * bytesOfHash),
  );

/** Adds the account's index keys. */
function indexAccount(
  build: IndexBuild,
  { record, email }: FeedAccount,
  id: string,
  { bytes, start, count, ofAddress }: AccountKeys,
): void {
  const isUsed = email !== undefined && isUsableAddress(email);
  const idBytes = Buffer.from(id, 'hex');
  for (let at = 0; at < count; at += 1) {
    // Equal addresses have equal keys: the first key is enough.
    const isSharedReported = at === 0 && ofAddress > 0 && isUsed;
    build.add(bytes, start + at * bytesOfHash, idBytes, kindOf(record), isSharedReported);
  }
}

/** For each user their one line of the active generation, by id; none if several match. */
async function findKept(context: TableContext, active: string, people: readonly PersonWithoutId[]) {
  const kept = new Map<string, string>();
  const keys = people.flatMap(({ email, cleverId }) => [
    ...(email === undefined ? [] : [firstEmailKey(context.vault, email)]),
    ...(cleverId === undefined ? [] : [cleverIdKey(context.vault, cleverId)]),
  ]);
  const found = (await findLines(context, [active], { keys })).map(({ line }) => ({ line, account: fromLine(line) }));
  for (const person of people) {
    const ids = new Map(found.flatMap((each) => (isOf(person, each.account) ? [[idOf(each.line), each]] : [])));
    const [only, second] = ids.values();
    if (only !== undefined && second === undefined)
      kept.set(idOf(only.line), toLine({ ...only.account, place: person.place }));
  }
  return kept;
}

/** Findings of the last step arrive by key: they are sorted by their place in the file, up to a memory limit. */
function createLateFindings(report: (finding: Finding) => void) {
  let late: Finding[] = [];
  return {
    report(finding: Finding): void {
      if (late.length < maxInOrder) late.push(finding);
      else report(finding);
    },
    flush(): void {
      for (const finding of late.sort(byPlace)) report(finding);
      late = [];
    },
  };
}

const byPlace = ({ place: one }: Finding, { place: other }: Finding): number =>
  one.file === other.file ? (one.line ?? 0) - (other.line ?? 0) : one.file < other.file ? -1 : 1;

const isRepeatedBy = (before: AccountRow, row: AccountRow): boolean =>
  before.sisId === row.sisId &&
  before.record === row.record &&
  before.givenName === row.givenName &&
  before.familyName === row.familyName &&
  before.email === row.email &&
  before.cleverId === row.cleverId &&
  before.schoolId === row.schoolId &&
  before.grade === row.grade &&
  before.role === row.role &&
  before.position === row.position &&
  before.furtherIds?.join() === row.furtherIds?.join();

const isOf = (person: PersonWithoutId, account: FeedAccount): boolean =>
  kindOf(person.record) === kindOf(account.record) &&
  ((person.cleverId !== undefined && person.cleverId === account.cleverId) ||
    (person.email !== undefined &&
      person.email === account.email &&
      foldName(person.givenName, person.familyName) === foldName(account.givenName, account.familyName)));
