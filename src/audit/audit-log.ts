// The audit log: who did what, when and why. Two scopes: changes of a district, erased with it; and what staff read or
// changed over all districts, one log per month. Sealed, in order, with the same retention.
import * as z from 'zod';
import { partitionOf } from '../district/district.ts';
import { sealedJson } from '../store/sealed.ts';
import { isLogCursor, type Log, type LogEntry, type Store, type Write } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';

/** What an administrator of the district read on the district's own pages. */
export type DistrictPageRead =
  | 'district_page_read'
  | 'mismatches_exported'
  | 'roster_checked'
  | 'report_exported'
  | 'template_read';

export interface AuditEntry {
  readonly action:
    | 'link_released'
    | 'sessions_ended'
    /** By staff; or by a sign-in, because Clever's Data API maps the user to the account's record. */
    | 'link_moved'
    /** By a list of former and new ids. */
    | 'links_moved'
    | 'roster_published'
    | 'roster_held'
    | 'roster_refused'
    | 'roster_approved'
    | 'roster_rolled_back'
    /** The roster of a rostering method that was removed from the district. */
    | 'roster_retired'
    | 'sync_refused'
    | 'preflight_made'
    | DistrictPageRead;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /**
   * `command`: the operator's shell (`os_user` and `host` identify it); `sftp`: the district's upload; `clever`: an
   * effect of Clever's data; `bridge`: a server's own repair; `district`: an administrator of the district on its own
   * pages (`account` identifies the administrator); otherwise a credential's id or the verified address of a member of
   * staff.
   */
  readonly by: string;
  readonly [fact: string]: string | number | null;
}

/** Who runs commands: the account of the operating system, and the machine. Part of each entry with `by: command`. */
export interface Operator {
  readonly os_user: string;
  readonly host: string;
}

export interface AuditLog {
  record(districtId: string, entry: AuditEntry): Promise<void>;
  /** The write that records the entry, for the commit in the district's partition that makes the change. */
  write(districtId: string, entry: AuditEntry): Write;
  /** Newest first. */
  list(districtId: string, limit: number): Promise<AuditEntry[]>;
}

/** The caller: a credential's id, or the verified address of a member of staff. */
export interface Actor {
  readonly by: string;
  readonly scope: 'support' | 'admin';
  /** Two actors that share one of these count as the same person: docs/adr/0043. Ids and keyed hashes. */
  readonly identities: readonly string[];
}

export interface StaffAuditEntry {
  readonly action:
    | 'attempt_read'
    | 'attempts_searched'
    | 'attempts_exported'
    | 'attempts_purged'
    | 'person_read'
    | 'incident_read'
    | 'mismatches_exported'
    | 'link_released'
    | 'links_released'
    | 'link_moved'
    | 'links_moved'
    | 'sessions_ended'
    | 'roster_approved'
    | 'roster_rolled_back'
    | 'roster_retired'
    | 'signed_in'
    | 'signed_out'
    | 'preflight_made'
    | 'roster_published'
    | 'roster_held'
    | 'roster_refused'
    | 'district_put'
    | 'district_removed'
    | 'district_synced'
    | 'credential_created'
    | 'credential_revoked'
    /** A client of the OpenID provider. */
    | 'client_put'
    | 'client_rotated'
    | 'client_removed'
    | 'keys_rotated'
    | 'keys_replaced'
    /** Of a request that waits for a second person; `asked_for` names the action. */
    | 'second_person_asked'
    | 'second_person_approved'
    | 'second_person_declined'
    /** By the requester. */
    | 'second_person_withdrawn'
    /** Test vectors: one valid token and forged ones, to test verifiers. */
    | 'vectors_made'
    | 'store_backed_up'
    | 'store_restored'
    /** The first in the old store, and moved with it; the second in the new store. */
    | 'store_move_begun'
    | 'store_moved'
    /** In the old store, which accepts writes again. */
    | 'store_move_undone'
    /** From an escrow, into a store that had no rosters. */
    | 'account_ids_restored'
    /** Of a server, with its settings; only if they differ from those of the last start. */
    | 'settings_changed'
    | DistrictPageRead;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly by: string;
  /** The reason they gave, or the page or route they used. */
  readonly why: string;
  readonly [fact: string]: string | number | null;
}

export interface StaffAuditLog {
  record(entry: StaffAuditEntry): Promise<void>;
  /**
   * Newest first, as far back as the retention; one read per month. An invalid cursor gives an empty page. With a
   * filter, at most 5,000 entries are scanned: a page may have fewer than `limit` entries and still a cursor.
   */
  page(limit: number, cursor?: string, filter?: StaffAuditFilter): Promise<StaffAuditLogPage>;
  /** Keyed hash of an actor, for filters and URLs, so that neither contains an address. */
  keyOf(by: string): string;
}

export interface StaffAuditFilter {
  readonly action?: string | undefined;
  /** As returned by `keyOf`. */
  readonly by?: string | undefined;
  /** Milliseconds since the epoch, inclusive, as `to`. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

interface StaffAuditLogPage {
  readonly entries: readonly StaffAuditEntry[];
  /** For the next, older page; undefined at the end. */
  readonly cursor: string | undefined;
}

