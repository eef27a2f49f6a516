// One user as JSON, over HTTP and from the command: the content of the page, without a name.

import { describeAttempt } from './attempt-document.ts';
import { type AttemptStates, stateOf } from './attempt-state.ts';
import type { FoundInRosters } from './find-in-rosters.ts';
import type { PersonEvent, PersonHistory } from './person-history.ts';

/** @param states of the failures */
export function describePerson(history: PersonHistory, states: AttemptStates) {
  const { key, account, lastSuccess, linkedAccount, events, isCut } = history;
  return {
    district: key.district,
    account: key.account ?? null,
    clever_id: key.cleverId ?? null,
    linked_account: linkedAccount ?? null,
    last_success: lastSuccess === undefined ? null : timeOf(lastSuccess.at),
    roster:
      account === undefined
        ? null
        : {
            record: account.record,
            role: account.role,
            position: account.position,
            sis_id: account.sisId,
            sources: account.sources.map(({ method, email, place }) => ({ method, email: email ?? null, place })),
          },
    events: events.map((event) => describeEvent(event, states)),
    /** False if older changes of the roster were not searched. */
    complete: !isCut,
  };
}

function describeEvent(event: PersonEvent, states: AttemptStates) {
  const { kind } = event;
  const at = timeOf(event.at);
  switch (event.kind) {
    case 'success':
      return { kind, at };
    case 'failure':
      return { kind, at, attempt: describeAttempt(event.attempt, stateOf(event.attempt, states)) };
    case 'roster':
      return { kind, at, change: changes[event.op] };
    case 'action':
      return { kind, at, action: event.entry.action, by: event.entry.by, reason: event.entry['reason'] ?? null };
  }
}

const changes = { put: 'brought_or_changed', pass_on: 'passed_on', remove: 'removed' } as const;

/** Users of the rosters without a matching attempt. */
export const describeFoundInRosters = ({ people, searched, of }: FoundInRosters) => ({
  people: people.map(({ district, account }) => ({
    district,
    account: account.accountId,
    record: account.record,
    sis_id: account.sisId,
    person: personPath(district, account.accountId),
  })),
  districts_searched: searched,
  districts: of,
});

const personPath = (district: string, account: string): string => `/support/districts/${district}/accounts/${account}`;

export const failuresOf = ({ events }: PersonHistory) =>
  events.flatMap((event) => (event.kind === 'failure' ? [event.attempt] : []));

const timeOf = (at: number): string => new Date(at).toISOString();
