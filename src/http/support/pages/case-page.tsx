// One attempt: who must act and how, both values side by side, what staff alone may know, what to send, what can be done.
import type { AttemptCase } from '../../../support/attempt-case.ts';
import { showReference } from '../../../support/reference.ts';
import type { StaffSession } from '../../../support/staff-sign-in.ts';
import { untranslated } from '../../pages/untranslated.ts';
import { problemOf } from '../../problems.ts';
import { whatWasSeen } from '../attempt-document.ts';
import { writeDistrictMessage } from '../district-message.ts';
import { AccountActions } from './action-forms.tsx';
import { State } from './attempt-list.tsx';
import { BothValues } from './both-values.tsx';
import { DeskLayout, ownerNames } from './desk-layout.tsx';
import { tellNextStep } from './next-step.ts';
import { tellFact } from './tell-fact.ts';
import { Time } from './time.tsx';

interface CasePageProps {
  readonly session: StaffSession | undefined;
  readonly found: AttemptCase;
}

export function CasePage({ session, found }: CasePageProps) {
  const { attempt, resolvedAt, roster, facts, district } = found;
  const reference = showReference(attempt.reference);
  return (
    <DeskLayout title={reference} session={session}>
      <h1>
        {reference} <State resolvedAt={resolvedAt === undefined ? null : ''} />
      </h1>
      <NextStep found={found} />
      {attempt.clever && (
        <>
          <h2>What Clever sent, and what the roster held</h2>
          <BothValues code={attempt.code} clever={attempt.clever.email} roster={roster} />
        </>
      )}
      <Facts found={found} />
      {facts.length > 0 && (
        <>
          <h2>For staff only</h2>
          <ul>
            {facts.map((fact) => (
              <li key={JSON.stringify(fact)}>{tellFact(fact)}</li>
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
            isOpen={attempt.code === 'identity_changed' && resolvedAt === undefined}
            {...{ district: district.id, account, name, reference }}
          />
        ))}
    </DeskLayout>
  );
}

/** Those the refusal is about, and one that the Clever id is linked to instead. */
function accountsOf({ roster, facts }: AttemptCase) {
  const linked = facts.flatMap((fact) => (fact.kind === 'clever_id_linked_to_another_account' ? [fact] : []));
  const named = [
    ...roster.map(({ account, record, sisId }) => ({ account, name: `${record} ${sisId}` })),
    ...linked.map(({ account, record, sis_id }) => ({ account, name: `${record} ${sis_id}` })),
  ];
  return [...new Map(named.map((each) => [each.account, each])).values()];
}

function NextStep({ found: { attempt, resolvedAt, district } }: Pick<CasePageProps, 'found'>) {
  if (resolvedAt !== undefined) {
    return (
      <p class="note">
        <strong>Nothing to do:</strong> the person got in at <Time at={resolvedAt} />.
      </p>
    );
  }
  return (
    <p class="note todo">
      <strong>Who must act: {ownerNames[problemOf(attempt.code).owner]}.</strong> {tellNextStep(attempt, district)}
    </p>
  );
}

function Facts({ found: { attempt, district } }: Pick<CasePageProps, 'found'>) {
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
          {district ? <a href={`/support/districts/${district.id}`}>{district.name}</a> : tellClevers(clever?.district)}
        </dd>
        <dt>Clever says</dt>
        <dd {...untranslated}>
          {clever === undefined
            ? 'nothing: the sign-in ended before'
            : [clever.user_type, name, clever.clever_id && `Clever id ${clever.clever_id}`].filter(Boolean).join(', ')}
        </dd>
        <dt>The person saw</dt>
        <dd>
          {saw.heading}. {saw.what}
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

const tellClevers = (district: string | undefined): string =>
  district === undefined
    ? 'not known: the sign-in ended before Clever said who it is'
    : `Clever’s ${district}, which is linked to none of ours`;

function Message({ found }: Pick<CasePageProps, 'found'>) {
  const message = writeDistrictMessage(found);
  if (message === undefined) return null;
  const lines = message.split('\n').reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / 60)), 1);
  return (
    <>
      <h2>
        <label for="message">Message to the district</label>
      </h2>
      <p class="quiet" id="message-hint">
        Holds this person’s data alone. Click into it, select all (Ctrl+A, on a Mac ⌘A) and copy.
      </p>
      <textarea id="message" aria-describedby="message-hint" readOnly rows={lines} value={message}>
        {message}
      </textarea>
    </>
  );
}
