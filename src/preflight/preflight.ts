// Predicts who will be able to sign in, who will not and why: each listed user goes through the decision of the
// sign-in. Reads only; memory stays bounded.

import { type District, type RosterSource, rosterSourceOf } from '../district/district.ts';
import type { ExportItem, ExportPerson, Finding, RecordType } from '../formats/feed.ts';
import { type Difference, explainMismatch } from '../identity/explain-mismatch.ts';
import { foldName } from '../identity/folding.ts';
import { type Identity, readIdentity, type UserTypeUnsupported } from '../identity/identity.ts';
import type { Account } from '../roster/account.ts';
import { createAccountIds } from '../roster/account-ids.ts';
import { methodsOf, withMethods } from '../roster/adopt-methods.ts';
import { decideMatch, type MatchDecision } from '../roster/decide-match.ts';
import { type DistrictRoster, type DistrictRosterPorts, openDistrictRoster } from '../roster/district-roster.ts';
import type { PublishedRosters } from '../roster/published-roster.ts';
import { collectFindings } from '../roster/report.ts';
import type { Store } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';

export type PreflightCode =
  | 'gets_in'
  | 'unknown_role'
  | Extract<MatchDecision | UserTypeUnsupported, { kind: 'refused' }>['code'];

export interface Verdict {
  readonly person: ExportPerson;
  readonly kind: Identity['kind'] | undefined;
  readonly code: PreflightCode;
  /** Who can add the user, if missing. */
  readonly source: RosterSource;
  /** The roster address that the evidence points to. */
  readonly ours: string | undefined;
  readonly difference: Difference | undefined;
  /** An `identity_changed` because the user is linked to an account that left: the roster now has another id. */
  readonly hasOtherId?: boolean;
  /** SIS ids of the roster accounts concerned. */
  readonly sisIds: readonly string[];
}

export interface PreflightCount {
  readonly checked: number;
  readonly outcomes: ReadonlyMap<PreflightCode, number>;
  /** Of `not_rostered` and `account_inactive`: who can add the users. */
  readonly sources: ReadonlyMap<PreflightCode, ReadonlyMap<RosterSource, number>>;
  readonly students_without_email: number;
  /** Of `identity_changed`: users who have another id in the roster now. */
  readonly id_changed: number;
  readonly differences: ReadonlyMap<Difference, number>;
  /** `ours` against `clever`, for addresses that differ in the domain only. */
  readonly domains: ReadonlyMap<string, { readonly ours: string; readonly clever: string; readonly count: number }>;
  readonly findings: readonly Finding[];
}

export interface PreflightRun {
  /** Must be read to its end. */
  readonly verdicts: AsyncGenerator<readonly Verdict[]>;
  /** The counts so far. */
  count(): PreflightCount;
}

interface PreflightNeeds extends DistrictRosterPorts {
  readonly store: Store;
  readonly vault: Vault;
  readonly rosters: Pick<PublishedRosters, 'read'>;
}

export type Preflight = (district: District, people: AsyncIterable<ExportItem>) => PreflightRun;

const batchSize = 50;

export function createPreflight(needs: PreflightNeeds): Preflight {
  return (district, people) => {
    const tally = createTally();
    async function* run(): AsyncGenerator<readonly Verdict[]> {
      const findings = collectFindings();
      for await (const batch of batches(people)) {
        for (const item of batch) if (item.kind === 'finding') findings.add(item);
        tally.findings = findings.result().list;
        const verdicts = await Promise.all(
          batch.flatMap((item) => (item.kind === 'person' ? [judge(needs, district, item.person)] : [])),
        );
        for (const verdict of verdicts) tally.add(verdict);
        yield verdicts;
      }
    }
    return { verdicts: run(), count: tally.count };
  };
}

/** One user at Clever becomes a verdict. */
async function judge(needs: PreflightNeeds, district: District, person: ExportPerson): Promise<Verdict> {
  const { rosters, directory, links } = needs;
  const read = readIdentity({
    sub: person.cleverId ?? 'not-in-the-list',
    user_type: person.userType,
    district: district.cleverId,
    email: person.email,
    given_name: person.givenName,
    family_name: person.familyName,
  });
  if (read.kind === 'refused') return unsupported(person, read);
  const { identity } = read;
  const seen = await rosters.read(district.id, 500);
  // As at a sign-in: rosters of methods that the district no longer has do not count.
  const published = withMethods(seen.published, methodsOf(district));
  const roster = openDistrictRoster({ directory, links }, { ...seen, published });
  const isIdKnown = person.cleverId !== undefined;
  const decision = await decideMatch(roster, identity, { isIdKnown });
  const hint = decision.kind === 'refused' && decision.code === 'not_rostered';
  const isOther =
    decision.kind === 'refused' && decision.code === 'identity_changed' && decision.about.some(isNamed(identity));
  const hasOtherId = isOther && (await isLinkedToLeaver(roster, identity.cleverId));
  const verdict = verdictOf(
    person,
    identity.kind,
    rosterSourceOf(district, identity.kind),
    decision,
    hint ? await findBySisId(needs, roster, person, identity) : undefined,
  );
  return hasOtherId ? { ...verdict, hasOtherId } : verdict;
}

