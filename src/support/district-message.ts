// The message of support to the district: what is wrong with one user's record and where to look; and the CSV of a
// district's open mismatches for its administrator. Both contain that user's own data only: an address of the roster only
// if it cannot be another person's, else its place in the district's own file.
import { type Rostering, type RosterSource, rosterSourceOf, timeZoneOf } from '../district/district.ts';
import { showTime } from '../district/time-zone.ts';
import { texts as allTexts } from '../outcome/languages.ts';
import { audienceOf } from '../outcome/outcome.ts';
import { type Code, type Message, outcomeCodes } from '../outcome/outcome-codes.ts';
import { showReference } from '../outcome/reference.ts';
import { messageOf, nextStepOf } from '../outcome/refusal-texts.ts';
import type { Attempt } from './attempt.ts';
import type { AttemptDetail, RosterValue } from './attempt-detail.ts';
import { describeUnreadRosterToDistrict } from './unread-roster.ts';

const atClever =
  'At Clever: addresses loaded there beside the sync (student_emails.csv, teacher_emails.csv, Google Accounts Manager), or the field of the student information system that Clever’s Auto Sync takes the address from.';

const ofRostering = {
  sftp: 'In the files sent to Summit K12: the column of the export that has the addresses (email in users.csv of OneRoster, where username may hold the one of the login; Student_email and Teacher_email in Clever’s format).',
  manual: 'In the spreadsheet sent to Summit K12: its column of email addresses.',
  'secure-sync':
    'The roster is read from Clever itself every night: an address that was corrected there since then is in it by tomorrow.',
} as const;

const methodOf = (rostering: Rostering): keyof typeof ofRostering =>
  rostering === 'sftp' || rostering === 'manual' ? rostering : 'secure-sync';

/**
 * The likely sources of an address that differs between Clever and the roster. The first line is Clever's side, then
 * one for each method of the district.
 */
export const likelyPlaces = (rostering: readonly Rostering[]): readonly string[] => [
  atClever,
  ...[...new Set(rostering.map(methodOf))].map((method) => ofRostering[method]),
];

type MessageFacts = Pick<AttemptDetail, 'attempt' | 'roster'> &
  Partial<Pick<AttemptDetail, 'district' | 'state' | 'facts'>>;

/** Undefined if the district need not do anything: no message for what Summit fixes itself, or what is resolved. */
export function writeDistrictMessage({
  attempt,
  roster,
  district,
  state,
  facts = [],
}: MessageFacts): string | undefined {
  if (state !== undefined && isOver(state)) return undefined;
  const texts = textsFor(attempt, district);
  if (texts === undefined) return undefined;
  const { clever, difference, reference, at } = attempt;
  return [
    `Hello, a person of your district could not sign in to Summit K12 on ${showTime(at, district && timeZoneOf(district))}.`,
    '',
    `${texts.what}${difference === undefined ? '' : ` ${allTexts.en.differences[difference].adult}`}`,
    '',
    ...(clever?.clever_id === undefined ? [] : [`Clever id: ${clever.clever_id}`]),
    ...(clever === undefined ? ['Who: (Clever did not say; please fill in)'] : []),
    ...(clever?.email === undefined ? [] : [`Clever sends: ${JSON.stringify(clever.email)}`]),
    // The account may now belong to another person than the login.
    ...(attempt.code === 'identity_changed' ? [] : roster).flatMap((value) =>
      describeValue(value, rosterNames(attempt.code)),
    ),
    ...describeSides(attempt, roster),
    ...facts.flatMap((fact) => (fact.kind === 'roster_not_read' ? ['', describeUnreadRosterToDistrict(fact)] : [])),
    '',
    texts.ask,
    ...describeChange(attempt, roster),
    ...describePlaces(attempt.code, district),
    '',
    `Reference: ${showReference(reference)}`,
  ].join('\n');
}

/** An attempt of which Clever did not say who it was is closed at once, and may still need the district. */
const isOver = ({ state, resolvedAt }: AttemptDetail['state']): boolean =>
  state === 'mended' || resolvedAt !== undefined;

/** What each side has. Of the roster's address only the domain: the rest may be another person's. */
function describeSides({ clever, difference }: Attempt, roster: readonly RosterValue[]): string[] {
  const [local, domain] = clever?.email?.split('@') ?? [];
  if (local === undefined || domain === undefined || roster.length === 0) return [];
  if (difference === 'local_part')
    return [
      `Before the @ sign Clever has ${JSON.stringify(local)}; the roster has something else there, at the place above.`,
    ];
  if (difference !== 'domain') return [];
  const domains = roster.flatMap(({ email }) => email?.split('@')[1] ?? []);
  const other = domains.find((each) => each !== domain);
  return other === undefined
    ? []
    : [`After the @ sign Clever has ${JSON.stringify(domain)} and the roster has ${JSON.stringify(other)}.`];
}

/** Where it can be changed: in a roster that is read from Clever, only there. */
const describeChange = ({ code, difference }: Attempt, roster: readonly RosterValue[]): string[] =>
  code === 'email_mismatch' && difference !== 'no_email' && roster.some(({ method }) => method !== 'secure-sync')
    ? [
        'If the address in Clever is right, change the roster at the place above. If that of the roster is, change Clever.',
      ]
    : [];

