// Turns a refusal into the stored attempt and the facts of the user's page. Owns which facts go where.

import { maskEmail, readEmail } from '../identity/email.ts';
import type { Difference, EmailMismatch } from '../identity/explain-mismatch.ts';
import { type App, audienceOf, type Refused } from '../outcome/outcome.ts';
import type { Account } from '../roster/account.ts';
import type { AccountFacts, AttemptFacts, CleverFacts } from '../support/attempt.ts';
import type { DecisionRefused } from './decide-sign-in.ts';
import type { Claims } from './ports.ts';

/** The store stopped answering after Clever had verified the user. */
export interface StoreSilent {
  readonly kind: 'refused';
  readonly code: 'service_unavailable';
}

/**
 * Stores the attempt and returns its reference; never rejects. `kept` is false if the store did not answer (the log line then
 * has the reference) or if the rate limit for anonymous attempts is exceeded (there is no reference).
 */
export type RecordAttempt = (attempt: AttemptFacts) => Promise<{
  readonly reference?: string;
  readonly kept: boolean;
}>;

/** Fields of the log line in addition to the refusal. */
export interface Note {
  readonly district?: string;
  readonly reason?: string;
  /** The attempt could not be stored: the log line is its only record. */
  readonly unrecorded?: true;
}

export type RecordedRefusal = Refused & { readonly note: Note };

/** Shown to the user and not stored: support reads the district again. */
export type PageFacts = Pick<Refused, 'rosterSource' | 'districtName' | 'timeZone' | 'side'>;

export async function recordRefusal(
  record: RecordAttempt,
  attempt: AttemptFacts,
  facts: PageFacts = {},
): Promise<RecordedRefusal> {
  const { reference, kept } = await record(attempt);
  const { code, app, at, district, reason, difference, clever } = attempt;
  const email = readEmail(clever?.email);
  return {
    kind: 'refused',
    code,
    app,
    at,
    ...(reference === undefined ? {} : { reference }),
    audience: audienceOf(clever?.user_type),
    ...(difference === undefined ? {} : { difference }),
    ...(email.kind === 'plain' ? { maskedEmail: maskEmail(email.address) } : {}),
    ...facts,
    note: {
      ...(district === undefined ? {} : { district }),
      ...(reason === undefined ? {} : { reason }),
      ...(kept ? {} : { unrecorded: true }),
    },
  };
}

/** @param at milliseconds since the epoch */
export function describeRefusal(
  refused: DecisionRefused | StoreSilent,
  claims: Claims,
  app: App,
  at: number,
): AttemptFacts {
  const about = aboutOf(refused).map(accountFacts);
  const district = 'district' in refused ? refused.district : undefined;
  return {
    code: refused.code,
    app,
    at,
    clever: cleverFacts(claims),
    ...(district === undefined ? {} : { district }),
    ...('difference' in refused ? { difference: refused.difference } : {}),
    ...(about.length === 0 ? {} : { about }),
  };
}

/** Facts for the page that are not stored: the source of the roster, and the address with the unusual form. */
export function pageFactsOf(refused: DecisionRefused, claims: Claims): PageFacts {
  const { rosterSource, districtName, timeZone } = refused;
  const side = 'rosterEmail' in refused ? oddSide(refused, claims['email']) : undefined;
  return {
    ...(rosterSource === undefined ? {} : { rosterSource }),
    ...(districtName === undefined ? {} : { districtName: districtName.slice(0, 80).toWellFormed() }),
    ...(timeZone === undefined ? {} : { timeZone }),
    ...(side === undefined ? {} : { side }),
  };
}

/** What makes an address unusual, for each such difference. */
const odd: Readonly<Partial<Record<Difference, RegExp>>> = {
  whitespace: /\s/u,
  unicode: /[^\p{ASCII}]/u,
  case: /\p{Lu}/u,
};

function oddSide({ difference, rosterEmail = '' }: EmailMismatch, claimed: unknown): 'clever' | 'roster' | undefined {
  const isOdd = odd[difference];
  if (isOdd === undefined) return undefined;
  const [clever, roster] = [isOdd.test(String(claimed)), isOdd.test(rosterEmail)];
  if (clever === roster) return undefined;
  return clever ? 'clever' : 'roster';
}

const aboutOf = (refused: DecisionRefused | StoreSilent): readonly Account[] =>
  'about' in refused ? refused.about : 'candidate' in refused ? [refused.candidate] : [];

const accountFacts = ({ accountId, record, sisId, sources }: Account): AccountFacts => ({
  account: accountId,
  record,
  sis_id: sisId,
  sources,
});

const keptClaims = {
  district: 'district',
  clever_id: 'sub',
  user_type: 'user_type',
  email: 'email',
  given_name: 'given_name',
  family_name: 'family_name',
} satisfies Record<keyof CleverFacts, string>;

/** A claim that is not a string is stored as truncated JSON: support sees what was sent. */
function cleverFacts(claims: Claims): CleverFacts {
  const facts = Object.entries(keptClaims).flatMap(([name, claim]) => {
    const value = claims[claim];
    const text = typeof value === 'string' ? value : JSON.stringify(value ?? undefined);
    return text === undefined ? [] : [[name, text.slice(0, 320)]];
  });
  return Object.fromEntries(facts);
}
