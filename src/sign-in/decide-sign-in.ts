// The ordered decision of contract section 2, line by line: I/O fetches, pure functions decide. open-session.ts has
// line 8 and the opening of the session.
import { type District, rosterSourceOf } from '../district/district.ts';
import type { EmailMismatch, NotRostered } from '../identity/explain-mismatch.ts';
import { type Identity, type Kind, readIdentity, type UserTypeUnsupported } from '../identity/identity.ts';
import type { MatchRefused } from '../identity/match-account.ts';
import type { Refused } from '../outcome/outcome.ts';
import type { Account } from '../roster/account.ts';
import { hasMethods, methodsOf } from '../roster/adopt-methods.ts';
import { explainMiss, type IdentityChanged, matchInRoster, type RosterPending } from '../roster/decide-match.ts';
import type { Directory } from '../roster/directory.ts';
import { type DistrictRoster, openDistrictRoster } from '../roster/district-roster.ts';
import type { Links } from '../roster/links.ts';
import type { PublishedRosters, SeenRoster } from '../roster/published-roster.ts';
import { ignoreSilence, StoreUnavailable } from '../store/store.ts';
import { type Opening, type OpenSessionNeeds, openSession, type SignedIn } from './open-session.ts';
import type { Claims } from './ports.ts';

export interface RateLimited {
  readonly kind: 'refused';
  readonly code: 'rate_limited';
}

type DistrictNotLinked = { readonly kind: 'refused'; readonly code: 'district_not_linked' };

export type DecisionRefused = Pick<Refused, 'rosterSource' | 'districtName' | 'timeZone'> & {
  readonly district?: string;
} & (
    | UserTypeUnsupported
    | DistrictNotLinked
    | RateLimited
    | RosterPending
    | MatchRefused<Account>
    | EmailMismatch<Account>
    | NotRostered
    | IdentityChanged
  );

export type DecideSignIn = (claims: Claims, opening: Opening) => Promise<SignedIn | DecisionRefused>;

export interface DecisionNeeds extends OpenSessionNeeds {
  readonly findDistrict: (cleverDistrict: string) => Promise<District | undefined>;
  readonly rosters: PublishedRosters;
  /** The published roster of the district, with its current methods. */
  readonly adoptMethods: (districtId: string) => Promise<SeenRoster>;
  readonly directory: Directory;
  readonly links: Links;
  /** Updates one user of a Secure Sync district from Clever's Data API; false if nothing changed, or not in time. */
  readonly refreshPerson: (district: District, identity: Identity, opening: Opening) => Promise<boolean>;
}

/** Maximum age of the roster in the first attempt; after a miss the newest one is read. */
const maxAgeMs = 500;

function noDistrict(failure: unknown): undefined {
  ignoreSilence(failure);
}

/** Lets support find the attempt by its district, and the page name the district. */
function withDistrict(refused: DecisionRefused, district: District | undefined): DecisionRefused {
  if (district === undefined) return refused;
  const { id, name, settings } = district;
  return { ...refused, district: id, districtName: name, ...(settings?.timeZone && { timeZone: settings.timeZone }) };
}

type Found = Awaited<ReturnType<typeof matchInRoster>>;

/** Compares their stored bytes, which differ after each change because they are sealed again. */
function isSameRoster({ unchanged: one }: SeenRoster, { unchanged: other }: SeenRoster): boolean {
  const [before, now] = [one.oneOf[0], other.oneOf[0]];
  return before === undefined || now === undefined ? before === now : before.equals(now);
}

/** Lets the page say who can add a missing user to the roster. */
function withSource(refused: DecisionRefused, district: District, kind: Kind): DecisionRefused {
  if (refused.code !== 'not_rostered' && refused.code !== 'account_inactive') return refused;
  const rosterSource = rosterSourceOf(district, kind);
  return rosterSource === 'district' ? refused : { ...refused, rosterSource };
}

export function createDecideSignIn(needs: DecisionNeeds): DecideSignIn {
  // Long because its steps share the opened rosters.
  /** One DistrictRoster for each SeenRoster, which sign-ins share for half a second. */
  const openedRosters = new WeakMap<SeenRoster, DistrictRoster>();

  return async (claims, opening) => {
    const read = readIdentity(claims);
    // Line 1 needs no store: if it does not answer, the refusal is without a district.
    if (read.kind === 'refused') return withDistrict(read, await findDistrict(claims['district']).catch(noDistrict));
    const { identity } = read;
    const district = await findDistrict(identity.cleverDistrict);
    if (district === undefined) return { kind: 'refused', code: 'district_not_linked' };
    const outcome = await decideInDistrict(district, identity, opening);
    if (outcome.kind === 'signed-in' || outcome.code === 'district_not_linked') return outcome;
    return withSource(withDistrict(outcome, district), district, identity.kind);
  };

  async function findDistrict(cleverDistrict: unknown): Promise<District | undefined> {
    return typeof cleverDistrict === 'string' && cleverDistrict.length <= 1024 && cleverDistrict.isWellFormed()
      ? needs.findDistrict(cleverDistrict)
      : undefined;
  }

  async function decideInDistrict(
    district: District,
    identity: Identity,
    opening: Opening,
  ): Promise<SignedIn | DecisionRefused> {
    let canRefresh = district.rostering.some((rostering) => rostering.startsWith('secure-sync'));
    let firstLookUp: { readonly roster: DistrictRoster; readonly found: Found } | undefined;
    for (let attempt = 0; attempt < 10; attempt += 1) {
      const roster = await readRoster(district, attempt === 0 ? maxAgeMs : 0);
      // Race: an administrator links the Clever district to another district and, a second later, ends the sessions of
      // the former one. Checked after the roster was read, so that no session of the former one is opened after that.
      if ((await needs.findDistrict(district.cleverId))?.id !== district.id)
        return { kind: 'refused', code: 'district_not_linked' };
      // The first look-up is valid if the newest roster is the one that it used.
      const found =
        firstLookUp !== undefined && isSameRoster(firstLookUp.roster, roster)
          ? firstLookUp.found
          : await matchInRoster(roster, identity);
      firstLookUp = attempt === 0 && found.kind !== 'matched' ? { roster, found } : undefined;
      if (found.kind === 'matched') {
        const sessionEpoch = await needs.registry.sessionEpoch(district.id, attempt > 0);
        const opened = await openSession(needs, { roster, sessionEpoch, identity, found }, opening);
        if (opened !== 'roster_changed') return opened;
      } else if (attempt > 0) {
        if (found.kind !== 'missed') return found;
        if (!canRefresh || !(await opening.resume(() => needs.refreshPerson(district, identity, opening)))) {
          return explainMiss(roster, identity, found.address);
        }
        canRefresh = false;
      }
    }
    throw new StoreUnavailable(new Error('the roster changed ten times under one sign-in'));
  }

  /** With exactly the feeds of the district's current methods; the commit depends on them through `unchanged`. */
  async function readRoster(district: District, ageMs: number): Promise<DistrictRoster> {
    const seen = await needs.rosters.read(district.id, ageMs);
    const isCurrent = hasMethods(seen.published, methodsOf(district));
    return open(isCurrent ? seen : await needs.adoptMethods(district.id));
  }

  function open(seen: SeenRoster): DistrictRoster {
    const known = openedRosters.get(seen);
    if (known !== undefined) return known;
    const roster = openDistrictRoster(needs, seen);
    openedRosters.set(seen, roster);
    return roster;
  }
}
