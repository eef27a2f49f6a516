// The ordered decision of contract section 2, line by line: I/O fetches, pure functions decide. Line 8 and the opening
// of the session are one atomic write, checked against the roster that was read.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EmailMismatch, NotRostered } from '../identity/explain-mismatch.ts';
import type { Identity, Kind } from '../identity/identity.ts';
import type { Matched, MatchRefused } from '../identity/match-account.ts';
import { readIdentity, type UserTypeUnsupported } from '../identity/read-identity.ts';
import type { Account } from '../roster/account.ts';
import type { Directory } from '../roster/directory.ts';
import type { District } from '../roster/district.ts';
import type { RecordType } from '../roster/feed.ts';
import type { Links, Pair } from '../roster/links.ts';
import { rosterSourceOf } from '../roster/roster-source.ts';
import type { SeenStanding, Standing, Standings } from '../roster/standing.ts';
import type { EndSessions } from '../session/end-sessions.ts';
import type { Gate, SessionRecord, SessionRegistry } from '../session/session-registry.ts';
import { rosterClaim, type SessionClaims } from '../session/session-token.ts';
import { type Store, StoreUnavailable } from '../store/store.ts';
import type { LastSuccesses } from '../support/last-success.ts';
import type { Trail } from '../support/trail.ts';
import { createDecideMatch, type IdentityChanged, identityChanged, type RosterPending } from './decide-match.ts';
import type { RateLimited } from './limit-people.ts';
import type { Refused } from './outcome.ts';
import type { Claims } from './ports.ts';

export interface SignedIn {
  readonly kind: 'signed-in';
  readonly claims: SessionClaims;
  readonly returnTo: string;
}

type DistrictNotLinked = { readonly kind: 'refused'; readonly code: 'district_not_linked' };

export type DecisionRefused = Pick<Refused, 'rosterSource'> & { readonly district?: string } & (
    | UserTypeUnsupported
    | DistrictNotLinked
    | RateLimited
    | RosterPending
    | MatchRefused<Account>
    | EmailMismatch<Account>
    | NotRostered
    | IdentityChanged
  );

/** What opening a session needs to know of the request it ends. */
export interface Opening {
  /** Blinded state. */
  readonly openedBy: string;
  readonly returnTo: string;
  /** The person's own token for Clever's API, where Clever gave one. */
  readonly accessToken?: string;
  /** When the sign-in must have ended, whatever Clever does. Milliseconds since the epoch. */
  readonly deadline: number;
  /** Told the claims of the session while it is being written, so that both writes share a round trip. */
  readonly announce: (signedIn: SignedIn) => Promise<void>;
}

export type DecideSignIn = (claims: Claims, opening: Opening) => Promise<SignedIn | DecisionRefused>;

export interface SisRecord {
  readonly record: RecordType;
  readonly sisId: string;
}

export interface DecisionNeeds {
  readonly store: Store;
  readonly findDistrict: (cleverDistrict: string) => Promise<District | undefined>;
  readonly standings: Standings;
  readonly directory: Directory;
  readonly links: Links;
  readonly trail: Pick<Trail, 'write'>;
  readonly endSessions: Pick<EndSessions, 'ofAccount'>;
  readonly registry: SessionRegistry;
  /** Kept with the session, so that the person's open attempts show as resolved. */
  readonly lastSuccesses: Pick<LastSuccesses, 'writes'>;
  readonly sessionTtlSeconds: number;
  /** The records that Clever's Data API gives for the person; empty if it gives none or does not answer in time. */
  readonly readRecords: (identity: Identity, opening: Opening) => Promise<readonly SisRecord[]>;
  /** Brings one person of a Secure Sync district up to date from Clever's Data API; false if that changed nothing, or not in time. */
  readonly refreshPerson: (district: District, identity: Identity, opening: Opening) => Promise<boolean>;
  /** Milliseconds since the epoch. */
  readonly clock?: () => number;
}

/** How old a roster may be at first look; a miss looks again at the newest. */
const glanceMs = 500;

/** So that support finds the attempt in its district, and its administrator hears of it. */
const withDistrict = (refused: DecisionRefused, district: District | undefined): DecisionRefused =>
  district === undefined ? refused : { ...refused, district: district.id };

/** So that whoever is not in the roster hears who can change that. */
function withSource(refused: DecisionRefused, district: District, kind: Kind): DecisionRefused {
  if (refused.code !== 'not_rostered' && refused.code !== 'account_inactive') return refused;
  const rosterSource = rosterSourceOf(district, kind);
  return rosterSource === 'district' ? refused : { ...refused, rosterSource };
}

