// Checks whether a token's session is active, and identifies the user. The one check behind GET /session and all other
// callers.
import type { Account } from '../roster/account.ts';
import type { Directory } from '../roster/directory.ts';
import type { PublishedRosters } from '../roster/published-roster.ts';
import type { SessionRecord } from './session-record.ts';
import type { SessionRegistry } from './session-registry.ts';
import type { SessionClaims, SessionTokens } from './session-token.ts';

export interface LiveSession {
  /** Of the token, verified. */
  readonly claims: SessionClaims;
  readonly session: SessionRecord;
  readonly account: Account;
}

/** Undefined unless the text is a token of an active session. Rejects only when the store does not answer. */
export type FindLiveSession = (token: string | undefined) => Promise<LiveSession | undefined>;

/** A session by its ids, for callers that verified a token of it before or have the ids from the store. */
export interface SessionIds {
  readonly districtId: string;
  readonly sid: string;
  readonly accountId: string;
}

/** Undefined for a session that has ended. Rejects only when the store does not answer. */
export type FindSession = (ids: SessionIds) => Promise<Omit<LiveSession, 'claims'> | undefined>;

export interface FindSessionNeeds {
  readonly registry: Pick<SessionRegistry, 'find'>;
  readonly rosters: PublishedRosters;
  readonly directory: Directory;
}

export function createFindSession({ registry, rosters, directory }: FindSessionNeeds): FindSession {
  async function findAccount(districtId: string, accountId: string): Promise<Account | undefined> {
    const account = ofOnePerson(await directory.find(await rosters.read(districtId, 500), accountId));
    return account ?? ofOnePerson(await directory.find(await rosters.read(districtId, 0), accountId));
  }

  return async ({ districtId, sid, accountId }) => {
    const [session, account] = await Promise.all([
      registry.find({ districtId, sid, accountId }),
      findAccount(districtId, accountId),
    ]);
    return session === undefined || account === undefined ? undefined : { session, account };
  };
}

/** If the rosters give an account's id to two people, its sessions end; earlier versions opened them anyway. */
const ofOnePerson = (account: Account | undefined): Account | undefined =>
  account?.isOfTwoPeople === true ? undefined : account;

export interface LiveSessionNeeds extends FindSessionNeeds {
  readonly tokens: Pick<SessionTokens, 'verify'>;
}

export function createFindLiveSession({ tokens, ...needs }: LiveSessionNeeds): FindLiveSession {
  const findSession = createFindSession(needs);
  return async (token) => {
    const claims = token === undefined ? undefined : await tokens.verify(token);
    if (claims === undefined) return undefined;
    const { district: districtId, sid, sub: accountId } = claims;
    const found = await findSession({ districtId, sid, accountId });
    return found === undefined ? undefined : { claims, ...found };
  };
}
