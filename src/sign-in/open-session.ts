// Line 8 of the decision and the opening of the session: one atomic write, conditional on the roster that was read.
// Owns the cases in which the account or the Clever id is linked to another.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AuditLog } from '../audit/audit-log.ts';
import type { RecordType } from '../formats/feed.ts';
import type { Identity } from '../identity/identity.ts';
import type { Matched } from '../identity/match-account.ts';
import { type Account, kindOf } from '../roster/account.ts';
import { type IdentityChanged, identityChanged, pinnedByRoster } from '../roster/decide-match.ts';
import type { DistrictRoster } from '../roster/district-roster.ts';
import type { AccountLink } from '../roster/links.ts';
import type { PublishedRoster } from '../roster/published-roster.ts';
import type { EndSessions } from '../session/end-sessions.ts';
import type { SessionEpoch } from '../session/session-endings.ts';
import type { SessionRegistry } from '../session/session-registry.ts';
import { rosterClaim, type SessionClaims } from '../session/session-token.ts';
import type { Store } from '../store/store.ts';
import type { LastSuccesses } from '../support/last-success.ts';
import type { Resume } from '../trace/request-context.ts';

export interface SignedIn {
  readonly kind: 'signed-in';
  readonly claims: SessionClaims;
  readonly returnTo: string;
}

/** Facts of the request that opening a session needs. */
export interface Opening {
  /** Blinded state. */
  readonly openedBy: string;
  readonly returnTo: string;
  /** Of a launch from the portal without a requested URL: where the district's users land, if not at the product. */
  readonly findLaunch?: (districtId: string) => Promise<string | undefined>;
  /** The user's own token for Clever's API, if Clever gave one. */
  readonly accessToken?: string;
  /** The sign-in must have ended by then, however slow Clever is. Milliseconds since the epoch. */
  readonly deadline: number;
  /**
   * Publishes the session's claims for waiting reloads, while the session is written: both writes share a round trip.
   */
  readonly announce: (signedIn: SignedIn) => Promise<void>;
  /** Of the request. */
  readonly resume: Resume;
}

export interface SisRecord {
  readonly record: RecordType;
  readonly sisId: string;
}

export interface OpenSessionNeeds {
  readonly store: Store;
  readonly auditLog: Pick<AuditLog, 'write'>;
  readonly endSessions: Pick<EndSessions, 'ofAccount'>;
  readonly registry: SessionRegistry;
  /** Stored with the session, so that the user's unresolved attempts show as resolved. */
  readonly lastSuccesses: Pick<LastSuccesses, 'writes'>;
  readonly sessionTtlSeconds: number;
  /** The records of the user in Clever's Data API; empty if there are none or they do not arrive in time. */
  readonly readRecords: (identity: Identity, opening: Opening) => Promise<readonly SisRecord[]>;
  /** Milliseconds since the epoch. */
  readonly clock?: () => number;
}

/** The decision so far, and the roster it is based on. */
export interface DecidedMatch {
  readonly roster: DistrictRoster;
  readonly sessionEpoch: SessionEpoch;
  readonly identity: Identity;
  readonly found: Matched<Account>;
}

/** `roster_changed`: nothing was opened, and the sign-in must be decided again. */
export async function openSession(
  needs: OpenSessionNeeds,
  match: DecidedMatch,
  opening: Opening,
): Promise<SignedIn | IdentityChanged | 'roster_changed'> {
  const { roster, identity, found } = match;
  const { candidate: account } = found;
  const pinned = await pinnedByRoster(roster, account, identity.cleverId);
  if (pinned === 'other' && !(await isSameRecord(needs, match, opening))) return identityChanged(account);
  const link = roster.link(account.accountId, identity.cleverId);
  const signedIn: SignedIn = {
    kind: 'signed-in',
    claims: await makeClaims(needs, match),
    returnTo: (await opening.findLaunch?.(roster.districtId)) ?? opening.returnTo,
  };
  const [done] = await Promise.all([commit(needs, match, link, signedIn, opening), opening.announce(signedIn)]);
  if (done) return signedIn;
  const state = await link.state();
  if (state === 'carried') await link.confirm();
  if (state !== 'taken') return 'roster_changed';
  if (pinned === 'this' || (await isSameRecord(needs, match, opening))) {
    await moveLink(needs, match, link);
    return 'roster_changed';
  }
  return { ...identityChanged(account), about: await findHolders(match) };
}