export function createDecideSignIn(needs: DecisionNeeds): DecideSignIn {
  const { store, standings, links, registry, sessionTtlSeconds, clock = Date.now } = needs;
  const matching = createDecideMatch(needs);

  return async (claims, opening) => {
    const read = readIdentity(claims);
    // Line 1 needs no store: one that is silent leaves the district untold.
    if (read.kind === 'refused')
      return withDistrict(read, await findDistrict(claims['district']).catch(() => undefined));
    const { identity } = read;
    const district = await findDistrict(identity.cleverDistrict);
    if (district === undefined) return { kind: 'refused', code: 'district_not_linked' };
    const outcome = await decideInDistrict(district, identity, opening);
    if (outcome.kind === 'signed-in' || outcome.code === 'district_not_linked') return outcome;
    return withSource(withDistrict(outcome, district), district, identity.kind);
  };

  async function findDistrict(cleverDistrict: unknown): Promise<District | undefined> {
    return typeof cleverDistrict === 'string' && cleverDistrict.length <= 1024
      ? needs.findDistrict(cleverDistrict)
      : undefined;
  }

  async function decideInDistrict(
    district: District,
    identity: Identity,
    opening: Opening,
  ): Promise<SignedIn | DecisionRefused> {
    let isRefreshed = !district.rostering.some((rostering) => rostering.startsWith('secure-sync'));
    for (let look = 0; look < 10; look += 1) {
      const seen = await standings.read(district.id, look === 0 ? glanceMs : 0);
      // Who links a Clever district to another of ours ends the sessions of the former one a second later: whoever is
      // linked after the standing was read does not get in once they have ended, however long this took.
      if ((await needs.findDistrict(district.cleverId))?.id !== district.id)
        return { kind: 'refused', code: 'district_not_linked' };
      const found = await matching.match(district.id, seen.standing, identity);
      if (found.kind === 'matched') {
        const gate = await registry.gate(district.id, look > 0);
        const opened = await open(district.id, { ...seen, gate }, identity, found, opening);
        if (opened !== 'roster_changed') return opened;
      } else if (look > 0) {
        if (found.kind !== 'missed') return found;
        if (isRefreshed || !(await needs.refreshPerson(district, identity, opening))) {
          return matching.explain(district.id, seen.standing, identity, found.address);
        }
        isRefreshed = true;
      }
    }
    throw new StoreUnavailable(new Error('the roster changed ten times under one sign-in'));
  }

  async function open(
    districtId: string,
    seen: SeenStanding & { readonly gate: Gate },
    identity: Identity,
    { candidate: account, by, roster }: Matched<Account>,
    opening: Opening,
  ): Promise<SignedIn | IdentityChanged | 'roster_changed'> {
    const pinned = await matching.pinnedByRoster(districtId, seen.standing, account, identity.cleverId);
    if (pinned === 'other' && !(await isSameRecord(account, identity, opening))) return identityChanged(account);
    const pair = { districtId, accountId: account.accountId, cleverId: identity.cleverId };
    const iat = await findIssueTime(seen.standing);
    const { openedBy, returnTo } = opening;
    const claims: SessionClaims = {
      ...{ sub: account.accountId, sid: randomUUID(), jti: randomUUID(), iat, exp: iat + sessionTtlSeconds },
      ...{ district: districtId, role: account.role, matched: { by, roster: rosterClaim(roster) } },
    };
    const record: SessionRecord = {
      ...{ sid: claims.sid, districtId, accountId: account.accountId, issuedAt: iat, expiresAt: claims.exp },
      ...{ serial: seen.standing.serial, gate: seen.gate.id, openedBy, returnTo },
    };
    const signedIn: SignedIn = { kind: 'signed-in', claims, returnTo };
    const [done] = await Promise.all([
      store.commit(
        [seen.unchanged, seen.gate.unchanged, ...links.conditions(seen.standing, pair)],
        [
          ...links.writes(seen.standing, pair),
          registry.write(record),
          ...needs.lastSuccesses.writes(districtId, {
            ...{ at: clock(), account: account.accountId, cleverId: identity.cleverId },
          }),
        ],
      ),
      opening.announce(signedIn),
    ]);
    if (done) return signedIn;
    if ((await links.state(seen.standing, pair)) !== 'taken') return 'roster_changed';
    if (pinned === 'this' || (await isSameRecord(account, identity, opening))) {
      await moveLink(seen, pair);
      return 'roster_changed';
    }
    const about = await holders(districtId, seen.standing, account, identity.cleverId);
    return { ...identityChanged(account), about };
  }

  /** Moves it unless the roster or a link changed meanwhile; either way the sign-in is decided anew. */
  async function moveLink(seen: SeenStanding, pair: Pair): Promise<void> {
    const { districtId, accountId, cleverId } = pair;
    const entry = { action: 'link_moved', at: clock(), by: 'clever', account: accountId } as const;
    const formerly = await links.findAccountId(districtId, seen.standing, cleverId);
    if (!(await links.move(seen, pair, needs.trail.write(districtId, entry)))) return;
    // Whoever was signed in by either of the links that are no more is not any longer.
    for (const ended of new Set([accountId, formerly ?? accountId]))
      await needs.endSessions.ofAccount(districtId, ended);
  }

  /** In seconds. Waits a moment after an ending: a token from the second it was in would be refused by offline checkers. */
  async function findIssueTime({ issuesFrom = 0 }: Standing): Promise<number> {
    const early = issuesFrom * 1000 - clock();
    if (early > 0) await sleep(Math.min(early, 1_000));
    // Where the clock of the server that ended something is ahead of this one's, its second counts.
    return Math.max(issuesFrom, Math.floor(clock() / 1000));
  }

  /** The account that was matched, and the one that this Clever id is linked to, if that is another: support needs both. */
  async function holders(
    districtId: string,
    standing: Standing,
    account: Account,
    cleverId: string,
  ): Promise<readonly Account[]> {
    const linkedId = await links.findAccountId(districtId, standing, cleverId);
    const isOther = linkedId !== undefined && linkedId !== account.accountId;
    const linked = isOther ? await needs.directory.find(districtId, standing, linkedId) : undefined;
    return linked === undefined ? [account] : [account, linked];
  }

  /** Clever's Data API gives the person the very record that the account is: the one thing that may move a link. */
  async function isSameRecord(account: Account, identity: Identity, opening: Opening): Promise<boolean> {
    const records = await needs.readRecords(identity, opening);
    return records.some(({ record, sisId }) => record === account.record && sisId === account.sisId);
  }
}
