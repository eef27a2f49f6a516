// Records the settings with which a server starts in the staff audit log, if they differ from those of the last start.
import * as z from 'zod';
import type { Operator, StaffAuditLog } from '../audit/audit-log.ts';
import { sealed } from '../store/sealed.ts';
import type { Address, Store } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';

interface RecordSettingsNeeds {
  readonly store: Store;
  readonly vault: Vault;
  readonly staffAuditLog: Pick<StaffAuditLog, 'record'>;
  /** The owner of the server process. */
  readonly operator: Operator;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

/** The version, and each setting that is set; no secrets. */
type StartedWith = Readonly<Record<string, string>>;

const at: Address = { partition: 'keys', id: 'settings' };

/** Restarts with the same settings, also on other machines, add no entry. */
export async function recordSettings(
  { store, vault, staffAuditLog, operator, clock }: RecordSettingsNeeds,
  startedWith: StartedWith,
): Promise<void> {
  const settings = sealed(store, vault, z.record(z.string(), z.string()));
  const former = await settings.read(at);
  const changed = changedNames(former ?? {}, startedWith);
  if (former !== undefined && changed.length === 0) return;
  const why = former === undefined ? 'first start' : `changed: ${changed.join(', ')}`;
  const entry = { action: 'settings_changed', at: clock(), by: 'bridge', why } as const;
  await staffAuditLog.record({ ...startedWith, ...operator, ...entry });
  await store.commit([], [settings.write(at, startedWith)]);
}

const changedNames = (former: StartedWith, now: StartedWith): string[] =>
  [...new Set([...Object.keys(former), ...Object.keys(now)])].filter((name) => former[name] !== now[name]);
