// One attempt: who must act and how, both values side by side, facts for staff only, what to send, what can be done.

import { outcomeCodes } from '../../../outcome/outcome-codes.ts';
import { showReference } from '../../../outcome/reference.ts';
import type { StaffSession } from '../../../staff/staff-sign-in.ts';
import type { AttemptDetail } from '../../../support/attempt-detail.ts';
import { whatWasSeen } from '../../../support/attempt-document.ts';
import { describeNextStep, writeDistrictMessage } from '../../../support/district-message.ts';
import { untranslated } from '../../pages/untranslated.ts';
import { AccountActions, type Waiting } from './action-forms.tsx';
import { State } from './attempt-list.tsx';
import { BothValues } from './both-values.tsx';
import { describeFact } from './describe-fact.ts';
import { Holders } from './holders.tsx';
import { MessageBox } from './message-box.tsx';
import { ownerNames, SupportLayout } from './support-layout.tsx';
import { Time } from './time.tsx';

interface AttemptPageProps extends Waiting {
  readonly session: StaffSession | undefined;
  readonly found: AttemptDetail;
}

export function AttemptPage({ session, found, waits }: AttemptPageProps) {
  const { attempt, state, roster, facts, district } = found;
  const reference = showReference(attempt.reference);
  return (
    <SupportLayout title={reference} session={session}>
      <h1>
        {reference} <State state={state.state} />
      </h1>
      <NextStep found={found} />
      {attempt.clever && (
        <>
          <h2>What Clever sent, and what the roster held</h2>
          <BothValues code={attempt.code} clever={attempt.clever.email} roster={roster} />
        </>
      )}
      <Holders found={found} />
      <Facts found={found} />
      {facts.length > 0 && (
        <>
          <h2>For staff only</h2>
          <ul>
            {facts.map((fact) => (
              <li key={JSON.stringify(fact)}>{describeFact(fact)}</li>
            ))}
          </ul>
        </>
      )}
      <Message found={found} />
      {attempt.clever?.clever_id && district && (
        <p>
          <a class="onward" href={`/support/attempts/${reference}/person`}>
            Everything about this person, in order
          </a>
        </p>
      )}
      {district &&
        accountsOf(found).map(({ account, name }) => (
          <AccountActions
            key={account}
            session={session}
            isOpen={attempt.code === 'identity_changed' && state.state === 'open'}
            district={district.id}
            account={account}
            name={name}
            reference={reference}
            waits={waits}
          />
        ))}
    </SupportLayout>
  );
}

/** Those the refusal is about, and the one that the Clever id is linked to, if different. */
function accountsOf({ roster, facts }: AttemptDetail) {
  const linked = facts.flatMap((fact) => (fact.kind === 'clever_id_linked_to_another_account' ? [fact] : []));
  const named = [
    ...roster.map(({ account, record, sisId }) => ({ account, name: `${record} ${sisId}` })),
    ...linked.map(({ account, record, sis_id }) => ({ account, name: `${record} ${sis_id}` })),
  ];
  return [...new Map(named.map((each) => [each.account, each])).values()];
}

function NextStep({ found: { attempt, state, district } }: Pick<AttemptPageProps, 'found'>) {
  if (state.resolvedAt !== undefined) {
    return (
      <p class="note">
        <strong>Nothing to do:</strong> the person got in at <Time at={state.resolvedAt} />.
      </p>
    );
  }
  if (state.state === 'mended') {
    return (
      <p class="note">
        <strong>Mended:</strong> ask the person to sign in again. With today’s roster they get in.
      </p>
    );
  }
  if (state.state === 'resolved') {
    return (
      <p class="note">
        <strong>Closed:</strong> Clever did not say who it was, so this attempt is not followed up.{' '}
        {describeNextStep(attempt, district)}
      </p>
    );
  }
  return (
    <p class="note todo">
      <strong>Who must act: {ownerNames[outcomeCodes[attempt.code].owner]}.</strong>{' '}
      {describeNextStep(attempt, district)}
    </p>
  );
}

function Facts({ found: { attempt, district } }: Pick<AttemptPageProps, 'found'>) {
  const { clever, code, difference, reason } = attempt;
  const saw = whatWasSeen(attempt);
  const name = [clever?.given_name, clever?.family_name].filter(Boolean).join(' ');
  return (
    <div class="facts">
      <h2>The attempt</h2>
      <dl>
        <dt>When</dt>
        <dd>
          <Time at={attempt.at} />
        </dd>
        <dt>District</dt>
        <dd>
          {district ? (
            <a href={`/support/districts/${district.id}`}>{district.name}</a>
          ) : (
            describeClevers(clever?.district)
          )}
        </dd>
        <dt>Clever says</dt>
        <dd {...untranslated}>
          {clever === undefined
            ? 'nothing: the sign-in ended before'
            : [clever.user_type, name, clever.clever_id && `Clever id ${clever.clever_id}`].filter(Boolean).join(', ')}
        </dd>
        <dt>The person saw</dt>
        <dd>
          <Seen saw={saw} />
        </dd>
        <dt>Code</dt>
        <dd>
          {code}
          {difference && ` (${difference.replace('_', ' ')})`}
          {reason && ` (${reason})`}
        </dd>
      </dl>
    </div>
  );
}

const nameOfLanguage = new Intl.DisplayNames('en', { type: 'language' });

/** The page as the user saw it, to follow along on the phone, and in English. */
function Seen({ saw }: { readonly saw: ReturnType<typeof whatWasSeen> }) {
  const { as_seen: own, heading, what } = saw;
  if (own === null) return <>{`${heading}. ${what}`}</>;
  return (
    <>
      <p class="seen" lang={own.lang} dir={own.dir}>
        {own.heading}. {own.what}
      </p>
      <p class="seen">
        <span class="quiet">{nameOfLanguage.of(own.lang)}; in English:</span> {heading}. {what}
      </p>
    </>
  );
}

const describeClevers = (district: string | undefined): string =>
  district === undefined
    ? 'not known: the sign-in ended before Clever said who it is'
    : `Clever’s ${district}, which is linked to none of ours`;

function Message({ found }: Pick<AttemptPageProps, 'found'>) {
  const message = writeDistrictMessage(found);
  if (message === undefined) return null;
  return <MessageBox label="Message to the district" message={message} hint="Holds this person’s data alone." />;
}
