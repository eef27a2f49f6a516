// Who will get in, who will not and why, before anyone clicks: people known beforehand go through the very decision of the
// sign-in. Reads only; memory stays flat.
import type { Difference } from '../identity/explain-mismatch.ts';
import { explainMismatch } from '../identity/explain-mismatch.ts';
import type { Identity } from '../identity/identity.ts';
import { readIdentity, type UserTypeUnsupported } from '../identity/read-identity.ts';
import type { DecideMatch, MatchDecision } from '../sign-in/decide-match.ts';
import type { Store } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';
import type { Account } from './account.ts';
import { createAccountIds } from './account-ids.ts';
import type { Directory } from './directory.ts';
import type { District } from './district.ts';
import type { ExportItem, ExportPerson } from './export-person.ts';
import type { Finding, RecordType } from './feed.ts';
import { collectFindings } from './report.ts';
import { type RosterSource, rosterSourceOf } from './roster-source.ts';
import type { Standing, Standings } from './standing.ts';

export type PreflightCode = 'gets_in' | Extract<MatchDecision | UserTypeUnsupported, { kind: 'refused' }>['code'];

export interface Verdict {
  readonly person: ExportPerson;
  readonly kind: Identity['kind'] | undefined;
  readonly code: PreflightCode;
  /** Who can bring the person in, if they are missing. */
  readonly source: RosterSource;
  /** The address of ours that the evidence points to. */
  readonly ours: string | undefined;
  readonly difference: Difference | undefined;
  /** SIS ids of the accounts of ours this is about. */
  readonly sisIds: readonly string[];
}

export interface PreflightCount {
  readonly checked: number;
  readonly outcomes: ReadonlyMap<PreflightCode, number>;
  /** Of `not_rostered` and `account_inactive`: who can bring them in. */
  readonly sources: ReadonlyMap<PreflightCode, ReadonlyMap<RosterSource, number>>;
  readonly students_without_email: number;
  readonly differences: ReadonlyMap<Difference, number>;
  /** `ours` against `clever`, for addresses that differ in nothing else. */
  readonly domains: ReadonlyMap<string, { readonly ours: string; readonly clever: string; readonly count: number }>;
  readonly findings: readonly Finding[];
}

export interface PreflightRun {
  /** To be read to its end. */
  readonly verdicts: AsyncGenerator<readonly Verdict[]>;
  /** What was counted so far. */
  count(): PreflightCount;
}

export interface PreflightNeeds {
  readonly store: Store;
  readonly vault: Vault;
  readonly standings: Standings;
  readonly directory: Directory;
  readonly decideMatch: DecideMatch;
}

export type Preflight = (district: District, people: AsyncIterable<ExportItem>) => PreflightRun;

/** Decided at once. */
const together = 50;

export function createPreflight({ store, vault, standings, directory, decideMatch }: PreflightNeeds): Preflight {
  return (district, people) => {
    const tally = createTally();
    async function* run(): AsyncGenerator<readonly Verdict[]> {
      const findings = collectFindings();
      for await (const batch of batches(people)) {
        for (const item of batch) if (item.kind === 'finding') findings.add(item);
        tally.findings = findings.result().list;
        const verdicts = await Promise.all(
          batch.flatMap((item) => (item.kind === 'person' ? [judge(district, item.person)] : [])),
        );
        for (const verdict of verdicts) tally.add(verdict);
        yield verdicts;
      }
    }
    return { verdicts: run(), count: tally.count };
  };

  async function judge(district: District, person: ExportPerson): Promise<Verdict> {
    const read = readIdentity({
      sub: person.cleverId ?? 'not-in-the-list',
      user_type: person.userType,
      district: district.cleverId,
      email: person.email,
      given_name: person.givenName,
      family_name: person.familyName,
    });
    if (read.kind === 'refused') return verdictOf(person, undefined, 'district', read);
    const { identity } = read;
    const { standing } = await standings.read(district.id, 500);
    const isIdKnown = person.cleverId !== undefined;
    const decision = await decideMatch.decide(district.id, standing, identity, { isIdKnown });
    const hint = decision.kind === 'refused' && decision.code === 'not_rostered';
    return verdictOf(
      person,
      identity.kind,
      rosterSourceOf(district, identity.kind),
      decision,
      hint ? await findBySisId(district.id, standing, person, identity) : undefined,
    );
  }

  /** The list may know the SIS id, which the sign-in of most districts does not: it only adds what we have instead. */
  async function findBySisId(
    districtId: string,
    standing: Standing,
    { sisId, userType }: ExportPerson,
    identity: Identity,
  ): Promise<{ account: Account; ours: string; difference: Difference } | undefined> {
    if (sisId === undefined || identity.email.kind !== 'plain') return undefined;
    const ids = await createAccountIds({ store, vault, districtId });
    const accountIds = await ids.resolveRecords(recordOf(userType), [sisId]);
    const sameId = await directory.findMany(districtId, standing, accountIds);
    const found = explainMismatch(identity, identity.email.address, { lookingAlike: [], sameId, sameName: [] });
    return found.code === 'email_mismatch'
      ? { account: found.candidate, ours: found.rosterEmail, difference: found.difference }
      : undefined;
  }
}

const recordOf = (userType: string): RecordType =>
  userType === 'student' || userType === 'teacher' ? userType : 'staff';

function verdictOf(
  person: ExportPerson,
  kind: Verdict['kind'],
  source: RosterSource,
  decision: MatchDecision | UserTypeUnsupported,
  hint?: { readonly account: Account; readonly ours: string; readonly difference: Difference },
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
    if (batch.length < together) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** No list of people has more pairs of domains worth telling. */
const mostDomains = 1_000;

function createTally() {
  let checked = 0;
  let studentsWithoutEmail = 0;
  const outcomes = new Map<PreflightCode, number>();
  const sources = new Map<PreflightCode, Map<RosterSource, number>>();
  const differences = new Map<Difference, number>();
  const domains = new Map<string, { ours: string; clever: string; count: number }>();
  const tally = {
    findings: [] as readonly Finding[],
    add({ person, kind, code, source, ours, difference }: Verdict) {
      checked += 1;
      outcomes.set(code, (outcomes.get(code) ?? 0) + 1);
      if (code === 'not_rostered' || code === 'account_inactive') addSource(code, source);
      if (code === 'email_missing' && kind === 'student') studentsWithoutEmail += 1;
      if (difference === undefined) return;
      differences.set(difference, (differences.get(difference) ?? 0) + 1);
      if (difference === 'domain') addDomains(domainOf(ours), domainOf(person.email));
    },
    count: (): PreflightCount => ({
      checked,
      outcomes,
      sources,
      students_without_email: studentsWithoutEmail,
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
    else if (domains.size < mostDomains) domains.set(pair, { ours, clever, count: 1 });
  };
  return tally;
}

const domainOf = (address = ''): string => address.slice(address.lastIndexOf('@') + 1).trim();
