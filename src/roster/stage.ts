// Reads a feed into the tables of a new generation, batch by batch, and says what it found. Activates nothing.
import type { Store } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';
import { createAccountIds } from './account-ids.ts';
import { partitionOf } from './district.ts';
import type { BatchedFeed, Feed, FeedItem, Progress, Role } from './feed.ts';
import { collectFindings, type Findings } from './report.ts';
import { createAccountStage } from './stage-accounts.ts';
import { createMembershipStage } from './stage-membership.ts';
import { createUsableCount } from './usable-count.ts';

export interface StagedTables {
  readonly accounts: string;
  readonly classes: string;
  readonly enrollments: string;
  /** What does not fit in memory while the others are made. */
  readonly spill: string;
}

export interface Staged {
  readonly accounts: Record<Role, number>;
  readonly schools: number;
  readonly classes: number;
  readonly enrollments: number;
  readonly students_enrolled: number;
  /** Whether any account has a Clever id. */
  readonly namesCleverIds: boolean;
  readonly findings: Findings;
}

export interface Room {
  readonly store: Store;
  readonly vault: Vault;
  readonly districtId: string;
  /** The active account tables of the district's other feeds. */
  readonly others: readonly string[];
}

/** Few enough that they are done with before collecting garbage takes them for something that lasts. */
const batchSize = 500;

/** Memory stays flat however long the feed is. @param onProgress how far reading is */
export async function stageFeed(
  room: Room,
  tables: StagedTables,
  feed: Feed | BatchedFeed,
  onProgress: (progress: Progress) => void = () => undefined,
): Promise<Staged> {
  const findings = collectFindings();
  const ids = await createAccountIds(room);
  const accounts = createAccountStage(room, tables, ids, findings.add);
  const membership = createMembershipStage(room, tables, accounts, ids, findings.add);
  const partition = partitionOf(room.vault, room.districtId);
  let isPeopled = false;
  /** Classes and enrollments name people: all of them are there by then. */
  const finishPeople = async () => {
    if (!isPeopled) await accounts.finish();
    isPeopled = true;
  };
  const usable = createUsableCount(findings.add);
  let schools = 0;
  for await (const batch of batches(feed)) {
    for (const item of batch) usable.see(item);
    const [people, classes, enrollments] = [only(batch, 'account'), only(batch, 'class'), only(batch, 'enrollment')];
    if (isPeopled && people.length > 0) throw new TypeError('a feed tells of people after classes');
    await accounts.add(people);
    if (classes.length + enrollments.length > 0) await finishPeople();
    await membership.addClasses(classes);
    await membership.addEnrollments(enrollments);
    schools += only(batch, 'school').length;
    for (const finding of only(batch, 'finding')) findings.add(finding);
    for (const progress of only(batch, 'progress')) onProgress(progress);
  }
  usable.end();
  await finishPeople();
  const counts = await membership.finish();
  await room.store.drop(partition, tables.spill);
  const [people, namesCleverIds] = [accounts.counts(), accounts.namesCleverIds()];
  return { accounts: people, schools, ...counts, namesCleverIds, findings: findings.result() };
}

/** A batch never spans two files, so that teachers are all there before the first staff row and people before classes. */
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

const fileOf = (item: FeedItem): string =>
  item.kind === 'progress' ? item.file : `${item.place.file}\n${item.place.sheet ?? ''}`;

const only = <Kind extends FeedItem['kind']>(batch: readonly FeedItem[], kind: Kind) =>
  batch.filter((item): item is Extract<FeedItem, { kind: Kind }> => item.kind === kind);
