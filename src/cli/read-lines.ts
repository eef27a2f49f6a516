// What support reads, as lines for the terminal of a user with access to the store.

import { showReference } from '../outcome/reference.ts';
import type { Attempt } from '../support/attempt.ts';
import type { describeFoundInRosters, describePerson } from '../support/person-document.ts';

/** What Clever sent and what the roster had. */
export function toLines(attempt: Attempt): string[] {
  const { reference, at, code, difference, reason, district, clever, about = [] } = attempt;
  return [
    `${showReference(reference)}  ${new Date(at).toISOString()}  ${code}${difference ? ` (${difference})` : ''}${reason ? ` (${reason})` : ''}  ${district ?? ''}`,
    ...(clever === undefined
      ? []
      : [
          `  Clever sent: ${JSON.stringify(clever.email ?? null)}, ${clever.user_type ?? 'no type'} ${clever.clever_id ?? ''}`,
        ]),
    ...about.flatMap(({ account, record, sis_id, sources }) =>
      sources.map(
        ({ method, email, place }) =>
          `  Roster ${code === 'account_inactive' ? 'had: ' : 'has: '} ${JSON.stringify(email ?? null)}, ${record} ${sis_id}, account ${account}, ${method} ${place.file} line ${place.line ?? '?'}`,
      ),
    ),
  ];
}

/** Users without an attempt who are in a roster. */
export function rosterLines({ people, districts_searched, districts }: ReturnType<typeof describeFoundInRosters>) {
  return [
    ...people.map(
      ({ district, record, sis_id, account }) =>
        `In the roster of ${district}: ${record} ${sis_id}. See: sso-bridge person --district ${district} --account ${account}`,
    ),
    ...(people.length === 0 ? ['Nor is there such a person in a roster.'] : []),
    ...(districts_searched < districts ? [`Only ${districts_searched} of ${districts} districts were searched.`] : []),
  ];
}

type PersonDocument = ReturnType<typeof describePerson>;

export function personLines(person: PersonDocument): string[] {
  const { district, account, clever_id, linked_account, last_success, roster, events, complete } = person;
  return [
    `${roster === null ? 'Not in the roster now' : `${roster.record} ${roster.sis_id}`} of ${district}, account ${account ?? 'not known'}`,
    ...(roster === null
      ? []
      : [`  Role:         ${[roster.role, roster.position].filter((one) => one !== undefined).join(', ')}`]),
    ...(roster?.sources ?? []).map(
      ({ method, email, place }) =>
        `  Roster has:   ${JSON.stringify(email)}, ${method} ${place.file} line ${place.line ?? '?'}`,
    ),
    `  Clever id:    ${clever_id ?? 'not known'}, ${linked_account === null ? 'not linked' : `linked to ${linked_account}`}`,
    `  Last success: ${last_success ?? 'none as long as attempts are kept'}`,
    ...events.map((event) => `${event.at}  ${describeEvent(event)}`),
    ...(complete ? [] : ['Older changes of the roster were not looked through.']),
  ];
}

function describeEvent(event: PersonDocument['events'][number]): string {
  if ('attempt' in event) return `failed: ${event.attempt.reference} ${event.attempt.code}`;
  if ('change' in event) return `roster: ${event.change.replaceAll('_', ' ')}`;
  if ('action' in event) return `${event.action.replaceAll('_', ' ')} by ${event.by}: ${event.reason ?? 'not said'}`;
  return 'got in';
}
