// From a refusal as it was decided to what is kept of it and what the person is told. Owns which facts go where.
import { readEmail } from '../identity/email.ts';
import { maskEmail } from '../identity/mask-email.ts';
import type { Account } from '../roster/account.ts';
import type { RosterSource } from '../roster/roster-source.ts';
import type { AccountFacts, AttemptFacts, CleverFacts } from '../support/attempt.ts';
import type { DecisionRefused } from './decide-sign-in.ts';
import { type App, audienceOf, type Refused } from './outcome.ts';
import type { Claims } from './ports.ts';

/** The store fell silent after Clever had vouched for the person. */
export interface StoreSilent {
  readonly kind: 'refused';
  readonly code: 'service_unavailable';
}

/** Keeps the attempt and answers its reference; never rejects. `kept` is false if the store did not answer. */
export type RecordAttempt = (attempt: AttemptFacts) => Promise<{ readonly reference: string; readonly kept: boolean }>;

/** What the log says of a refusal beyond the refusal itself. */
export interface Note {
  readonly district?: string;
  readonly reason?: string;
  /** The attempt could not be kept: the log line is its only record. */
  readonly unrecorded?: true;
}

export type RecordedRefusal = Refused & { readonly note: Note };

/** @param rosterSource told to the person and not kept: support reads the district as it is then */
export async function recordRefusal(
  record: RecordAttempt,
  attempt: AttemptFacts,
  rosterSource?: RosterSource,
): Promise<RecordedRefusal> {
  const { reference, kept } = await record(attempt);
  const { code, app, district, reason, difference, clever } = attempt;
  const email = readEmail(clever?.email);
  return {
    kind: 'refused',
    code,
    app,
    reference,
    audience: audienceOf(clever?.user_type),
    ...(difference === undefined ? {} : { difference }),
    ...(email.kind === 'plain' ? { maskedEmail: maskEmail(email.address) } : {}),
    ...(rosterSource === undefined ? {} : { rosterSource }),
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

/** A claim that is no text is kept as its JSON, cut short: support sees what was sent. */
function cleverFacts(claims: Claims): CleverFacts {
  const facts = Object.entries(keptClaims).flatMap(([name, claim]) => {
    const value = claims[claim];
    const text = typeof value === 'string' ? value : JSON.stringify(value ?? undefined);
    return text === undefined ? [] : [[name, text.slice(0, 320)]];
  });
  return Object.fromEntries(facts);
}
