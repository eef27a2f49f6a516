// One person of the active roster brought up to date, at a sign-in or by an event, without a new generation. A switch that
// happens meanwhile wins: what was written for a roster that is gone counts for nothing.
import type { Method } from '../identity/candidate.ts';
import { toFeedAccount } from './account.ts';
import { createAccountIds } from './account-ids.ts';
import type { PublishingNeeds } from './aftermath.ts';
import { partitionOf } from './district.ts';
import type { AccountRow } from './feed.ts';
import { replaceAccount } from './replace-account.ts';
import { accountTable, type Generation } from './standing.ts';
import { generationName } from './table-register.ts';

/** False if nothing is active, the account is held by another Clever id, or the roster was switched meanwhile. */
export async function refreshPerson(
  needs: PublishingNeeds,
  districtId: string,
  method: Method,
  row: AccountRow,
): Promise<boolean> {
  const { store, vault, standings } = needs;
  const { standing, unchanged } = await standings.read(districtId, 0);
  const active = standing.feeds[method]?.active;
  if (active === undefined) return false;
  const ids = await createAccountIds({ store, vault, districtId });
  const [accountId = ''] = await ids.resolve([row]);
  const account = toFeedAccount(row, accountId);
  const room = { store, vault, partition: partitionOf(vault, districtId) };
  if (!(await replaceAccount(room, accountTable(method, active.id), account))) return false;
  if (!(await store.commit([unchanged], [])) && !(await isStillActive(needs, districtId, method, active))) return false;
  await ids.remember([account]);
  await needs.changes.append(districtId, [{ type: 'account', id: accountId, op: 'put' }]);
  return true;
}

/** The roster was switched while a person was written into it. What was written to a table that is gone must go too. */
async function isStillActive(
  { store, vault, standings, register }: PublishingNeeds,
  districtId: string,
  method: Method,
  generation: Generation,
): Promise<boolean> {
  const { standing } = await standings.read(districtId, 0);
  if (!(await register.isKept(districtId, generationName(method, generation.id)))) {
    await store.drop(partitionOf(vault, districtId), accountTable(method, generation.id));
  }
  return standing.feeds[method]?.active?.id === generation.id;
}
