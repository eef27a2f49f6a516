// Account ids in escrow: updated by servers, exported and restored by commands.
import type { KeyObject } from 'node:crypto';
import type { CommandConfig } from '../config/config.ts';
import { type EscrowOpened, keepEscrow, openEscrow, readEscrow } from '../store/escrow.ts';
import { openStore } from '../store/open-store.ts';
import type { Store } from '../store/store.ts';
import { putAccountKey, readAccountKey } from '../store/vault.ts';
import { readOperator } from './audit.ts';
import { createServices } from './services.ts';
import { answerTimeOf, openStorage, storeKeys } from './storage.ts';

/** @returns the id of the key, if an escrow was made now */
export const keepServerEscrow = (config: CommandConfig, store: Store, to: KeyObject): Promise<string | undefined> =>
  keepEscrow(store, async () => readAccountKey(store, await storeKeys(config)), to);

/** Needs none of the store's keys. */
export async function takeEscrow(config: CommandConfig): Promise<string | undefined> {
  const store = await openStore(config.STORE_URL, answerTimeOf(config));
  try {
    return await readEscrow(store);
  } finally {
    await store.close();
  }
}

type RestoreIds =
  | { readonly kind: 'done' }
  | Extract<EscrowOpened, { readonly kind: 'refused' }>
  | { readonly kind: 'refused'; readonly code: 'has_rosters' | 'has_account_key'; readonly detail: string };

/** @param privateKey in PEM */
export async function restoreIds(config: CommandConfig, escrow: string, privateKey: string): Promise<RestoreIds> {
  const opened = await openEscrow(escrow, privateKey);
  if (opened.kind === 'refused') return opened;
  const { storage } = await openStorage(config);
  const { store, vault, clock } = storage;
  try {
    const { rosters, audit } = createServices(storage, config, { operator: readOperator() });
    for (const { id } of await rosters.districts.list()) {
      const { published } = await rosters.rosters.read(id, 0);
      if (Object.keys(published.feeds).length > 0) {
        const detail = `District ${id} has a roster here already: its accounts would be others from now on. Use a new store.`;
        return { kind: 'refused', code: 'has_rosters', detail };
      }
    }
    if (!(await putAccountKey(store, vault, opened.accountKey)))
      return { kind: 'refused', code: 'has_account_key', detail: 'This store has account ids from an escrow already.' };
    const entry = { action: 'account_ids_restored', at: clock(), by: 'command', why: 'not said' } as const;
    await audit.staffAuditLog.record(entry);
    return { kind: 'done' };
  } finally {
    await store.close();
  }
}
