// Retires the feeds of removed methods, as publishing an empty roster would: the follow-up is written before the one
// commit that removes the feed, and executed after it. The next call finishes after a crash. adopt-methods.ts decides
// which feeds these are.
import { adoptMethods } from './adopt-methods.ts';
import { compareRetired } from './compare-removal.ts';
import { finishFollowUp, openFollowUpOutbox, switchedTo } from './follow-up.ts';
import { generationsOf, type RetiredFeed, type SeenRoster } from './published-roster.ts';
import type { PublishingNeeds } from './publishing-needs.ts';
import { generationName } from './table-register.ts';

/** Resolves when the district's methods are adopted, no feed is left to retire and no follow-up is pending. */
export async function retireFeeds(needs: PublishingNeeds, districtId: string, by?: string): Promise<void> {
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
