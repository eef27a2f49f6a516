// Moves links of users whose id changed, one or a list: a user leaves under one id and returns under another
// (id_changed), or the district changed its student information system. docs/adr/0034.
import type { AuditLog, StaffAuditLog } from '../audit/audit-log.ts';
import type { IdMapFlaw, IdMapItem } from '../formats/id-map.ts';
import { foldName } from '../identity/folding.ts';
import { type Account, isAccountId, kindOf, recordTypes } from '../roster/account.ts';
import { createAccountIds } from '../roster/account-ids.ts';
import type { DistrictRoster, ReadDistrictRoster } from '../roster/district-roster.ts';
import type { Carried, Links } from '../roster/links.ts';
import type { EndSessions } from '../session/end-sessions.ts';
import type { Store } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';
import { type AuditContext, approvalOf } from './ending-sessions.ts';

/**
 * `account_unknown`: no roster of the district has the new id. `id_of_several`: it matches several accounts.
 * `kinds_differ`: one is a student, the other an employee.
 */
export type MoveRefusal =
  | Exclude<Carried, 'carried' | 'carried_before' | 'changed'>
  | 'account_unknown'
  | 'id_of_several'
  | 'kinds_differ'
  | 'same_account';

export type Moved =
  | {
      readonly kind: 'moved' | 'moved_before';
      readonly from: string;
      readonly to: string;
      readonly hasOtherName: boolean;
    }
  | { readonly kind: 'refused'; readonly code: MoveRefusal };

export interface MapCount {
  readonly moved: number;
  readonly moved_before: number;
  /** Accounts without a link: the next sign-in makes one. */
  readonly not_linked: number;
  readonly refused: number;
  /** Refused rows, and rows whose two accounts have different names; the first of each code. */
  readonly rows: readonly { readonly line: number; readonly code: RowCode }[];
}

export type RowCode = Exclude<MoveRefusal, 'not_linked'> | IdMapFlaw | 'name_differs';

export interface MoveLinks {
  /** @param from an account id or a SIS id, as `to` */
  one(districtId: string, from: string, to: string, auditContext: AuditContext): Promise<Moved>;
  /** A keyed hash of the Clever id that `one` would move; undefined if it would move none. */
  findHolder(districtId: string, from: string, to: string): Promise<string | undefined>;
  /** Rows are independent; a refused row changes nothing. */
  byMap(districtId: string, items: AsyncIterable<IdMapItem>, auditContext: AuditContext): Promise<MapCount>;
}

