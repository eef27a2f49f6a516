// Reads a feed into the tables of a new generation, batch by batch, and collects findings. Activates nothing.

import { partitionOf } from '../district/district.ts';
import type { BatchedFeed, Feed, FeedItem, Finding, FormatItem, NotKept, Progress, Role } from '../formats/feed.ts';
import { errorAt } from '../formats/finding.ts';
import type { HashThread } from '../store/hash-thread.ts';
import { createAccountIds } from './account-ids.ts';
import { findUnfilled } from './find-unfilled.ts';
import { type HashBeside, hashedBeside } from './hash-queue.ts';
import { collectFindings, type Findings } from './report.ts';
import { createAccountStage } from './stage-accounts.ts';
import { createMembershipStage } from './stage-membership.ts';
import { keepContested, type StageContext, type StagedTables } from './staged-tables.ts';
import { createUsableCount } from './usable-count.ts';

export interface Staged {
  readonly accounts: Record<Role, number>;
  readonly schools: number;
  readonly classes: number;
  readonly classes_without_students: number;
  readonly enrollments: number;
  readonly students_enrolled: number;
  /** Whether any account has to be remembered: account-ids.ts. */
  readonly hasToRemember: boolean;
  readonly findings: Findings;
  /** Undefined if no files were read. */
  readonly notKept: Omit<NotKept, 'kind'> | undefined;
  readonly read: Pick<FormatItem, 'format' | 'option' | 'replaces'> | undefined;
  /** In lower case. */
  readonly files: readonly string[];
}

/** Small batches become garbage before the collector promotes them to the old generation. */
const batchSize = 500;

/** Memory stays bounded for a feed of any length. @param onProgress called with the progress of reading */
export async function stageFeed(
  context: StageContext,
  tables: StagedTables,
  feed: Feed | BatchedFeed,
  onProgress: (progress: Progress) => void = () => undefined,
): Promise<Staged> {
  let thread: HashThread | undefined;
  const hashThread = () => {
    thread ??= context.vault.blindBeside(hashedBeside);
    return thread;
  };
  try {
    return await stageItems({ ...context, hashThread }, tables, feed, onProgress);
  } finally {
    await thread?.end();
  }
}

