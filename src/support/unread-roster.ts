// Whether a district's roster is outdated because Clever cannot be read: a possible cause of a refusal, and who has to
// act. Shown to staff and in the message to the district, never to the user.
import { type District, isRosteredBy } from '../district/district.ts';
import type { LastSync, SyncLog } from '../district/sync-log.ts';
import type { Code } from '../outcome/outcome-codes.ts';
import type { PublishedRoster } from '../roster/published-roster.ts';

export interface UnreadRoster {
  readonly kind: 'roster_not_read';
  /** As in the sync log: `clever_misconfigured`, `clever_unavailable`, `clever_district_paused`, … */
  readonly code: string;
  /** Of a failure: `not-allowed`, `no-token`, `timeout`, … */
  readonly reason: string | null;
  readonly owner: 'district' | 'summit' | 'clever';
  readonly tried_at: string;
  /** When the published roster was published; null if there is none. */
  readonly roster_of: string | null;
  readonly days_old: number | null;
}

/** Codes that a newer roster could have changed. */
const ofRoster: readonly Code[] = [
  'roster_pending',
  'not_rostered',
  'email_mismatch',
  'email_missing',
  'account_inactive',
  'role_conflict',
  'ambiguous',
];

const dayMs = 86_400_000;

export function createFindUnreadRoster(syncLog: Pick<SyncLog, 'read'>, clock: () => number) {
  return async (
    code: Code,
    district: District,
    published: PublishedRoster | undefined,
  ): Promise<UnreadRoster | undefined> => {
    if (!ofRoster.includes(code) || !isRosteredBy(district, 'secure-sync')) return undefined;
    const { last } = await syncLog.read(district.id);
    if (last === undefined || last.result === 'published' || last.result === 'held') return undefined;
    const at = published?.feeds['secure-sync']?.active?.at;
    return {
      kind: 'roster_not_read',
      code: last.code ?? 'internal',
      reason: last.reason ?? null,
      owner: ownerOf(last),
      tried_at: new Date(last.finishedAt).toISOString(),
      roster_of: at === undefined ? null : new Date(at).toISOString(),
      days_old: at === undefined ? null : Math.floor((clock() - at) / dayMs),
    };
  };
}

/**
 * Summit asks Clever Support about its app's rights; only the district can connect the app, end a pause, or fix its
 * records.
 */
function ownerOf({ result, code, reason }: LastSync): UnreadRoster['owner'] {
  if (result === 'refused') return code === 'clever_district_error' ? 'clever' : 'district';
  if (reason === 'no-token') return 'district';
  return code === 'clever_unavailable' ? 'clever' : 'summit';
}

/** For staff: the age of the roster, the reason, and who has to act. */
export const describeUnreadRoster = (unread: UnreadRoster): string =>
  `${describeAge(unread)} ${requests[unread.owner].staff}`;

/** The same for the message to the district. */
export const describeUnreadRosterToDistrict = (unread: UnreadRoster): string =>
  `${describeAge(unread)} ${requests[unread.owner].district}`;

function describeAge({ code, reason, roster_of, days_old }: UnreadRoster): string {
  const age = days_old === 0 ? 'of today' : days_old === 1 ? 'one day old' : `${days_old} days old`;
  const roster = roster_of === null ? 'There is no roster from Clever yet' : `The roster from Clever is ${age}`;
  return `${roster}: the last sync with Clever Secure Sync did not go through (${reason ?? code}), so that Summit does not know who came or changed since.`;
}

const requests = {
  district: {
    staff:
      'The district’s Clever administrator has to act: connect the app SK12 Secure Sync, end the pause, or correct what Clever or the report of the roster says.',
    district:
      'First, your Clever administrator looks in Clever whether the app SK12 Secure Sync is connected, and whether the sync is paused, waits for you or has an error.',
  },
  summit: {
    staff: 'Summit has to act: “sso-bridge clever check --district …” says what to ask Clever Support for.',
    district: 'Summit asks Clever Support to fix this; you need not change anything.',
  },
  clever: {
    staff: 'Clever is read again by itself; if it stays so for a day, ask Clever Support.',
    district: 'Clever is read again by itself; you need change nothing for it.',
  },
} as const satisfies Record<UnreadRoster['owner'], Readonly<Record<'staff' | 'district', string>>>;