async function makeClaims(needs: OpenSessionNeeds, { roster, found }: DecidedMatch): Promise<SessionClaims> {
  const { candidate: account, by, roster: method } = found;
  const iat = await findIssueTime(roster.published, needs.clock);
  return {
    sub: account.accountId,
    sid: randomUUID(),
    jti: randomUUID(),
    iat,
    exp: iat + needs.sessionTtlSeconds,
    district: roster.districtId,
    role: account.role,
    position: account.position,
    matched: { by, roster: rosterClaim(method) },
  };
}

/**
 * Seconds since the epoch. Waits after an ending: offline verifiers would reject a token issued in that same second.
 */
async function findIssueTime({ issuesFrom = 0 }: PublishedRoster, clock: () => number = Date.now): Promise<number> {
  const early = issuesFrom * 1000 - clock();
  if (early > 0) await sleep(Math.min(early, 1_000));
  // The clock of the server that ended the sessions may be ahead of this one's.
  return Math.max(issuesFrom, Math.floor(clock() / 1000));
}

/** The link, the session and the last success, if the roster and the endings are unchanged since they were read. */
function commit(
  { store, registry, lastSuccesses, clock = Date.now }: OpenSessionNeeds,
  { roster, sessionEpoch, identity }: DecidedMatch,
  link: AccountLink,
  { claims, returnTo }: SignedIn,
  { openedBy }: Opening,
): Promise<boolean> {
  const { sid, district: districtId, sub: accountId, iat: issuedAt, exp: expiresAt } = claims;
  return store.commit(
    [roster.unchanged, sessionEpoch.unchanged, ...link.conditions()],
    [
      ...link.writes(),
      registry.write({
        sid,
        districtId,
        accountId,
        issuedAt,
        expiresAt,
        rosterVersion: roster.published.version,
        sessionEpoch: sessionEpoch.id,
        openedBy,
        returnTo,
      }),
      ...lastSuccesses.writes(districtId, { at: clock(), account: accountId, cleverId: identity.cleverId }),
    ],
  );
}

/** Moves it unless the roster or a link changed meanwhile; in both cases the sign-in is decided again. */
async function moveLink(
  { auditLog, endSessions, clock = Date.now }: OpenSessionNeeds,
  { roster, identity, found }: DecidedMatch,
  link: AccountLink,
): Promise<void> {
  const { districtId } = roster;
  const { accountId } = found.candidate;
  const entry = { action: 'link_moved', at: clock(), by: 'clever', account: accountId } as const;
  const formerly = await roster.findLinkedAccountId(identity.cleverId);
  if (!(await link.move(auditLog.write(districtId, entry)))) return;
  // Ends the sessions that were opened through either of the two former links.
  for (const ended of new Set([accountId, formerly ?? accountId])) await endSessions.ofAccount(districtId, ended);
}

/** The matched account and, if different, the account that this Clever id is linked to: support needs both. */
async function findHolders({ roster, identity, found }: DecidedMatch): Promise<readonly Account[]> {
  const { candidate: account } = found;
  const linkedId = await roster.findLinkedAccountId(identity.cleverId);
  const isOther = linkedId !== undefined && linkedId !== account.accountId;
  const linked = isOther ? await roster.find(linkedId) : undefined;
  return linked === undefined ? [account] : [account, linked];
}

/** Whether Clever's Data API gives the user the record of this account: the only evidence that may move a link. */
async function isSameRecord(
  { readRecords }: OpenSessionNeeds,
  { roster, identity, found: { candidate } }: DecidedMatch,
  opening: Opening,
): Promise<boolean> {
  const records = await opening.resume(() => readRecords(identity, opening));
  const own = records.find(({ record, sisId }) => record === candidate.record && sisId === candidate.sisId);
  if (own !== undefined) return !(await isAnothersFurtherId(roster, own.sisId, candidate));
  // Clever's SIS id of a OneRoster district usually is the `identifier`, not the record's own id.
  for (const { sisId } of records.filter(({ record }) => kindOf(record) === candidate.kind)) {
    const found = await roster.findByFurtherId(sisId, candidate.kind);
    if (found?.accountId === candidate.accountId) return true;
  }
  return false;
}

/** If it is also the `identifier` of another user, Clever may mean that one. */
async function isAnothersFurtherId(roster: DistrictRoster, id: string, account: Account): Promise<boolean> {
  const found = await roster.findAllByFurtherId(id);
  return found.some(
    ({ accountId, kind, furtherIds }) =>
      accountId !== account.accountId && kind === account.kind && furtherIds.includes(id),
  );
}
