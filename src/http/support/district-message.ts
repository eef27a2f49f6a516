// What support sends to the district: what is wrong with one person's record and where to look. Holds that person's own data
// alone: an address of the roster only where it can be nobody else's, else its place in the district's own file.

import type { Code } from '../../sign-in/outcome.ts';
import type { AttemptCase, RosterValue } from '../../support/attempt-case.ts';
import { showReference } from '../../support/reference.ts';
import { problemTexts } from '../problem-texts.ts';
import { problemOf } from '../problems.ts';

/** Undefined where the district has nothing to do: what Summit mends itself is no message. */
export function writeDistrictMessage({ attempt, roster }: Pick<AttemptCase, 'attempt' | 'roster'>): string | undefined {
  const texts = problemTexts.en.codes[attempt.code].message;
  const { owner } = problemOf(attempt.code);
  if (texts === undefined || (owner !== 'district' && owner !== 'wait')) return undefined;
  const { clever, difference, reference, at } = attempt;
  return [
    `Hello, somebody of your district could not sign in to Summit K12 on ${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC.`,
    '',
    `${texts.what}${difference === undefined ? '' : ` ${problemTexts.en.differences[difference].employee}`}`,
    '',
    ...(clever?.clever_id === undefined ? [] : [`Clever id: ${clever.clever_id}`]),
    ...(clever === undefined ? ['Who: (Clever did not say; please fill in)'] : []),
    ...(clever?.email === undefined ? [] : [`Clever sends: ${JSON.stringify(clever.email)}`]),
    ...roster.flatMap((value) => tellValue(value, rosterNames(attempt.code))),
    '',
    texts.ask,
    '',
    `Reference: ${showReference(reference)}`,
  ].join('\n');
}

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
