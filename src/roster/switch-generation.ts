// The atomic step that changes the generations of a feed: a new one is held, one is made active, or the feed of a removed
// method is retired. Owns what is
// committed together and the follow-up; callers choose the generation and check whether it may be switched.
import type { Method } from '../identity/candidate.ts';
import type { Condition, Write } from '../store/store.ts';
import { adoptMethods } from './adopt-methods.ts';
import { compareRetired } from './compare-removal.ts';
import { type FollowUpOutbox, finishFollowUp, openFollowUpOutbox, switchedTo } from './follow-up.ts';
import {
  accountTable,
  type FeedState,
  type Generation,
  generationsOf,
  type PublishedRoster,
  type RetiredFeed,
  type SeenRoster,
} from './published-roster.ts';
import type { PublishingNeeds } from './publishing-needs.ts';
import { generationName } from './table-register.ts';

/** A caller's writes for the commit of the step, in the district's partition. */
export interface Alongside {
  readonly conditions: readonly Condition[];
  readonly writes: readonly Write[];
}

interface FeedStep {
  readonly districtId: string;
  readonly method: Method;
  /** As it was when the generation was compared with the active one. */
  readonly seen: SeenRoster;
  /** What the comparison found. */
  readonly outbox: FollowUpOutbox;
  readonly also: Alongside;
}

/** Makes `next.active` active. False, with nothing changed, if the roster has changed since it was read. */
export async function switchGeneration(
  needs: PublishingNeeds,
  step: FeedStep,
  next: FeedState & { readonly active: Generation },
): Promise<boolean> {
  const { districtId, method, seen, outbox } = step;
  const switched = switchedTo(needs, seen.published, outbox, accountTable(method, next.active.id));
  const newlyUsed = [generationName(method, next.active.id), outbox.table];
  // A pending follow-up must not be lost: finish it first, then compare again.
  const done = seen.published.aftermath === undefined && (await commitStep(needs, step, next, newlyUsed, switched));
  if (!done) await outbox.drop();
  await finishSwitch(needs, districtId);
  return done;
}

/** Holds the generation for approval. False, with nothing changed, if the roster has changed since it was read. */
export async function holdGeneration(needs: PublishingNeeds, step: FeedStep, generation: Generation): Promise<boolean> {
  const { districtId, method, seen, outbox } = step;
  await outbox.drop();
  const feed = seen.published.feeds[method] ?? {};
  const next = { ...feed, held: { generation, base: feed.active?.id } };
  const done = await commitStep(needs, step, next, [generationName(method, generation.id)]);
  if (done) await needs.register.clean(districtId);
  return done;
}

/**
 * Finishes what a crash interrupted after a switch, retires the feeds of removed methods, and drops unused tables.
 * @param by who removed a method that is not retired yet, as in the audit log
 */
export async function finishSwitch(needs: PublishingNeeds, districtId: string, by?: string): Promise<void> {
  await retireFeeds(needs, districtId, by);
  await needs.register.clean(districtId);
}

async function commitStep(
  { store, rosters, register }: PublishingNeeds,
  { districtId, method, seen: { published, unchanged }, also }: FeedStep,
  next: FeedState,
  newlyUsed: readonly string[],
  switched: Partial<PublishedRoster> = {},
): Promise<boolean> {
  const conditions = newlyUsed.map((name) => register.kept(districtId, name));
  const following = { ...published, feeds: { ...published.feeds, [method]: next }, ...switched };
  const left = leftBehind(published.feeds[method] ?? {}, next);
  return store.commit(
    [unchanged, ...conditions, ...also.conditions],
    [
      rosters.write(districtId, following),
      ...left.map(({ id }) => register.giveUp(districtId, generationName(method, id))),
      ...also.writes,
    ],
  );
}

/** The generations that the feed no longer uses. */
function leftBehind(feed: FeedState, next: FeedState): Generation[] {
  const used = generationsOf(next).map(({ id }) => id);
  return generationsOf(feed).filter(({ id }) => !used.includes(id));
}

/**
 * Retires the feeds of removed methods, as publishing an empty roster would: the follow-up is written before the one
 * commit that removes the feed, and executed after it. The next call finishes after a crash. adopt-methods.ts decides
 * which feeds these are. Resolves when the district's methods are adopted, no feed is left to retire and no follow-up is
 * pending.
 */
async function retireFeeds(needs: PublishingNeeds, districtId: string, by?: string): Promise<void> {
  for (;;) {
    await finishFollowUp(needs, districtId);
    const seen = await adoptMethods(needs, districtId, by);
    const [next] = seen.published.retired ?? [];
    if (next === undefined) return;
    await retireFeed(needs, seen, next);
  }
}

/** Changes nothing if the published roster has changed since it was read. */
async function retireFeed(
  needs: PublishingNeeds,
  roster: SeenRoster,
  { method, feed, by }: RetiredFeed,
): Promise<void> {
  const { store, rosters, register } = needs;
  const { districtId, published, unchanged } = roster;
  if (published.aftermath !== undefined) return;
  const outbox = await openFollowUpOutbox(needs, districtId, false);
  const changes = await compareRetired(needs, roster, outbox.write);
  await outbox.end();
  const { retired = [], ...rest } = published;
  const later = retired.slice(1);
  // No account table becomes active, so there are no Clever ids to remember.
  const switched = switchedTo(needs, published, outbox, '');
  const next = { ...rest, ...(later.length > 0 ? { retired: later } : {}), ...switched };
  const done = await store.commit(
    [unchanged, register.kept(districtId, outbox.table)],
    [
      rosters.write(districtId, next),
      ...generationsOf(feed).map(({ id }) => register.giveUp(districtId, generationName(method, id))),
      needs.recordRetired(districtId, { by, method, generation: feed.active?.id ?? null, changes }),
    ],
  );
  if (!done) await outbox.drop();
}
