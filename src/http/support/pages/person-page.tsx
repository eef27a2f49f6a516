// The history of one user: last success, failures, roster changes, link changes.

import type { District } from '../../../district/district.ts';
import type { Position } from '../../../formats/feed.ts';
import { outcomeCodes } from '../../../outcome/outcome-codes.ts';
import { showReference } from '../../../outcome/reference.ts';
import type { StaffSession } from '../../../staff/staff-sign-in.ts';
import { describePlace } from '../../../support/district-message.ts';
import type { PersonEvent, PersonHistory } from '../../../support/person-history.ts';
import { untranslated } from '../../pages/untranslated.ts';
import { AccountActions, type Waiting } from './action-forms.tsx';
import { differenceNames } from './difference-names.ts';
import { SupportLayout } from './support-layout.tsx';
import { Time } from './time.tsx';
import { Timeline } from './timeline.tsx';

interface PersonPageProps extends Waiting {
  readonly session: StaffSession | undefined;
  readonly history: PersonHistory;
  readonly district: District;
}

export function PersonPage({ session, history, district, waits }: PersonPageProps) {
  const { key, account, lastSuccess, events, isCut } = history;
  const lastFailure = events.find(({ kind }) => kind === 'failure');
  const gotIn = lastSuccess !== undefined && lastSuccess.at >= (lastFailure?.at ?? 0);
  return (
    <SupportLayout title="One person" session={session}>
      <h1>
        {account ? (
          <span {...untranslated}>
            {account.givenName} {account.familyName}
          </span>
        ) : (
          'One person'
        )}{' '}
        of {district.name}
      </h1>
      <p class={gotIn ? 'note' : 'note todo'}>
        {gotIn ? <strong>Gets in.</strong> : <strong>Does not get in.</strong>} Last success:{' '}
        {lastSuccess ? <Time at={lastSuccess.at} /> : 'none as long as attempts are kept'}. Last failure:{' '}
        {lastFailure ? <Time at={lastFailure.at} /> : 'none'}.
      </p>
      <Facts history={history} district={district} />
      <h2>What happened, newest first</h2>
      {events.length === 0 && <p>Nothing is kept.</p>}
      <Timeline entries={events} describe={describeEvent} />
      {isCut && <p class="quiet">Older changes of the roster were not looked through.</p>}
      {key.account && (
        <AccountActions
          session={session}
          district={key.district}
          account={key.account}
          name={account ? `${account.record} ${account.sisId}` : 'a person who left'}
          isOpen={false}
          waits={waits}
        />
      )}
    </SupportLayout>
  );
}

function Facts({
  history: { key, account, linkedAccount, isMeant },
  district,
}: Pick<PersonPageProps, 'history' | 'district'>) {
  return (
    <div class="facts">
      <dl>
        <dt>District</dt>
        <dd>
          <a href={`/support/districts/${district.id}`}>{district.name}</a> <span class="quiet">{district.id}</span>
        </dd>
        <dt>In the roster</dt>
        <dd>
          {account ? `${account.record} ${account.sisId}` : reportToNone(key)}
          {isMeant && <span class="quiet"> by what the newest failure found; no link says so</span>}
        </dd>
        {account?.position && (
          <>
            <dt>Position</dt>
            <dd>{positions[account.position]}</dd>
          </>
        )}
        {account?.sources.map(({ method, email, place }) => (
          <>
            <dt>Address in the roster</dt>
            <dd>
              <span {...untranslated}>{email ?? 'none'}</span> <span class="quiet">{describePlace(method, place)}</span>
            </dd>
          </>
        ))}
        <dt>Clever id</dt>
        <dd {...untranslated}>{key.cleverId ?? 'not known from here'}</dd>
        <dt>Link</dt>
        <dd>{describeLink(key, linkedAccount)}</dd>
        {account && (
          <>
            <dt>Account id</dt>
            <dd {...untranslated}>{account.accountId}</dd>
          </>
        )}
      </dl>
    </div>
  );
}

const positions = {
  district_admin: 'District Admin',
  school_admin: 'School Admin',
  lead_teacher: 'Lead Teacher',
  support_teacher: 'Support Teacher',
} satisfies Record<Position, string>;

const reportToNone = ({ account }: PersonHistory['key']): string =>
  account === undefined ? 'not known: the Clever id is linked to no account' : 'no account now';

function describeLink({ cleverId, account }: PersonHistory['key'], linkedAccount: string | undefined): string {
  if (cleverId === undefined) return 'open one of the failures to see what the Clever id is linked to';
  if (linkedAccount === undefined) return 'none yet: the next sign-in that matches makes it';
  return linkedAccount === account ? 'the Clever id is linked to this account' : `linked to account ${linkedAccount}`;
}

function describeEvent(event: PersonEvent) {
  switch (event.kind) {
    case 'success':
      return (
        <>
          <strong>Got in</strong> (the last success)
        </>
      );
    case 'failure': {
      const { reference, code, difference } = event.attempt;
      return (
        <>
          <strong>Failed:</strong> {outcomeCodes[code].title}
          {difference && <span class="quiet"> · {differenceNames[difference]}</span>}{' '}
          <a href={`/support/attempts/${showReference(reference)}`}>{showReference(reference)}</a>
        </>
      );
    }
    case 'roster':
      return rosterChanges[event.op];
    case 'action': {
      const { action, by, reason } = event.entry;
      return (
        <>
          <strong>{capitalize(action.replaceAll('_', ' '))}</strong> by {by}
          {reason && `: ${reason}`}
        </>
      );
    }
  }
}

const rosterChanges = {
  put: 'Roster: a publish added or changed the account',
  pass_on: 'Roster: a publish gave the account to another person or Clever id; its sessions ended',
  remove: 'Roster: a publish took the account away',
} satisfies Record<Extract<PersonEvent, { kind: 'roster' }>['op'], string>;

const capitalize = (text: string) => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
