// One person in order: last success, failures, roster changes, link changes.
import type { PersonEvent, PersonHistory } from '../../../support/person-history.ts';
import { showReference } from '../../../support/reference.ts';
import type { StaffSession } from '../../../support/staff-sign-in.ts';
import { problemTexts } from '../../problem-texts.ts';
import { tellPlace } from '../district-message.ts';
import { ReasonForm } from './action-forms.tsx';
import { DeskLayout, Time } from './desk-layout.tsx';

export function PersonPage({
  session,
  history,
}: {
  readonly session: StaffSession | undefined;
  readonly history: PersonHistory;
}) {
  const { key, account, lastSuccess, linkedAccount, events, isCut } = history;
  return (
    <DeskLayout title="One person" session={session}>
      <h1>One person of {key.district}</h1>
      <div class="facts">
        <dl>
          <dt>Last success</dt>
          <dd>{lastSuccess ? <Time at={lastSuccess.at} /> : 'none as long as attempts are kept'}</dd>
          <dt>Clever id</dt>
          <dd>{key.cleverId ?? 'not known from here'}</dd>
          <dt>Account</dt>
          <dd>{account ? `${account.record} ${account.sisId} (${account.accountId})` : 'none in the roster now'}</dd>
          {account?.sources.map(({ method, email, place }) => (
            <>
              <dt>Address in the roster</dt>
              <dd>
                {email ?? 'none'} <span class="quiet">{tellPlace(method, place)}</span>
              </dd>
            </>
          ))}
          <dt>Link</dt>
          <dd>
            {linkedAccount === undefined ? 'this Clever id is linked to no account' : `linked to ${linkedAccount}`}
          </dd>
        </dl>
      </div>
      <h2>What happened, newest first</h2>
      {events.length === 0 && <p>Nothing is kept.</p>}
      <ol class="rows timeline">
        {events.map((event, index) => (
          <li key={`${event.at}${index}`}>
            <span class="time">
              <Time at={event.at} />
            </span>
            <span class="what">{tellEvent(event)}</span>
          </li>
        ))}
      </ol>
      {isCut && <p class="quiet">Older changes of the roster were not looked through.</p>}
      {key.account && (
        <fieldset>
          <legend>Act on this account</legend>
          <ReasonForm
            session={session}
            action={`/support/districts/${key.district}/links/release`}
            label="Release the link"
            fields={{ account: key.account }}
          />
          <ReasonForm
            session={session}
            action={`/support/districts/${key.district}/sessions/end`}
            label="End the sessions"
            fields={{ account: key.account }}
          />
        </fieldset>
      )}
    </DeskLayout>
  );
}

function tellEvent(event: PersonEvent) {
  switch (event.kind) {
    case 'success':
      return 'Got in (the last success)';
    case 'failure':
      return (
        <>
          <a href={`/support/attempts/${showReference(event.attempt.reference)}`}>
            {showReference(event.attempt.reference)}
          </a>{' '}
          {problemTexts.en.codes[event.attempt.code].unknown.heading}
        </>
      );
    case 'roster':
      return event.op === 'remove' ? 'A publish took the account away' : 'A publish brought or changed the account';
    case 'action':
      return `${event.entry.action.replaceAll('_', ' ')} by ${event.entry.by}: ${String(event.entry['reason'] ?? '')}`;
  }
}
