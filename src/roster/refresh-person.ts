// Updates one user of the active roster, at a sign-in or by an event, without a new generation. A switch that happens
// meanwhile wins: writes to a former generation have no effect.

import { partitionOf } from '../district/district.ts';
import type { AccountRow } from '../formats/feed.ts';
import type { Method } from '../identity/candidate.ts';
import { findLines, type TableContext } from '../paged-table/pages.ts';
import { type FeedAccount, toFeedAccount, toLineId } from './account.ts';
import { createAccountIds } from './account-ids.ts';
import type { Difference } from './compare.ts';
import { type FollowUpOutbox, openFollowUpOutbox, switchedTo } from './follow-up.ts';
import { accountTable, type Generation, otherAccountTables, type SeenRoster, tablesOf } from './published-roster.ts';
import type { PublishingNeeds } from './publishing-needs.ts';
import { replaceAccount } from './replace-account.ts';
import { canTakeRights, losesRights } from './rights.ts';
import { type FindLinkedToOthers, isContested } from './staged-tables.ts';
import { type Alongside, finishSwitch } from './switch-generation.ts';
import { generationName } from './table-register.ts';
import { accountsOf, becomesTwoPeople } from './two-people.ts';

/**
 * False if nothing is active, the account is held by another Clever id, the active roster gives its id to two people,
 * or the roster was switched meanwhile.
 */
export async function refreshPerson(
  needs: PublishingNeeds,
  districtId: string,
  method: Method,
  row: AccountRow,
): Promise<boolean> {
  const { store, vault, rosters } = needs;
  const roster = await rosters.read(districtId, 0);
  const { published, unchanged } = roster;
  const active = published.feeds[method]?.active;
  if (active === undefined) return false;
  const others = otherAccountTables(published, method);
  const findLinkedToOthers: FindLinkedToOthers = (given) => needs.links.findLinkedToOthers(roster, given);
  const ids = await createAccountIds({ store, vault, districtId, others, findLinkedToOthers });
  const [accountId = ''] = await ids.resolve([row]);
  const account = toFeedAccount(row, accountId);
  const context = { store, vault, partition: partitionOf(vault, districtId) };
  const { contested } = tablesOf(method, active.id);
  if (await isContested(context, contested, accountId)) return false;
  const loss = createLoss(needs, districtId, method, active, account, others.length > 0);
  if (!(await replaceAccount(context, accountTable(method, active.id), account, loss.alongside))) {
    await loss.drop();
    return false;
  }
  if (loss.isDue()) {
    await finishSwitch(needs, districtId);
    return true;
  }
  if (!(await store.commit([unchanged], [])) && !(await isStillActive(needs, districtId, method, active))) return false;
  await ids.remember([account]);
  await needs.changes.append(districtId, [{ type: 'account', id: accountId, op: 'put' }]);
  return true;
}

/**
 * The follow-up if the user loses rights, or another feed names another person: written in the commit that changes the
 * account, as in a switch of generations, so that no crash leaves a session with the former rights.
 */
function createLoss(
  needs: PublishingNeeds,
  districtId: string,
  method: Method,
  active: Generation,
  account: FeedAccount,
  /** Whether the district has other feeds. */
  areOthers: boolean,
) {
  const { store, vault, rosters, register } = needs;
  const context = { store, vault, partition: partitionOf(vault, districtId) };
  let outbox: FollowUpOutbox | undefined;

  /** The pending follow-up of an earlier switch must not be lost. */
  async function readSettled(): Promise<SeenRoster> {
    await finishSwitch(needs, districtId);
    const seen = await rosters.read(districtId, 0);
    return seen.published.aftermath === undefined ? seen : readSettled();
  }

  async function drop(): Promise<void> {
    await outbox?.drop();
    outbox = undefined;
  }

  return {
    drop,
    /** After the account was replaced. */
    isDue: () => outbox !== undefined,
    async alongside(former: FeedAccount | undefined): Promise<Alongside | undefined> {
      await drop();
      if (!canEndSessions(former, account, areOthers)) return { conditions: [], writes: [] };
      const seen = await readSettled();
      if (seen.published.feeds[method]?.active?.id !== active.id) return undefined;
      // Conditional on the published roster even if another feed keeps the rights: that feed must still be the active
      // one.
      const loss = await findLoss(context, otherAccountTables(seen.published, method), former, account);
      if (loss === undefined) return { conditions: [seen.unchanged], writes: [] };
      outbox = await openFollowUpOutbox(needs, districtId);
      await outbox.write([loss]);
      await outbox.end();
      const next = { ...seen.published, ...switchedTo(needs, seen.published, outbox, accountTable(method, active.id)) };
      return {
        conditions: [seen.unchanged, register.kept(districtId, outbox.table)],
        writes: [rosters.write(districtId, next)],
      };
    },
  };
}

/** Whatever the other feeds have for the account. */
function canEndSessions(former: FeedAccount | undefined, account: FeedAccount, areOthers: boolean): boolean {
  if (former === undefined) return areOthers;
  return canTakeRights(former, account) || (areOthers && isAnotherRow(former, account));
}

/**
 * The difference that ends the account's sessions; undefined if they continue.
 * @param others the account tables of the district's other feeds
 */
async function findLoss(
  context: TableContext,
  others: readonly string[],
  former: FeedAccount | undefined,
  account: FeedAccount,
): Promise<Difference | undefined> {
  const ids = [toLineId(account.accountId)].filter((id) => id !== undefined);
  const elsewhere = accountsOf(await findLines(context, others, { ids }));
  const before = former === undefined ? elsewhere : [former, ...elsewhere];
  const put = { type: 'account', id: account.accountId } as const;
  if (becomesTwoPeople(former, account, elsewhere)) return { ...put, op: 'pass_on' };
  return losesRights(before, [account, ...elsewhere]) ? { ...put, op: 'put', losesRights: true } : undefined;
}

const isAnotherRow = (one: FeedAccount, other: FeedAccount): boolean =>
  one.email !== other.email || one.givenName !== other.givenName || one.familyName !== other.familyName;

/** The roster was switched while a user was written into it. Data written to a dropped table must be removed too. */
async function isStillActive(
  { store, vault, rosters, register }: PublishingNeeds,
  districtId: string,
  method: Method,
  generation: Generation,
): Promise<boolean> {
  const { published } = await rosters.read(districtId, 0);
  if (!(await register.isKept(districtId, generationName(method, generation.id)))) {
    await store.drop(partitionOf(vault, districtId), accountTable(method, generation.id));
  }
  return published.feeds[method]?.active?.id === generation.id;
}