/** Retention of all audit entries. */
const auditLogSeconds = 400 * 86_400;

const monthsKept = 14;

/** The maximum number of entries that a filter scans, and the batch size. */
const [maxScanned, batchSize] = [5_000, 500];
const clockSkewMs = 600_000;

export function createAuditLog(store: Store, vault: Vault, operator?: Operator): AuditLog {
  const entries = createEntries<AuditEntry>(vault, operator);
  const logOf = (districtId: string) => auditLogIn(partitionOf(vault, districtId));
  const write = (districtId: string, entry: AuditEntry): Write => entries.append(logOf(districtId), entry);
  return {
    write,
    async record(districtId, entry) {
      await store.commit([], [write(districtId, entry)]);
    },
    async list(districtId, limit) {
      const log = logOf(districtId);
      return entries.open(log, await store.page(log, { before: undefined }, limit));
    },
  };
}

export function createStaffAuditLog(
  store: Store,
  vault: Vault,
  clock: () => number,
  operator?: Operator,
): StaffAuditLog {
  const sealedEntries = createEntries<StaffAuditEntry>(vault, operator);
  const logOf = (month: string) => auditLogIn(`staff-trail-${month}`);
  const keyOf = (by: string) => vault.blind('staff-by', by.toLowerCase());

  return {
    async record(entry) {
      await store.commit([], [sealedEntries.append(logOf(monthOf(entry.at)), entry)]);
    },
    keyOf,
    async page(limit, cursor, filter = {}) {
      const isAll = Object.values(filter).every((value) => value === undefined);
      const entries: StaffAuditEntry[] = [];
      const newest = Math.min(clock(), filter.to ?? Number.POSITIVE_INFINITY);
      const start = cursor === undefined ? { month: monthOf(newest), before: undefined } : readCursor(cursor);
      let [month, before] = [start?.month ?? '', start?.before];
      let [months, scanned] = [0, 0];
      while (start !== undefined && months <= monthsKept) {
        if (scanned >= maxScanned && before !== undefined) return { entries, cursor: `${month}.${before}` };
        const log = logOf(month);
        const batch = isAll ? limit - entries.length : batchSize;
        const found = await store.page(log, { before }, batch);
        for (const [index, entry] of sealedEntries.open(log, found).entries()) {
          // Clock skew between servers is less than this, so all later entries are older still.
          if (filter.from !== undefined && entry.at < filter.from - clockSkewMs) return { entries, cursor: undefined };
          if (fits(entry, filter)) entries.push(entry);
          if (entries.length === limit) return { entries, cursor: `${month}.${found[index]?.cursor ?? ''}` };
        }
        scanned += found.length;
        before = found.length < batch ? undefined : found.at(-1)?.cursor;
        if (before === undefined) [month, months] = [monthBefore(month), months + 1];
      }
      return { entries, cursor: undefined };
    },
  };

  function fits({ action, by, at }: StaffAuditEntry, filter: StaffAuditFilter): boolean {
    if (filter.action !== undefined && filter.action !== action) return false;
    if (at < (filter.from ?? 0) || at > (filter.to ?? Number.POSITIVE_INFINITY)) return false;
    return filter.by === undefined || filter.by === keyOf(by);
  }
}

/** The further facts of an entry depend on its action. */
const commonShape = z.object({ action: z.string(), at: z.number(), by: z.string() });
const entryShape = <Entry extends AuditEntry | StaffAuditEntry>() =>
  z.custom<Entry>((value) => commonShape.safeParse(value).success);

const auditLogIn = (partition: string): Log => ({ partition, name: 'trail', ttlSeconds: auditLogSeconds });

/** Entries, sealed for their log. */
function createEntries<Entry extends AuditEntry | StaffAuditEntry>(vault: Vault, operator: Operator | undefined) {
  const sealedEntry = sealedJson(vault, entryShape<Entry>());
  const addressOf = ({ partition }: Log) => ({ partition, id: 'trail' });
  return {
    append: (log: Log, entry: Entry): Write => ({
      kind: 'append',
      log,
      value: sealedEntry.seal(addressOf(log), entry.by === 'command' ? { ...entry, ...operator } : entry),
    }),
    open: (log: Log, found: readonly LogEntry[]): Entry[] =>
      found.map(({ value }) => sealedEntry.open(addressOf(log), value)),
  };
}

const monthOf = (at: number): string => new Date(at).toISOString().slice(0, 7);
const monthBefore = (month: string): string => monthOf(Date.parse(`${month}-01`) - 1);

function readCursor(cursor: string): { readonly month: string; readonly before: string } | undefined {
  const [, month = '', before = ''] = /^(\d{4}-(?:0[1-9]|1[0-2]))\.(.+)$/.exec(cursor) ?? [];
  return month !== '' && isLogCursor(before) ? { month, before } : undefined;
}
