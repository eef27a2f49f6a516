// The follow-up of a switch of generations, an outbox: ends sessions of removed accounts, appends to the change log,
// stores the accounts of Clever ids. Written before the switch and executed after it; the next publish or server
// finishes it after a crash. Every step is idempotent.

import { partitionOf } from '../district/district.ts';
import { findLines } from '../paged-table/pages.ts';
import { fromLine, toLineId } from './account.ts';
import { createAccountIds } from './account-ids.ts';
import { type Difference, endsSessions } from './compare.ts';
import {
  endOf,
  type FollowUp,
  isOvertaken,
  nextIssueTime,
  type PublishedRoster,
  type SeenRoster,
} from './published-roster.ts';
import type { PublishingNeeds } from './publishing-needs.ts';
import { freshName } from './table-register.ts';

export interface FollowUpOutbox {
  readonly table: string;
  /** Whether accounts are to be remembered by their Clever ids. */
  readonly namesCleverIds: boolean;
  write(differences: readonly Difference[]): Promise<void>;
  /** Whether any entry so far ends sessions. */
  endsSessions(): boolean;
  /** Completes the outbox; call it before the switch. */
  end(): Promise<void>;
  /** For a switch that did not happen. */
  drop(): Promise<void>;
}

/** One entry of the change log; few enough for one step. */
const differencesOfRow = 2000;
const rowBatchSize = 1;

export async function openFollowUpOutbox(
  { store, vault, register, clock }: PublishingNeeds,
  districtId: string,
  namesCleverIds = true,
): Promise<FollowUpOutbox> {
  const partition = partitionOf(vault, districtId);
  const table = `aftermath.${freshName(clock)}`;
  await register.enter(districtId, table);
  let waiting: Difference[] = [];
  let rows = 0;
  let isEnding = false;
  /** Ids and their changes; no personal data. */
  async function writeRow(differences: readonly Difference[]): Promise<void> {
    const value = Buffer.from(JSON.stringify(differences));
    await store.load(partition, table, [{ id: String(rows).padStart(9, '0'), value }]);
    rows += 1;
  }
  return {
    table,
    namesCleverIds,
    async write(differences) {
      waiting.push(...differences);
      isEnding ||= differences.some(endsSessions);
      while (waiting.length >= differencesOfRow) {
        await writeRow(waiting.slice(0, differencesOfRow));
        waiting = waiting.slice(differencesOfRow);
      }
    },
    endsSessions: () => isEnding,
    async end() {
      if (waiting.length > 0) await writeRow(waiting);
      waiting = [];
    },
    drop: () => register.clean(districtId, table),
  };
}

/**
 * The members of a published roster that depend on the switch: the order of its endings, and the second from which
 * sessions are opened again.
 * @param accounts the account table that is active after it
 */
export function switchedTo(
  { clock }: PublishingNeeds,
  published: PublishedRoster,
  outbox: FollowUpOutbox,
  accounts: string,
): Pick<PublishedRoster, 'version' | 'issuesFrom' | 'aftermath'> {
  const version = published.version + 1;
  const pending = {
    table: outbox.table,
    version,
    accounts,
    ...(outbox.namesCleverIds ? {} : { withoutCleverIds: true }),
  };
  const { issuesFrom } = published;
  if (!outbox.endsSessions()) return { version, issuesFrom, aftermath: { ...pending, at: clock() } };
  const raised = nextIssueTime(published, clock());
  return { version, issuesFrom: raised, aftermath: { ...pending, at: endOf(raised), unconfirmed: true } };
}

/** Executes the outbox and clears it. Resolves when it is empty. */
export async function finishFollowUp(needs: PublishingNeeds, districtId: string): Promise<void> {
  const { store, vault, rosters, register } = needs;
  const { published, unchanged } = await confirmEnding(needs, districtId);
  if (published.aftermath === undefined) return;
  const partition = partitionOf(vault, districtId);
  for await (const rows of store.scan(partition, published.aftermath.table, rowBatchSize)) {
    for (const { value } of rows) await followUp(needs, districtId, published.aftermath, readDifferences(value));
  }
  const { aftermath: done, ...rest } = published;
  const writes = [rosters.write(districtId, rest), register.giveUp(districtId, done.table)];
  if (!(await store.commit([unchanged], writes))) await finishFollowUp(needs, districtId);
}

/**
 * A sign-in may have been written just before the switch, in a second that began after the switch was prepared. The
 * ending is then moved after that second, once, so that a repeated follow-up does not end sessions opened from here on.
 */
async function confirmEnding(needs: PublishingNeeds, districtId: string, spareSeconds = 0): Promise<SeenRoster> {
  const { store, rosters, clock } = needs;
  const seen = await rosters.read(districtId, 0);
  const { aftermath: pending, issuesFrom = 0 } = seen.published;
  if (pending?.unconfirmed !== true) return seen;
  const next = isOvertaken(issuesFrom, clock())
    ? putBehind(seen.published, pending, nextIssueTime(seen.published, clock(), spareSeconds))
    : { ...seen.published, aftermath: { ...pending, unconfirmed: false } };
  await store.commit([seen.unchanged], [rosters.write(districtId, next)]);
  return confirmEnding(needs, districtId, spareSeconds + 1);
}

function putBehind(published: PublishedRoster, pending: FollowUp, issuesFrom: number): PublishedRoster {
  const version = published.version + 1;
  return { ...published, version, issuesFrom, aftermath: { ...pending, version, at: endOf(issuesFrom) } };
}

async function followUp(
  needs: PublishingNeeds,
  districtId: string,
  { version, at, accounts, withoutCleverIds = false }: FollowUp,
  differences: readonly Difference[],
): Promise<void> {
  const people = differences.filter(({ type }) => type === 'account');
  const idsOf = (wanted: Difference['op']) => people.filter(({ op }) => op === wanted).map(({ id }) => id);
  const ended = differences.filter(endsSessions).map(({ id }) => id);
  await needs.endSessions(districtId, ended, version, at);
  if (!withoutCleverIds) await rememberAccounts(needs, districtId, accounts, [...idsOf('put'), ...idsOf('pass_on')]);
  await needs.changes.append(districtId, differences);
}

async function rememberAccounts(
  { store, vault }: PublishingNeeds,
  districtId: string,
  table: string,
  accountIds: readonly string[],
): Promise<void> {
  if (accountIds.length === 0) return;
  const partition = partitionOf(vault, districtId);
  const ids = accountIds.flatMap((id) => toLineId(id) ?? []);
  const accounts = (await findLines({ store, vault, partition }, [table], { ids })).map(({ line }) => fromLine(line));
  await (await createAccountIds({ store, vault, districtId })).remember(accounts);
}

const readDifferences = (value: Buffer): readonly Difference[] => JSON.parse(value.toString());
