// The one atomic step that changes which generations a feed has: a new one is held, or one is made active. Owns what is
// committed together and what follows; which generation it is, and whether it may be, is decided before.
import type { Method } from '../identity/candidate.ts';
import type { Condition, Write } from '../store/store.ts';
import { type AftermathBook, finishAftermath, type PublishingNeeds } from './aftermath.ts';
import {
  accountTable,
  type FeedStanding,
  type Generation,
  generationsOf,
  type SeenStanding,
  type Standing,
} from './standing.ts';
import { generationName } from './table-register.ts';

/** What somebody else wants written in the very commit of the step, in the district's partition. */
export interface Alongside {
  readonly conditions: readonly Condition[];
  readonly writes: readonly Write[];
}

export interface FeedStep {
  readonly districtId: string;
  readonly method: Method;
  /** As it was when the generation was compared with the active one. */
  readonly seen: SeenStanding;
  /** What the comparison found. */
  readonly book: AftermathBook;
  readonly also: Alongside;
}

/** `next.active` is active from here on. False, with nothing changed, if the roster is not any more as it was seen. */
export async function switchGeneration(
  needs: PublishingNeeds,
  step: FeedStep,
  next: FeedStanding & { readonly active: Generation },
): Promise<boolean> {
  const { districtId, method, seen, book } = step;
  const serial = seen.standing.serial + 1;
  const aftermath = {
    ...{ table: book.table, serial, at: needs.clock(), accounts: accountTable(method, next.active.id) },
    ...(book.namesCleverIds ? {} : { withoutCleverIds: true }),
  };
  const newlyUsed = [generationName(method, next.active.id), book.table];
  // An aftermath still to be finished must not be lost: finish it first, then look again.
  const done =
    seen.standing.aftermath === undefined && (await commitStep(needs, step, next, newlyUsed, { serial, aftermath }));
  if (!done) await book.drop();
  await finishSwitch(needs, districtId);
  return done;
}

/** The generation waits for somebody's word. False, with nothing changed, if the roster is not any more as it was seen. */
export async function holdGeneration(needs: PublishingNeeds, step: FeedStep, generation: Generation): Promise<boolean> {
  const { districtId, method, seen, book } = step;
  await book.drop();
  const feed = seen.standing.feeds[method] ?? {};
  const next = { ...feed, held: { generation, base: feed.active?.id } };
  const done = await commitStep(needs, step, next, [generationName(method, generation.id)]);
  if (done) await needs.register.clean(districtId);
  return done;
}

/** Does what a crash left undone after a switch, and drops what nobody uses any more. */
export async function finishSwitch(needs: PublishingNeeds, districtId: string): Promise<void> {
  await finishAftermath(needs, districtId);
  await needs.register.clean(districtId);
}

async function commitStep(
  { store, standings, register }: PublishingNeeds,
  { districtId, method, seen: { standing, unchanged }, also }: FeedStep,
  next: FeedStanding,
  newlyUsed: readonly string[],
  switched: Partial<Standing> = {},
): Promise<boolean> {
  const conditions = newlyUsed.map((name) => register.kept(districtId, name));
  const following = { ...standing, feeds: { ...standing.feeds, [method]: next }, ...switched };
  const left = leftBehind(standing.feeds[method] ?? {}, next);
  return store.commit(
    [unchanged, ...conditions, ...also.conditions],
    [
      standings.write(districtId, following),
      ...left.map(({ id }) => register.giveUp(districtId, generationName(method, id))),
      ...also.writes,
    ],
  );
}

/** The generations that the feed does not use any more. */
function leftBehind(feed: FeedStanding, next: FeedStanding): Generation[] {
  const used = generationsOf(next).map(({ id }) => id);
  return generationsOf(feed).filter(({ id }) => !used.includes(id));
}
