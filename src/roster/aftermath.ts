// What must follow a switch of generations: sessions of those who left end, the change log tells the main product, Clever
// ids remember their accounts. Written down before the switch and done after it, so that a crash between the two is
// finished by whoever comes next. Every step may be done twice.
import type { Store } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';
import { fromRow } from './account.ts';
import { createAccountIds } from './account-ids.ts';
import type { ChangeLog } from './change-log.ts';
import type { Difference } from './compare.ts';
import { partitionOf } from './district.ts';
import type { Aftermath, Standings } from './standing.ts';
import { freshName, type TableRegister } from './table-register.ts';

export interface AftermathNeeds {
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
  write(differences: readonly Difference[]): Promise<void>;
  /** For a switch that did not come. */
  drop(): Promise<void>;
}

const ops = { put: Buffer.from('p'), pass_on: Buffer.from('o'), remove: Buffer.from('r') } as const;

export async function openAftermathBook(
  { store, vault, register, clock }: AftermathNeeds,
  districtId: string,
): Promise<AftermathBook> {
  const partition = partitionOf(vault, districtId);
  const table = `aftermath.${freshName(clock)}`;
  await register.enter(districtId, table);
  return {
    table,
    async write(differences) {
      const rows = differences.map(({ type, id, op }) => ({ id: `${type}.${id}`, value: ops[op] }));
      if (rows.length > 0) await store.load(partition, table, rows);
    },
    drop: () => register.clean(districtId, table),
  };
}

/** Does what is written down and crosses it out. Resolves when nothing is left to do. */
export async function finishAftermath(needs: AftermathNeeds, districtId: string): Promise<void> {
  const { store, vault, standings, register } = needs;
  const { standing, unchanged } = await standings.read(districtId, 0);
  if (standing.aftermath === undefined) return;
  const partition = partitionOf(vault, districtId);
  for await (const rows of store.scan(partition, standing.aftermath.table)) {
    await settle(
      needs,
      districtId,
      standing.aftermath,
      rows.map(({ id, value }) => readDifference(id, value)),
    );
  }
  const { aftermath: done, ...rest } = standing;
  const writes = [standings.write(districtId, rest), register.giveUp(districtId, done.table)];
  if (!(await store.commit([unchanged], writes))) await finishAftermath(needs, districtId);
}

async function settle(
  needs: AftermathNeeds,
  districtId: string,
  { serial, at, accounts }: Aftermath,
  differences: readonly Difference[],
): Promise<void> {
  const people = differences.filter(({ type }) => type === 'account');
  const idsOf = (wanted: Difference['op']) => people.filter(({ op }) => op === wanted).map(({ id }) => id);
  await needs.endSessions(districtId, [...idsOf('remove'), ...idsOf('pass_on')], serial, at);
  await rememberAccounts(needs, districtId, accounts, [...idsOf('put'), ...idsOf('pass_on')]);
  await needs.changes.append(districtId, differences);
}

async function rememberAccounts(
  { store, vault }: AftermathNeeds,
  districtId: string,
  table: string,
  accountIds: readonly string[],
): Promise<void> {
  if (accountIds.length === 0) return;
  const partition = partitionOf(vault, districtId);
  const values = await store.get(accountIds.map((id) => ({ partition, table, id })));
  const accounts = accountIds.flatMap((id, index) => {
    const value = values[index];
    return value === undefined ? [] : [fromRow(vault, partition, table, { id, value })];
  });
  await (await createAccountIds({ store, vault, districtId })).remember(accounts);
}

function readDifference(id: string, value: Buffer): Difference {
  const dot = id.indexOf('.');
  const type = id.slice(0, dot);
  return {
    type: type === 'class' || type === 'enrollment' ? type : 'account',
    id: id.slice(dot + 1),
    op: value.equals(ops.remove) ? 'remove' : value.equals(ops.pass_on) ? 'pass_on' : 'put',
  };
}
