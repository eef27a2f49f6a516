// What support sends to the district: what is wrong with one person's record and where to look. Holds that person's own data
// alone: an address of the roster only where it can be nobody else's, else its place in the district's own file.
import { type RosterSource, rosterSourceOf } from '../../roster/roster-source.ts';
import { audienceOf, type Code } from '../../sign-in/outcome.ts';
import type { Attempt } from '../../support/attempt.ts';
import type { AttemptCase, RosterValue } from '../../support/attempt-case.ts';
import { showReference } from '../../support/reference.ts';
import { type Message, messageOf, problemTexts } from '../problem-texts.ts';
import { problemOf } from '../problems.ts';

type Told = Pick<AttemptCase, 'attempt' | 'roster'> & { readonly district?: AttemptCase['district'] };

/** Undefined where the district is asked for nothing: what Summit mends itself is no message. */
export function writeDistrictMessage({ attempt, roster, district }: Told): string | undefined {
  const texts = textsFor(attempt, district);
  if (texts === undefined) return undefined;
  const { clever, difference, reference, at } = attempt;
  return [
    `Hello, somebody of your district could not sign in to Summit K12 on ${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC.`,
    '',
    `${texts.what}${difference === undefined ? '' : ` ${problemTexts.en.differences[difference].employee}`}`,
    '',
    ...(clever?.clever_id === undefined ? [] : [`Clever id: ${clever.clever_id}`]),
    ...(clever === undefined ? ['Who: (Clever did not say; please fill in)'] : []),
    ...(clever?.email === undefined ? [] : [`Clever sends: ${JSON.stringify(clever.email)}`]),
    // The account may by now be somebody else's than the login's.
    ...(attempt.code === 'identity_changed' ? [] : roster).flatMap((value) =>
      tellValue(value, rosterNames(attempt.code)),
    ),
    '',
    texts.ask,
    '',
    `Reference: ${showReference(reference)}`,
  ].join('\n');
}

/** Summit releases the link; whether it may is for the district to say, so that code has a question. */
const question: Message = {
  what: 'The person’s Clever login is not the one that the Summit K12 account was opened with.',
  ask: 'Is the person of this login the one whom the account belongs to? If so, please say so, and Summit K12 lets the person in. If the address was given to somebody new, please say that: the account then stays with the person who had it, under another address in the roster.',
};

function textsFor(attempt: Attempt, district: AttemptCase['district']): Message | undefined {
  const { code } = attempt;
  if (code === 'identity_changed') return question;
  const { owner } = problemOf(code);
  return owner === 'district' || owner === 'wait' ? messageOf(code, whoRosters(attempt, district)) : undefined;
}

/** What the district is asked to do. */
export const tellWhatToDo = (attempt: Attempt, district: AttemptCase['district']): string | undefined =>
  messageOf(attempt.code, whoRosters(attempt, district))?.ask;

/** Who can bring the person of an attempt into the roster, as the district is rostered today. */
export const whoRosters = ({ clever }: Pick<Attempt, 'clever'>, district: AttemptCase['district']): RosterSource =>
  rosterSourceOf(district, audienceOf(clever?.user_type));

/** Who left stands in the roster before the newest: the same line of the newest one is somebody else's. */
export const rosterNames = (code: Code): 'Roster' | 'Roster before the newest' =>
  code === 'account_inactive' ? 'Roster before the newest' : 'Roster';

function tellValue(
  { email, looksAlike, method, place, difference }: RosterValue,
  roster: ReturnType<typeof rosterNames>,
): string[] {
  if (email === undefined) return [`The roster has no address: ${tellPlace(method, place)}`];
  const isSame = difference === undefined;
  return [
    isSame || !looksAlike
      ? `${roster}: see ${tellPlace(method, place)}`
      : `The roster has: ${JSON.stringify(email)} (${tellPlace(method, place)})`,
    ...(looksAlike && difference !== undefined ? difference.said.map((said) => `  ${said}`) : []),
  ];
}

const methodNames = { sftp: 'SFTP', manual: 'spreadsheet', 'secure-sync': 'Clever Secure Sync' } as const;

export function tellPlace(
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
