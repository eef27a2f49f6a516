// The report of a pre-flight: counts and common causes without personal data, and the list that a district can act on.
import type { RosterSource } from '../district/district.ts';
import type { Row } from '../formats/csv/write-csv.ts';
import type { Difference } from '../identity/explain-mismatch.ts';
import { describeFinding } from '../roster/finding-text.ts';
import type { PreflightCode, PreflightCount, Verdict } from './preflight.ts';

const advice = {
  user_type_unsupported: 'Contacts, families and others do not use Summit. Nothing to do.',
  unknown_role:
    'Unknown role: Clever has student, teacher, staff, school and district administrator, contact. Correct the list, or export it again.',
  roster_pending: 'The district has not published a roster yet. Send one.',
  email_missing: 'Clever has no email for this person. Enter one where Clever gets it from, and in the roster.',
  email_invalid: 'The email in Clever is not one plain address. Correct it where Clever gets it from.',
  ambiguous:
    'The roster gives this email to several people (see sis_ids), and each needs an email of their own; or the rosters of two methods give one id to two people, and one of the two has to be corrected.',
  role_conflict:
    'The roster gives this email to a student where Clever says employee, or the other way round (see sis_ids). Correct the one that is wrong.',
  account_inactive:
    'The newest roster no longer has this person (see sis_ids). Put them back, or take them out of Clever.',
  email_mismatch: 'Make both addresses the same, character for character.',
  not_rostered: 'The roster has no one with this email. Add the person, or correct the email in the roster.',
  identity_changed:
    'The account with this email belongs to another person at Clever (see sis_ids). If the address was given to a new person, remove it from the old one; else ask Summit.',
} satisfies Record<Exclude<PreflightCode, 'gets_in'>, string>;

const otherId =
  'The person has another id in the roster than when they last signed in (see sis_ids). Ask Summit to move the link to it: sso-bridge link move.';

/** Where the roster does not come from the district's own files. */
const adviceBySource = {
  not_rostered: {
    clever:
      'The roster, which comes from Clever, has no one with this email. Share the person with the app SK12 Secure Sync in Clever, with a SIS id.',
    both: 'The roster has no one with this email. Add the person, or correct the email in the roster; or, if Clever sends it, share the person with the app SK12 Secure Sync in Clever, with a SIS id.',
    spreadsheet:
      'The roster has no one with this email. Add the person to the spreadsheet of teachers and staff, or correct the email there: Clever sends the students alone.',
  },
  account_inactive: {
    clever:
      'The newest roster, which comes from Clever, no longer has this person (see sis_ids). Share them with the app SK12 Secure Sync in Clever again, or take them out of Clever.',
    both: 'The newest roster no longer has this person (see sis_ids). Put them back, or share them with the app SK12 Secure Sync in Clever again, or take them out of Clever.',
    spreadsheet:
      'The newest spreadsheet of teachers and staff no longer has this person (see sis_ids). Put them back, or take them out of Clever.',
  },
} satisfies Record<MissingCode, Record<Exclude<RosterSource, 'district'>, string>>;

type MissingCode = 'not_rostered' | 'account_inactive';

function adviseOn(code: keyof typeof advice, source: RosterSource): string {
  if (source === 'district' || (code !== 'not_rostered' && code !== 'account_inactive')) return advice[code];
  return adviceBySource[code][source];
}

const differences = {
  case: 'They differ in capital letters only.',
  whitespace: 'One has a space or an invisible sign before, after or inside. Remove it.',
  unicode: 'They look the same but a letter is another one, such as from another alphabet. Type it again.',
  domain: 'They differ behind the @. Send the domain that Clever has, or change it there.',
  local_part: 'They differ before the @. Find out which is right and correct the other.',
  other: 'They are two different addresses. Find out which is right and correct the other.',
  no_email: 'The roster has the person without an email. Enter there the one that Clever has.',
} satisfies Record<Difference, string>;

interface Cause {
  readonly cause: Difference | 'students_without_email' | 'id_changed' | Exclude<PreflightCode, 'gets_in'>;
  readonly count: number;
  readonly message: string;
  /** Of `domain`: the domain in the roster, and Clever's. */
  readonly ours?: string;
  readonly clever?: string;
}