async function stageItems(
  context: StageContext & HashBeside,
  tables: StagedTables,
  feed: Feed | BatchedFeed,
  onProgress: (progress: Progress) => void,
): Promise<Staged> {
  // Long because it is one sequence from the first row to the last, over counts that each step updates.
  const findings = collectFindings();
  const ids = await createAccountIds(context);
  const usable = createUsableCount();
  const report = (finding: Finding) => {
    findings.add(finding);
    if (finding.code === 'id_of_two_clever_users') usable.contest(finding.place);
    else if (finding.rowLeftOut) usable.leaveOut(finding.place);
  };
  const accounts = createAccountStage(context, tables, ids, report, usable.leaveOut);
  /** Without usable accounts, enrollments are not checked. */
  let isUsable = true;
  const arePeopleKnown = () => isUsable && findings.result().errors === 0;
  const membership = createMembershipStage(context, tables, accounts, ids, (finding) => {
    if (arePeopleKnown()) report(finding);
  });
  const files = createFileNames();
  const partition = partitionOf(context.vault, context.districtId);
  let hasAccounts = false;
  let read: Staged['read'];
  /** Classes and enrollments name users: all of them are staged by then. */
  const finishAccounts = async () => {
    if (!hasAccounts && read?.replaces !== undefined) await accounts.keepOthers(read.replaces);
    if (!hasAccounts) {
      await accounts.finish();
      isUsable = usable.unusable().length === 0;
    }
    hasAccounts = true;
  };
  let schools = 0;
  let notKept: Staged['notKept'];
  for await (const batch of batches(feed)) {
    const [people, classes, enrollments] = [only(batch, 'account'), only(batch, 'class'), only(batch, 'enrollment')];
    if (hasAccounts && people.length > 0) throw new TypeError('a feed has accounts after classes');
    if (classes.length + enrollments.length > 0) await finishAccounts();
    const reported = only(batch, 'finding').filter(({ code }) => arePeopleKnown() || !followOns.has(code));
    for (const item of batch) {
      files.see(item);
      if (item.kind !== 'finding') usable.see(item);
    }
    for (const finding of reported) usable.see(finding);
    await accounts.add(people);
    await accounts.keep(only(batch, 'person_without_id'));
    const contested = only(batch, 'contested_id');
    await accounts.contest(contested);
    for (const { place } of contested) usable.leaveOut(place);
    await membership.addClasses(classes);
    await membership.addEnrollments(enrollments);
    schools += only(batch, 'school').length;
    for (const { unknown, ...finding } of reported) {
      if (unknown !== undefined) membership.noteUnknown(finding.place, unknown.named, unknown.id);
      findings.add(finding);
    }
    for (const { inactive, guardians } of only(batch, 'not_kept')) notKept = { inactive, guardians };
    for (const format of only(batch, 'format')) read = readOf(format);
    for (const progress of only(batch, 'progress')) onProgress(progress);
  }
  await finishAccounts();
  const unusable = usable.unusable();
  for (const place of unusable) findings.add(errorAt('too_many_unusable', place));
  for (const cause of await membership.explain(unusable)) findings.add(cause);
  const counts = await membership.finish();
  await context.store.drop(partition, tables.spill);
  const [people, hasToRemember] = [accounts.counts(), accounts.hasToRemember()];
  if (findings.result().errors === 0) {
    const notFilledIn = findings.result().list.find(({ code }) => code === 'sheet_not_filled_in');
    const place = notFilledIn?.place ?? { file: files.names()[0] ?? 'roster' };
    for (const finding of await findUnfilled(context, read, { accounts: people, ...counts }, place))
      findings.add(finding);
    await keepContested({ ...context, partition }, tables.contested, accounts.contested());
  }
  const found = findings.result();
  return { accounts: people, schools, ...counts, hasToRemember, findings: found, read, notKept, files: files.names() };
}

/** The files that were read, including those without a row. An upload has a few; a district chooses their names. */
function createFileNames() {
  const names = new Set<string>();
  return {
    see(item: FeedItem) {
      const file = item.kind === 'progress' ? item.file : undefined;
      if (file !== undefined && names.size < 30) names.add(file.toLowerCase());
    },
    names: (): readonly string[] => [...names],
  };
}

/** Findings that only follow from unusable user or school files. */
const followOns: ReadonlySet<Finding['code']> = new Set([
  'unknown_person',
  'unknown_class',
  'unknown_school',
  'unknown_course',
]);

/**
 * A batch never spans two files, so that all teachers are staged before the first staff row, and users before classes.
 */
async function* batches(feed: Feed | BatchedFeed): AsyncIterable<readonly FeedItem[]> {
  let batch: FeedItem[] = [];
  for await (const given of feed) {
    const items = 'kind' in given ? [given] : given;
    const [before, first] = [batch[0], items[0]];
    if (
      before !== undefined &&
      first !== undefined &&
      (batch.length >= batchSize || fileOf(before) !== fileOf(first))
    ) {
      yield batch;
      batch = [];
    }
    for (const item of items) batch.push(item);
  }
  if (batch.length > 0) yield batch;
}

const readOf = ({ format, option, replaces }: FormatItem): NonNullable<Staged['read']> => ({
  format,
  option,
  ...(replaces === undefined ? {} : { replaces }),
});

const fileOf = (item: FeedItem): string =>
  item.kind === 'format' || item.kind === 'not_kept'
    ? ''
    : item.kind === 'progress'
      ? item.file
      : `${item.place.file}\n${item.place.sheet ?? ''}`;

const only = <Kind extends FeedItem['kind']>(batch: readonly FeedItem[], kind: Kind) =>
  batch.filter((item): item is Extract<FeedItem, { kind: Kind }> => item.kind === kind);