async function isLinkedToLeaver(roster: DistrictRoster, cleverId: string): Promise<boolean> {
  const linkedId = await roster.findLinkedAccountId(cleverId);
  return linkedId !== undefined && (await roster.find(linkedId)) === undefined;
}

/** The list may give the SIS id, which most sign-ins lack. It only adds a hint to the verdict. */
async function findBySisId(
  { store, vault }: PreflightNeeds,
  roster: DistrictRoster,
  { sisId, userType }: ExportPerson,
  identity: Identity,
): Promise<Hint | undefined> {
  if (sisId === undefined || identity.email.kind !== 'plain') return undefined;
  const ids = await createAccountIds({ store, vault, districtId: roster.districtId });
  const accountIds = await ids.resolveRecords(recordOf(userType), [sisId]);
  const found = await roster.findMany(accountIds);
  const further = found.length > 0 ? undefined : await roster.findByFurtherId(sisId, identity.kind);
  const sameId = further === undefined ? found : [further];
  const explained = explainMismatch(identity, identity.email.address, { lookingAlike: [], sameId, sameName: [] });
  return explained.code === 'email_mismatch'
    ? { account: explained.candidate, ours: explained.rosterEmail, difference: explained.difference }
    : undefined;
}

interface Hint {
  readonly account: Account;
  readonly ours: string | undefined;
  readonly difference: Difference;
}

/** Clever uses one type for contacts and families; any other unknown type is an error in the list. */
const unsupported = (person: ExportPerson, refused: UserTypeUnsupported): Verdict => {
  const verdict = verdictOf(person, undefined, 'district', refused);
  return person.userType === 'contact' ? verdict : { ...verdict, code: 'unknown_role' };
};

const isNamed =
  ({ givenName = '', familyName = '' }: Identity) =>
  (account: Account): boolean =>
    foldName(account.givenName, account.familyName) === foldName(givenName, familyName);

const recordOf = (userType: string): RecordType =>
  userType === 'student' || userType === 'teacher' ? userType : 'staff';

function verdictOf(
  person: ExportPerson,
  kind: Verdict['kind'],
  source: RosterSource,
  decision: MatchDecision | UserTypeUnsupported,
  hint?: Hint,
): Verdict {
  if (decision.kind === 'matched') {
    return {
      person,
      kind,
      code: 'gets_in',
      source,
      ours: person.email,
      difference: undefined,
      sisIds: [decision.candidate.sisId],
    };
  }
  const about =
    decision.code === 'email_mismatch'
      ? [decision.candidate]
      : 'about' in decision
        ? decision.about
        : hint && [hint.account];
  return {
    person,
    kind,
    code: decision.code,
    source,
    ours: decision.code === 'email_mismatch' ? decision.rosterEmail : hint?.ours,
    difference: decision.code === 'email_mismatch' ? decision.difference : hint?.difference,
    sisIds: (about ?? []).map(({ sisId }) => sisId),
  };
}

async function* batches(items: AsyncIterable<ExportItem>): AsyncGenerator<readonly ExportItem[]> {
  let batch: ExportItem[] = [];
  for await (const item of items) {
    batch.push(item);
    if (batch.length < batchSize) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** Bounds memory; no real list has as many pairs of domains. */
const maxDomains = 1_000;

function createTally() {
  let checked = 0;
  let studentsWithoutEmail = 0;
  let idChanged = 0;
  const outcomes = new Map<PreflightCode, number>();
  const sources = new Map<PreflightCode, Map<RosterSource, number>>();
  const differences = new Map<Difference, number>();
  const domains = new Map<string, { ours: string; clever: string; count: number }>();
  const tally = {
    findings: [] as readonly Finding[],
    add({ person, kind, code, source, ours, difference, hasOtherId }: Verdict) {
      checked += 1;
      outcomes.set(code, (outcomes.get(code) ?? 0) + 1);
      if (code === 'not_rostered' || code === 'account_inactive') addSource(code, source);
      if (code === 'email_missing' && kind === 'student') studentsWithoutEmail += 1;
      if (hasOtherId) idChanged += 1;
      if (difference === undefined) return;
      differences.set(difference, (differences.get(difference) ?? 0) + 1);
      if (difference === 'domain') addDomains(domainOf(ours), domainOf(person.email));
    },
    count: (): PreflightCount => ({
      checked,
      outcomes,
      sources,
      students_without_email: studentsWithoutEmail,
      id_changed: idChanged,
      differences,
      domains,
      findings: tally.findings,
    }),
  };
  const addSource = (code: PreflightCode, source: RosterSource) => {
    const known = sources.get(code) ?? new Map<RosterSource, number>();
    sources.set(code, known.set(source, (known.get(source) ?? 0) + 1));
  };
  const addDomains = (ours: string, clever: string) => {
    const pair = `${ours}\n${clever}`;
    const known = domains.get(pair);
    if (known !== undefined) known.count += 1;
    else if (domains.size < maxDomains) domains.set(pair, { ours, clever, count: 1 });
  };
  return tally;
}

const domainOf = (address = ''): string => address.slice(address.lastIndexOf('@') + 1).trim();