interface MoveLinksNeeds {
  readonly store: Store;
  readonly vault: Vault;
  readonly readRoster: ReadDistrictRoster;
  readonly links: Pick<Links, 'carry' | 'findHolder' | 'findLinked'>;
  readonly endSessions: Pick<EndSessions, 'ofAccount'>;
  readonly auditLog: Pick<AuditLog, 'write' | 'record'>;
  readonly staffAuditLog: Pick<StaffAuditLog, 'record'>;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

const kinds = ['student', 'employee'] as const;
const maxTries = 10;
const maxRows = 200;

export function createMoveLinks(needs: MoveLinksNeeds): MoveLinks {
  const { staffAuditLog, clock } = needs;
  return {
    async one(districtId, from, to, auditContext) {
      const moved = await move(needs, { districtId, from, to }, auditContext);
      if (moved.kind !== 'moved') return moved;
      const { by, reason: why } = auditContext;
      const facts = { at: clock(), by, why, district: districtId, account: moved.to, from: moved.from };
      await staffAuditLog.record({ action: 'link_moved', ...facts, ...approvalOf(auditContext) });
      return moved;
    },
    async findHolder(districtId, from, to) {
      const roster = await needs.readRoster(districtId, 0);
      const chosen = await choose(needs, roster, { districtId, from, to });
      return typeof chosen === 'string' ? undefined : needs.links.findHolder(roster, chosen.source);
    },
    byMap: (districtId, items, auditContext) => moveByMap(needs, districtId, items, auditContext),
  };
}

async function moveByMap(
  needs: MoveLinksNeeds,
  districtId: string,
  items: AsyncIterable<IdMapItem>,
  auditContext: AuditContext,
): Promise<MapCount> {
  const count = { moved: 0, moved_before: 0, not_linked: 0, refused: 0 };
  const rows: { line: number; code: RowCode }[] = [];
  const shown = new Map<RowCode, number>();
  const show = (line: number, code: RowCode) => {
    shown.set(code, (shown.get(code) ?? 0) + 1);
    if ((shown.get(code) ?? 0) <= maxRows) rows.push({ line, code });
  };
  for await (const item of items) {
    const moved =
      item.kind === 'pair' ? await move(needs, { districtId, from: item.from, to: item.to }, auditContext) : undefined;
    if (moved !== undefined && moved.kind !== 'refused') {
      count[moved.kind] += 1;
      if (moved.hasOtherName) show(item.line, 'name_differs');
      continue;
    }
    const code = item.kind === 'flawed' ? item.code : (moved?.code ?? 'elsewhere');
    if (code === 'not_linked') count.not_linked += 1;
    else {
      count.refused += 1;
      show(item.line, code);
    }
  }
  const { by, reason } = auditContext;
  const facts = { at: needs.clock(), by, moved: count.moved, refused: count.refused };
  await needs.auditLog.record(districtId, { action: 'links_moved', ...facts, reason });
  await needs.staffAuditLog.record({ action: 'links_moved', ...facts, why: reason, district: districtId });
  return { ...count, rows };
}

interface MovedIds {
  readonly districtId: string;
  readonly from: string;
  readonly to: string;
}

async function move(needs: MoveLinksNeeds, ids: MovedIds, auditContext: AuditContext): Promise<Moved> {
  const { links, endSessions, auditLog, clock } = needs;
  const { districtId } = ids;
  for (let turn = 0; turn < maxTries; turn += 1) {
    const roster = await needs.readRoster(districtId, 0);
    const chosen = await choose(needs, roster, ids);
    if (typeof chosen === 'string') return { kind: 'refused', code: chosen };
    const { source, target, known } = chosen;
    const facts = { at: clock(), by: auditContext.by, account: target.accountId, from: source };
    const entry = { action: 'link_moved', ...facts, reason: auditContext.reason, ...approvalOf(auditContext) } as const;
    const pinned = target.sources.flatMap(({ cleverId }) => cleverId ?? []);
    const carry = { from: source, to: target.accountId, pinned };
    const carried = await links.carry(roster, carry, auditLog.write(districtId, entry));
    if (carried === 'changed') continue;
    if (carried !== 'carried' && carried !== 'carried_before') return { kind: 'refused', code: carried };
    // Also on a repeated call, so that it finishes the work after a crash.
    await endSessions.ofAccount(districtId, source, []);
    const hasOtherName = known !== undefined && nameOf(known) !== nameOf(target);
    const kind = carried === 'carried' ? 'moved' : 'moved_before';
    return { kind, from: source, to: target.accountId, hasOtherName };
  }
  return { kind: 'refused', code: 'elsewhere' };
}

/** The linked account that the former id names, and the account of the roster that the new id names. */
async function choose(
  needs: MoveLinksNeeds,
  roster: DistrictRoster,
  { from, to }: MovedIds,
): Promise<Chosen | MoveRefusal> {
  const [sources, targets] = [await candidatesOf(needs, roster, from), await candidatesOf(needs, roster, to)];
  const accounts = await roster.findMany([...targets, ...sources].map(({ accountId }) => accountId));
  const byId = new Map(accounts.map((account) => [account.accountId, account]));
  const found = targets.flatMap(({ accountId }) => byId.get(accountId) ?? []);
  if (found.length === 0) return 'account_unknown';
  const linkedIds = await needs.links.findLinked(roster, [...new Set(sources.map((each) => each.accountId))]);
  const linked = sources.filter(({ accountId }) => linkedIds.includes(accountId));
  if (linked.length === 0) return 'not_linked';
  const pairs = linked.flatMap(({ accountId, kind }) =>
    found.flatMap((target): Chosen[] => {
      const source = byId.get(accountId);
      const isOfKind = (kind ?? source?.kind ?? target.kind) === target.kind;
      return isOfKind ? [{ source: accountId, known: source, target }] : [];
    }),
  );
  const unique = [...new Map(pairs.map((pair) => [`${pair.source} ${pair.target.accountId}`, pair])).values()];
  if (unique.length === 0) return 'kinds_differ';
  // A former id may be a further id of the user's current account.
  const [chosen, second] = unique.filter(({ source, target }) => source !== target.accountId);
  if (chosen === undefined) return 'same_account';
  return second === undefined ? chosen : 'id_of_several';
}

/** The account ids that an id may refer to, with their kinds if it is a SIS id or a further unique id. */
async function candidatesOf(
  { store, vault }: Pick<MoveLinksNeeds, 'store' | 'vault'>,
  roster: DistrictRoster,
  id: string,
): Promise<readonly Candidate[]> {
  if (isAccountId(id)) return [{ accountId: id, kind: undefined }];
  const ids = await createAccountIds({ store, vault, districtId: roster.districtId });
  const found = await Promise.all(
    recordTypes.map(async (record) => ({
      accountId: (await ids.resolveRecords(record, [id]))[0],
      kind: kindOf(record),
    })),
  );
  const further = await Promise.all(kinds.map((kind) => roster.findByFurtherId(id, kind)));
  return [...found, ...further.flatMap((account) => account ?? [])].flatMap(({ accountId, kind }) =>
    accountId === undefined ? [] : [{ accountId, kind }],
  );
}

interface Candidate {
  readonly accountId: string;
  readonly kind: Account['kind'] | undefined;
}

interface Chosen {
  readonly source: string;
  /** If the roster still has it. */
  readonly known: Account | undefined;
  readonly target: Account;
}

const nameOf = ({ givenName, familyName }: Account): string => foldName(givenName, familyName);
