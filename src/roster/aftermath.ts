// What must follow a switch of generations: sessions of those who left end, the change log tells the main product, Clever
// ids remember their accounts. Written down before the switch and done after it, so that a crash between the two is
// finished by whoever comes next. Every step may be done twice.
import type { Store } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';
import { fromLine, toLineId } from './account.ts';
import { createAccountIds } from './account-ids.ts';
import type { ChangeLog } from './change-log.ts';
import type { Difference } from './compare.ts';
import { partitionOf } from './district.ts';
import { findLines } from './pages.ts';
import type { Aftermath, Standings } from './standing.ts';
import { freshName, type TableRegister } from './table-register.ts';

/** What all of publishing works with. */
export interface PublishingNeeds {
  readonly store: Store;
  readonly vault: Vault;
  readonly standings: Standings;
  readonly changes: ChangeLog;
  readonly register: TableRegister;
  readonly clock: () => number;
  /** Ends all sessions of the accounts that were opened under an earlier serial. Idempotent. */
  readonly endSessions: (
    districtId: string,
    accountIds: readonly string[],
    serial: number,
    at: number,
  ) => Promise<void>;
}

export interface AftermathBook {
  readonly table: string;
  /** Whether accounts are to be remembered by their Clever ids. */
  readonly namesCleverIds: boolean;
  write(differences: readonly Difference[]): Promise<void>;
  /** Nothing more is to be written down; before the switch. */
  end(): Promise<void>;
  /** For a switch that did not come. */
  drop(): Promise<void>;
}

/** Enough for one entry of the change log, few enough to be finished at once. */
const differencesOfRow = 2000;
const rowsAtOnce = 1;

export async function openAftermathBook(
  { store, vault, register, clock }: PublishingNeeds,
  districtId: string,
  namesCleverIds = true,
): Promise<AftermathBook> {
  const partition = partitionOf(vault, districtId);
  const table = `aftermath.${freshName(clock)}`;
  await register.enter(districtId, table);
  let waiting: Difference[] = [];
  let rows = 0;
  /** Ids and what becomes of them; nothing of a person. */
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
      while (waiting.length >= differencesOfRow) {
        await writeRow(waiting.slice(0, differencesOfRow));
        waiting = waiting.slice(differencesOfRow);
      }
    },
    async end() {
      if (waiting.length > 0) await writeRow(waiting);
      waiting = [];
    },
    drop: () => register.clean(districtId, table),
  };
}

/** Does what is written down and crosses it out. Resolves when nothing is left to do. */
export async function finishAftermath(needs: PublishingNeeds, districtId: string): Promise<void> {
  const { store, vault, standings, register } = needs;
  const { standing, unchanged } = await standings.read(districtId, 0);
  if (standing.aftermath === undefined) return;
  const partition = partitionOf(vault, districtId);
  for await (const rows of store.scan(partition, standing.aftermath.table, rowsAtOnce)) {
    for (const { value } of rows) await settle(needs, districtId, standing.aftermath, readDifferences(value));
  }
  const { aftermath: done, ...rest } = standing;
  const writes = [standings.write(districtId, rest), register.giveUp(districtId, done.table)];
  if (!(await store.commit([unchanged], writes))) await finishAftermath(needs, districtId);
}

async function settle(
  needs: PublishingNeeds,
  districtId: string,
  { serial, at, accounts, withoutCleverIds = false }: Aftermath,
  differences: readonly Difference[],
): Promise<void> {
  const people = differences.filter(({ type }) => type === 'account');
  const idsOf = (wanted: Difference['op']) => people.filter(({ op }) => op === wanted).map(({ id }) => id);
  await needs.endSessions(districtId, [...idsOf('remove'), ...idsOf('pass_on')], serial, at);
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
