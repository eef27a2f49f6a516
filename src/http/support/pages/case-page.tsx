// One attempt: what the person saw, both values side by side with what differs, what staff alone may know, and what to send.

import type { AttemptCase, RosterValue, StaffFact } from '../../../support/attempt-case.ts';
import type { Piece } from '../../../support/mark-difference.ts';
import { showReference } from '../../../support/reference.ts';
import type { StaffSession } from '../../../support/staff-sign-in.ts';
import { untranslated } from '../../pages/untranslated.ts';
import { problemOf } from '../../problems.ts';
import { whatWasSeen } from '../attempt-document.ts';
import { tellPlace, writeDistrictMessage } from '../district-message.ts';
import { ReasonForm } from './action-forms.tsx';
import { State } from './attempt-list.tsx';
import { DeskLayout, ownerNames, Time } from './desk-layout.tsx';

export function CasePage({
  session,
  found,
}: {
  readonly session: StaffSession | undefined;
  readonly found: AttemptCase;
}) {
  const { attempt, resolvedAt, roster, facts, district } = found;
  const saw = whatWasSeen(attempt);
  const message = writeDistrictMessage(found);
  const reference = showReference(attempt.reference);
  const accounts = [...new Set(roster.map(({ account }) => account))];
  return (
    <DeskLayout title={reference} session={session}>
      <h1>
        {reference} <State resolvedAt={resolvedAt === undefined ? null : ''} />
      </h1>
      {resolvedAt !== undefined && (
        <p class="note">
          Resolved: the person got in at <Time at={resolvedAt} />.
        </p>
      )}
      <div class="facts">
        <dl>
          <dt>Who must act</dt>
          <dd>{ownerNames[problemOf(attempt.code).owner]}</dd>
          <dt>Code</dt>
          <dd>
            {attempt.code}
            {attempt.difference && ` (${attempt.difference.replace('_', ' ')})`}
            {attempt.reason && ` (${attempt.reason})`}
          </dd>
          <dt>When</dt>
          <dd>
            <Time at={attempt.at} />
          </dd>
          <dt>District</dt>
          <dd>
            {district ? (
              <a href={`/support/districts/${district.id}`}>{district.name}</a>
            ) : (
              `Clever’s ${attempt.clever?.district ?? 'unknown'}, not linked here`
            )}
          </dd>
          <dt>The person saw</dt>
          <dd>
            {saw.heading}. {saw.what}
          </dd>
          <dt>Clever says</dt>
          <dd {...untranslated}>
            {attempt.clever?.user_type ?? 'nothing'} {attempt.clever?.clever_id ?? ''}
          </dd>
        </dl>
      </div>
      <h2>What Clever sent, and what the roster held</h2>
      {roster.length === 0 ? (
        <Pair clever={attempt.clever?.email} roster={undefined} />
      ) : (
        roster.map((value) => (
          <Pair key={`${value.account}${value.method}`} clever={attempt.clever?.email} roster={value} />
        ))
      )}
      {facts.length > 0 && <h2>For staff only</h2>}
      <ul>
        {facts.map((fact) => (
          <li key={JSON.stringify(fact)}>{tellFact(fact)}</li>
        ))}
      </ul>
      {message && (
        <>
          <h2>To send to the district</h2>
          <label for="message">Holds this person’s data alone. Select all and copy.</label>
          <textarea id="message" readOnly rows={message.split('\n').length + 1} value={message}>
            {message}
          </textarea>
        </>
      )}
      {attempt.clever?.clever_id && district && (
        <p>
          <a href={`/support/attempts/${reference}/person`}>Everything about this person, in order</a>
        </p>
      )}
      {district && accounts.length > 0 && <h2>Act</h2>}
      {district &&
        accounts.map((account) => (
          <fieldset key={account}>
            <legend>Account {account}</legend>
            <ReasonForm
              session={session}
              action={`/support/districts/${district.id}/links/release`}
              label="Release the link"
              fields={{ account, reference }}
            />
            <ReasonForm
              session={session}
              action={`/support/districts/${district.id}/sessions/end`}
              label="End the sessions"
              fields={{ account, reference }}
            />
          </fieldset>
        ))}
    </DeskLayout>
  );
}

function Pair({ clever, roster }: { readonly clever: string | undefined; readonly roster: RosterValue | undefined }) {
  const marked = roster?.difference;
  return (
    <>
      <div class="pair">
        <div>
          <h3>Clever sent</h3>
          <p class="value" {...untranslated}>
            {marked ? <Marked pieces={marked.clever} /> : (clever ?? 'no address')}
          </p>
        </div>
        <div>
          <h3>The roster held</h3>
          <p class="value" {...untranslated}>
            {marked ? (
              <Marked pieces={marked.roster} />
            ) : (
              (roster?.email ?? (roster ? 'no address' : 'nobody like this'))
            )}
          </p>
          {roster && (
            <p class="quiet">
              {roster.record} {roster.sisId}; {tellPlace(roster.method, roster.place)}
              {roster.publishedAt !== undefined && (
                <>
                  ; published <Time at={roster.publishedAt} />
                </>
              )}
            </p>
          )}
        </div>
      </div>
      {marked && (
        <ul class="said">
          {marked.said.map((said) => (
            <li key={said}>{said}</li>
          ))}
        </ul>
      )}
    </>
  );
}

function Marked({ pieces }: { readonly pieces: readonly Piece[] }) {
  return (
    <>
      {pieces.map(({ text, differs, names }, index) =>
        differs ? (
          <mark key={`${index}${text}`} title={names.join(', ')}>
            {makeVisible(text)}
          </mark>
        ) : (
          text
        ),
      )}
    </>
  );
}

/** What would not be seen is drawn: spaces as an open box, invisible characters by number. */
const makeVisible = (text: string): string =>
  [...text]
    .map((sign) => {
      if (/^\s$/u.test(sign)) return '␣';
      const isHidden = /^[\p{Default_Ignorable_Code_Point}\p{Cc}\p{M}]$/u.test(sign);
      return isHidden ? `[U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]` : sign;
    })
    .join('');

function tellFact(fact: StaffFact): string {
  switch (fact.kind) {
    case 'would_match_now':
      return 'With today’s roster this person would get in.';
    case 'would_be_refused_now':
      return `With today’s roster this person would be refused again: ${fact.code}.`;
    case 'address_shared':
      return `${fact.accounts.length} accounts share the address: ${fact.accounts.map(tellAccount).join('; ')}.`;
    case 'in_another_district':
      return `The address is in the roster of another district: ${fact.districts.join(', ')}. Never told to the visitor.`;
    case 'other_districts_not_searched':
      return `Only ${fact.searched} of ${fact.of} other districts were searched for the address.`;
    case 'address_changed_in_roster':
      return `The roster before had exactly this address for ${tellAccount(fact)}; since the publish of ${tellTime(fact.published_at)} the same SIS id has another.`;
    case 'left_roster':
      return `${tellAccount(fact)} had exactly this address and left the roster with the publish of ${tellTime(fact.published_at)}.`;
    case 'linked_account_has_another_address':
      return `This Clever id is linked to ${tellAccount(fact)}, whose address in the roster is another.`;
    case 'linked_to_someone_else':
      return `Account ${fact.account}, or this Clever id, is linked to somebody else. If it is the same person, release the link.`;
  }
}

const tellAccount = ({ record, sis_id }: { readonly record: string; readonly sis_id: string }) => `${record} ${sis_id}`;
const tellTime = (time: string | null) =>
  time === null ? 'an unknown time' : `${time.slice(0, 16).replace('T', ' ')} UTC`;
