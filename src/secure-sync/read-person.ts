// Reads one user from Clever during a sign-in: contract section 2, line 7 (a Secure Sync district has no user with this
// address) and line 8 (a link that may have to move). Bounded by the caller's signal; never throws for any behaviour of
// Clever.
import type { District } from '../district/district.ts';
import type { AccountRow, RecordType } from '../formats/feed.ts';
import { type CleverUser, type DataApi, DataApiFailure } from './ports.ts';
import type { SyncOption } from './snapshot.ts';
import { syncOptionOf } from './sync-district.ts';
import { toAccountItems } from './to-account-row.ts';

/**
 * The user's row as a sync would produce it now. `undefined`: Clever shares no such user of this district with the app,
 * or none that this option rosters. `unavailable`: Clever did not answer in time.
 */
type ReadPerson = (
  person: { readonly cleverDistrict: string; readonly cleverId: string; readonly option: SyncOption },
  signal: AbortSignal,
) => Promise<AccountRow | undefined | 'unavailable'>;

/** Puts one user's row into the active roster by Secure Sync, as an event would; false if nothing is active. */
type RefreshPerson = (districtId: string, method: 'secure-sync', row: AccountRow) => Promise<boolean>;

/** When a sign-in must have ended, milliseconds since the epoch. */
interface Waiting {
  readonly deadline: number;
  /** The user's own token for Clever's API. */
  readonly accessToken?: string;
}

interface ReadingOptions {
  readonly clock?: () => number;
  /** Maximum wait for Clever, even if the sign-in has more time. Milliseconds. */
  readonly timeoutMs?: number;
}

/** A record of a user at Clever, in the terms of an account. */
interface CleverRecord {
  readonly record: RecordType;
  readonly sisId: string;
}

const place = { file: 'clever:user' };

export function createReadPerson(dataApi: DataApi): ReadPerson {
  return async ({ cleverDistrict, cleverId, option }, signal) => {
    try {
      const connection = dataApi.connect(cleverDistrict, signal);
      const user = await connection.user(cleverId);
      if (user === undefined || user.id !== cleverId || user.district !== cleverDistrict) return undefined;
      const schools = await findSchool(user, async (id) => (await connection.school(id))?.sisId);
      const row = toAccountItems(user, (id) => schools.get(id), place).find((item) => item.kind === 'account');
      return option === 'provisioning' && row?.record !== 'student' ? undefined : row;
    } catch (failure) {
      if (failure instanceof DataApiFailure) return 'unavailable';
      throw failure;
    }
  };
}

/** Rosters name schools by the district's own id. A school that cannot be read does not block the user. */
async function findSchool({ roles }: CleverUser, read: (id: string) => Promise<string | undefined>) {
  const id = (roles.student ?? roles.teacher ?? roles.staff)?.school;
  const sisId = id === undefined ? undefined : await read(id).catch(() => undefined);
  return new Map(id === undefined || sisId === undefined ? [] : [[id, sisId]]);
}

/**
 * Line 7: reads the user and updates the roster; true if it changed, so that the roster must be read again. Concurrent
 * requests for the same user share one read.
 */
export function createRefreshFromClever(read: ReadPerson, refresh: RefreshPerson, options: ReadingOptions = {}) {
  const underWay = new Map<string, Promise<boolean>>();

  async function readAndRefresh(district: District, cleverId: string, deadline: number): Promise<boolean> {
    const option = syncOptionOf(district);
    const signal = signalUntil(deadline, options);
    if (option === undefined || signal === undefined) return false;
    const row = await read({ cleverDistrict: district.cleverId, cleverId, option }, signal);
    return row !== undefined && row !== 'unavailable' && refresh(district.id, 'secure-sync', row);
  }

  return (district: District, { cleverId }: { readonly cleverId: string }, { deadline }: Waiting): Promise<boolean> => {
    const key = `${district.cleverId}/${cleverId}`;
    const work = underWay.get(key) ?? readAndRefresh(district, cleverId, deadline).finally(() => underWay.delete(key));
    underWay.set(key, work);
    return work;
  };
}

/** Line 8: the user's records by their own token; empty if Clever gives none or does not answer in time. */
export function createReadRecords(dataApi: DataApi, options: ReadingOptions = {}) {
  return async (
    { cleverId, cleverDistrict }: { readonly cleverId: string; readonly cleverDistrict?: string | undefined },
    { accessToken, deadline }: Waiting,
  ): Promise<readonly CleverRecord[]> => {
    const signal = signalUntil(deadline, options);
    if (accessToken === undefined || signal === undefined) return [];
    try {
      const user = await dataApi.readUser(accessToken, cleverId, signal);
      // SIS ids are unique within a district only: another district's record with the same number is another person's.
      const isThePerson = user?.id === cleverId && user.district !== undefined && user.district === cleverDistrict;
      return isThePerson ? recordsOf(user) : [];
    } catch (failure) {
      if (failure instanceof DataApiFailure) return [];
      throw failure;
    }
  };
}

/** Time that the decision needs after Clever's answer or timeout. */
const reserveMs = 500;

function signalUntil(
  deadline: number,
  { clock = Date.now, timeoutMs = 5_000 }: ReadingOptions,
): AbortSignal | undefined {
  const ms = Math.min(timeoutMs, deadline - clock() - reserveMs);
  return ms > 0 ? AbortSignal.timeout(ms) : undefined;
}

function recordsOf({ roles: { student, teacher, staff } }: CleverUser): CleverRecord[] {
  const made = (record: RecordType, sisId: string | undefined) => (sisId === undefined ? [] : [{ record, sisId }]);
  return [...made('student', student?.sisId), ...made('teacher', teacher?.sisId), ...made('staff', staff?.staffId)];
}