/** The output of `preflight --json` and of POST /districts/{id}/preflight. Contains no personal data. */
export function describePreflight(districtId: string, count: PreflightCount) {
  const { checked, outcomes, findings } = count;
  const getsIn = outcomes.get('gets_in') ?? 0;
  return {
    district: districtId,
    checked,
    gets_in: getsIn,
    refused: checked - getsIn,
    outcomes: Object.fromEntries(outcomes),
    causes: findCauses(count),
    findings: findings.map((finding) => ({
      severity: finding.severity,
      code: finding.code,
      ...finding.place,
      message: describeFinding(finding),
    })),
  };
}

/** Most frequent first. */
function findCauses(of: PreflightCount): Cause[] {
  const { outcomes, sources, differences: found, students_without_email, id_changed, domains } = of;
  // A domain with a single user may be personal data.
  const pairs = [...domains.values()].filter(({ count }) => count > 1);
  const inPairs = pairs.reduce((sum, { count }) => sum + count, 0);
  const causes: Cause[] = [
    ...pairs.map(({ ours, clever, count }): Cause => {
      const message = `Ours ends with @${ours}, Clever's with @${clever}. ${differences.domain}`;
      return { cause: 'domain', count, message, ours, clever };
    }),
    ...[...found].map(([cause, count]): Cause => {
      const left = cause === 'domain' ? count - inPairs : count;
      return { cause, count: left, message: differences[cause] };
    }),
    {
      cause: 'students_without_email',
      count: students_without_email,
      message: 'Clever has no email for these students. Enter them where Clever gets its data from.',
    },
    { cause: 'id_changed', count: id_changed, message: otherId },
    ...[...outcomes].flatMap(([code, count]): Cause[] => {
      if (code === 'gets_in' || code === 'email_mismatch') return [];
      if (code === 'not_rostered' || code === 'account_inactive') return missing(code);
      const apart = { email_missing: students_without_email, identity_changed: id_changed };
      const left = count - (apart[code as keyof typeof apart] ?? 0);
      return [{ cause: code, count: left, message: advice[code] }];
    }),
  ];
  function missing(cause: MissingCode): Cause[] {
    return [...(sources.get(cause) ?? [])].map(([source, count]) => ({
      cause,
      count,
      message: adviseOn(cause, source),
    }));
  }
  return causes.filter(({ count }) => count > 0).sort((one, other) => other.count - one.count);
}

export function preflightLines(districtId: string, count: PreflightCount): string[] {
  const { checked, gets_in, refused, causes, findings } = describePreflight(districtId, count);
  return [
    // A list that could not be read gives no counts.
    ...(checked === 0 && findings.length > 0
      ? []
      : [`${checked} people at Clever: ${gets_in} will get in, ${refused} will not.`]),
    ...causes.map((each) => `  ${each.count}: ${each.message}`),
    ...findings.map(({ severity, message }) => `${severity === 'error' ? 'ERROR' : 'warning'}  ${message}`),
  ];
}

const header = [
  'line',
  'outcome',
  'type',
  'first_name',
  'last_name',
  'clever_id',
  'email_in_clever',
  'email_in_roster',
  'difference',
  'sis_ids',
  'what_to_do',
] as const;

/** The rows of the list: users who will not be able to sign in, in the order of the export. */
export async function* preflightRows(verdicts: AsyncIterable<readonly Verdict[]>): AsyncGenerator<Row> {
  yield header;
  for await (const batch of verdicts) {
    for (const verdict of batch) if (verdict.code !== 'gets_in') yield rowOf(verdict);
  }
}

function rowOf({ person, code, source, ours, difference, sisIds, hasOtherId }: Verdict): Row {
  return [
    person.line === undefined ? undefined : String(person.line),
    code,
    person.userType,
    person.givenName,
    person.familyName,
    person.cleverId,
    person.email,
    ours,
    difference,
    sisIds.join(' '),
    code === 'gets_in'
      ? undefined
      : [
          hasOtherId ? otherId : adviseOn(code, source),
          ...(difference === undefined ? [] : [differences[difference]]),
        ].join(' '),
  ];
}
