// Access to a district's own pages: an administrator of the district with a live session, whose account has the
// position in the current roster. The district is the session's; no request names one.
import type { District, Districts } from '../district/district.ts';
import { type BrowserTokens, findOnlyLiveSession } from '../session/browser-sessions.ts';
import type { FindLiveSession, LiveSession } from '../session/live-session.ts';

export interface DistrictVisitor {
  readonly district: District;
  /** Account id, for the audit log. */
  readonly account: string;
  readonly sid: string;
  /** Of a school administrator: users of other schools are not shown. Undefined for the whole district. */
  readonly schoolIds: readonly string[] | undefined;
}

export type FindDistrictVisitor = (tokens: BrowserTokens) => Promise<DistrictVisitor | undefined>;

interface DistrictVisitorNeeds {
  readonly findLiveSession: FindLiveSession;
  readonly districts: Pick<Districts, 'find'>;
}

export const createFindDistrictVisitor =
  ({ findLiveSession, districts }: DistrictVisitorNeeds): FindDistrictVisitor =>
  async (tokens) => {
    const live = await findOnlyLiveSession(findLiveSession, tokens);
    return live && toVisitor({ districts }, live);
  };

/** Also used for the link on the signed-in page. */
export async function toVisitor(
  { districts }: Pick<DistrictVisitorNeeds, 'districts'>,
  { session, account }: LiveSession,
): Promise<DistrictVisitor | undefined> {
  if (account.role !== 'administrator') return undefined;
  const district = await districts.find(session.districtId);
  if (district === undefined) return undefined;
  const who = { district, account: account.accountId, sid: session.sid };
  if (account.position === 'district_admin') return { ...who, schoolIds: undefined };
  const isAllowed = account.position === 'school_admin' && district.settings?.schoolAdmins === 'allow';
  return isAllowed ? { ...who, schoolIds: account.schoolIds } : undefined;
}