function describePlaces(code: Code, district: AttemptDetail['district']): string[] {
  if (code !== 'email_mismatch' || district === undefined) return [];
  return ['', 'Where the two addresses may come from:', ...likelyPlaces(district.rostering).map((line) => `- ${line}`)];
}

function textsFor(attempt: Attempt, district: AttemptDetail['district']): Message | undefined {
  const { owner, districtQuestion } = outcomeCodes[attempt.code];
  if (districtQuestion !== undefined) return districtQuestion;
  return owner === 'district' || owner === 'wait' ? messageOf(attempt, whoRosters(attempt, district)) : undefined;
}

/** The next step of support. */
export const describeNextStep = (
  attempt: Pick<Attempt, 'code' | 'clever'>,
  district: AttemptDetail['district'],
): string => nextStepOf(attempt.code, whoRosters(attempt, district));

/** What the district is asked to do. */
export const describeWhatToDo = (attempt: Attempt, district: AttemptDetail['district']): string | undefined =>
  attempt.code === 'user_type_unsupported' && attempt.clever?.user_type === 'contact'
    ? 'Nothing to change: this is a family contact in Clever, and family contacts do not use Summit K12.'
    : messageOf(attempt, whoRosters(attempt, district))?.ask;

/** Who can add the user of an attempt to the roster, by the district's current rostering. */
const whoRosters = ({ clever }: Pick<Attempt, 'clever'>, district: AttemptDetail['district']): RosterSource =>
  rosterSourceOf(district, audienceOf(clever?.user_type));

/** Users who left are in the roster before the newest: the same line of the newest one is another person's. */
const rosterNames = (code: Code): 'Roster' | 'Roster before the newest' =>
  code === 'account_inactive' ? 'Roster before the newest' : 'Roster';

function describeValue(
  { email, looksAlike, method, place, difference }: RosterValue,
  roster: ReturnType<typeof rosterNames>,
): string[] {
  if (email === undefined) return [`The roster has no address: ${describePlace(method, place)}`];
  const isSame = difference === undefined;
  return [
    isSame || !looksAlike
      ? `${roster}: see ${describePlace(method, place)}`
      : `The roster has: ${JSON.stringify(email)} (${describePlace(method, place)})`,
    ...(looksAlike && difference !== undefined ? difference.said.map((said) => `  ${said}`) : []),
  ];
}

const methodNames = { sftp: 'SFTP', manual: 'spreadsheet', 'secure-sync': 'Clever Secure Sync' } as const;

export function describePlace(
  method: RosterValue['method'],
  { file, sheet, line, column, cell }: RosterValue['place'],
): string {
  return [
    `${methodNames[method]}, ${file}`,
    ...(sheet === undefined ? [] : [`sheet ${sheet}`]),
    ...(line === undefined ? [] : [`line ${line}`]),
    ...(column === undefined ? [] : [`column ${column}`]),
    ...(cell === undefined ? [] : [`cell ${cell}`]),
  ].join(', ');
}

/** A row for each user who still cannot sign in. */
export const mismatchHeader = [
  'time_utc',
  'reference',
  'code',
  'difference',
  'who_must_act',
  'clever_id',
  'user_type',
  'clever_email',
  'roster_email',
  'roster_place',
  'what_differs',
  'what_to_do',
  'first_name_in_clever',
  'last_name_in_clever',
  'sis_id',
  'school_ids',
] as const;

interface MismatchRowFacts extends Pick<AttemptDetail, 'attempt' | 'roster' | 'district'> {
  /** Of the account that the attempt is about, in the current roster. */
  readonly schoolIds?: readonly string[];
}

export function mismatchRow({
  attempt,
  roster,
  district,
  schoolIds = [],
}: MismatchRowFacts): readonly (string | undefined)[] {
  const { at, reference, code, difference, clever } = attempt;
  const alike = roster.find(({ looksAlike, difference: marked }) => looksAlike && marked !== undefined);
  // One of several accounts alone would be changed in vain.
  const places = code === 'ambiguous' ? roster : [alike ?? roster[0]].flatMap((value) => value ?? []);
  const before = code === 'account_inactive' ? `${rosterNames(code)}: ` : '';
  const own = ownAccount(attempt, roster);
  return [
    new Date(at).toISOString(),
    showReference(reference),
    code,
    difference,
    outcomeCodes[code].owner,
    clever?.clever_id,
    clever?.user_type,
    clever?.email,
    alike?.email,
    places.length === 0 ? undefined : `${before}${[...new Set(places.map(placeOf))].join('; ')}`,
    alike?.difference?.said.join(' '),
    describeWhatToDo(attempt, district),
    clever?.given_name,
    clever?.family_name,
    own?.sisId,
    own && schoolIds.join(' '),
  ];
}

const placeOf = ({ method, place }: RosterValue): string => describePlace(method, place);

/** Of the one account whose address looks like the one that Clever sent: any other may be another person's. */
function ownAccount({ code, about = [] }: Attempt, roster: readonly RosterValue[]): RosterValue | undefined {
  const isOne = about.length === 1 && code !== 'role_conflict' && code !== 'identity_changed';
  return isOne ? roster.find(({ looksAlike }) => looksAlike) : undefined;
}
