// The page of one action: the affected users while it waits for a second person; afterwards what was done, by whom, and
// what to do next. A reload does not repeat the action. And the list of waiting ones.
import type { KeptAction, StateNow } from '../../../admin/kept-actions.ts';
import type { District } from '../../../district/district.ts';
import type { KeptComparison } from '../../../roster/activate-kept.ts';
import { describeLostAccess, describeSummary } from '../../../roster/report-text.ts';
import type { StaffSession } from '../../../staff/staff-sign-in.ts';
import type { AttemptDetail } from '../../../support/attempt-detail.ts';
import type { PersonHistory } from '../../../support/person-history.ts';
import { untranslated } from '../../pages/untranslated.ts';
import { actionPath, problemTexts } from '../request-action.ts';
import { ReasonForm } from './action-forms.tsx';
import { describeAction } from './action-texts.ts';
import { Holders, LastIn } from './holders.tsx';
import { FormToken, SupportLayout } from './support-layout.tsx';
import { Time } from './time.tsx';

/** What the second person has to see; names only if it is about one account. */
export interface AboutAction {
  readonly compared?: KeptComparison | undefined;
  readonly history?: PersonHistory | undefined;
  /** Of the attempt from which it was requested. */
  readonly detail?: AttemptDetail | undefined;
}

interface ActionPageProps {
  readonly session: StaffSession | undefined;
  readonly district: District;
  readonly kept: KeptAction;
  readonly state: StateNow;
  /** Whether the current user requested it. */
  readonly isOwn: boolean;
  readonly about: AboutAction | undefined;
}

export function ActionPage(props: ActionPageProps) {
  const { session, district, kept, state } = props;
  const { title } = describeAction(kept);
  return (
    <SupportLayout title={`${stateTitles[state]}: ${title}`} session={session}>
      <h1>{title}</h1>
      <Answer {...props} />
      <History kept={kept} />
      {(state === 'waiting' || state === 'approved') && <Deciding {...props} />}
      <p class="onwards">
        {kept.reference && (
          <a class="onward" href={`/support/attempts/${kept.reference}`}>
            Back to the attempt {kept.reference}
          </a>
        )}
        {'account' in kept.action && kept.action.account && (
          <a class="onward" href={`/support/districts/${district.id}/accounts/${kept.action.account}`}>
            Everything about this person
          </a>
        )}
        <a class="onward" href={`/support/districts/${district.id}`}>
          {district.name}
        </a>
      </p>
    </SupportLayout>
  );
}

const stateTitles = {
  waiting: 'Waits',
  approved: 'Begun',
  done: 'Done',
  refused: 'Not done',
  declined: 'Declined',
  withdrawn: 'Withdrawn',
  expired: 'Expired',
} as const satisfies Record<StateNow, string>;

function Answer({ kept, state, isOwn }: ActionPageProps) {
  const { done, next } = describeAction(kept);
  switch (state) {
    case 'done':
      return (
        <div class="note" role="status">
          <p>
            <strong>Done.</strong> {done}
          </p>
          <p>
            <strong>What to do next:</strong> {next}
          </p>
        </div>
      );
    case 'waiting':
      return (
        <div class="note todo" role="status">
          <p>
            <strong>Nothing is done yet: it waits for a second person.</strong>{' '}
            {isOwn
              ? 'You asked for it, so you cannot approve it. Send the address of this page to a colleague with scope admin.'
              : 'Another person with scope admin approves or declines it.'}
          </p>
          <p>
            It expires <Time at={kept.waitsUntil} />.
          </p>
        </div>
      );
    case 'approved':
      return (
        <p class="note todo" role="status">
          <strong>Approved, and begun.</strong> If this page still says so in a minute, it was broken off: a second
          person can approve it again, which finishes it.
        </p>
      );
    case 'refused':
      return (
        <p class="note todo" role="status">
          <strong>Approved, but nothing was changed.</strong> {kept.refusal && problemTexts[kept.refusal]}
        </p>
      );
    case 'declined':
    case 'withdrawn':
      return (
        <p class="note" role="status">
          <strong>{stateTitles[state]}. Nothing was done.</strong> {kept.decision?.reason}
        </p>
      );
    case 'expired':
      return (
        <p class="note todo" role="status">
          <strong>Expired. Nothing was done.</strong> It was not approved within a day. If it is still right, ask again.
        </p>
      );
  }
}

/** Who requested it, why, and who decided. */
function History({ kept: { by, at, reason, decision, state } }: Pick<ActionPageProps, 'kept'>) {
  const isSecond = decision !== undefined && state !== 'withdrawn' && state !== 'declined';
  return (
    <div class="facts">
      <h2>Who and why</h2>
      <dl>
        <dt>{state === 'done' && decision === undefined ? 'Done by' : 'Asked by'}</dt>
        <dd>
          {by}, <Time at={at} />
        </dd>
        <dt>Reason</dt>
        <dd>{reason || 'not said'}</dd>
        {decision && (
          <>
            <dt>{isSecond ? 'Approved by' : stateTitles[state]}</dt>
            <dd>
              {decision.by}, <Time at={decision.at} />
            </dd>
          </>
        )}
      </dl>
    </div>
  );
}

function Deciding({ session, kept, state, isOwn, about }: ActionPageProps) {
  const at = actionPath(kept.district, kept.id);
  const { effect } = describeAction(kept);
  const decides = session?.scope === 'admin' && !isOwn;
  return (
    <>
      <h2>Who is affected</h2>
      <p>{effect}</p>
      <About about={about} />
      {decides && (
        <form class="stack" method="post" action={`${at}/approve`}>
          <FormToken session={session} />
          <button class="button" type="submit">
            Approve, and do it now
          </button>
        </form>
      )}
      {state === 'waiting' && (decides || isOwn) && session && (
        <ReasonForm
          session={session}
          action={`${at}/decline`}
          label={isOwn ? 'Withdraw the request' : 'Decline the request'}
        />
      )}
    </>
  );
}

function About({ about: { compared, history, detail } = {} }: Pick<ActionPageProps, 'about'>) {
  if (compared !== undefined) {
    const lost = describeLostAccess(compared.report.changes);
    return (
      <ul>
        {(lost.length > 0 ? lost : ['No user loses access.']).map((line) => (
          <li key={line}>
            <strong>{line}</strong>
          </li>
        ))}
        {describeSummary(compared.report)
          .filter((line) => !lost.includes(line))
          .map((line) => (
            <li key={line}>{line}</li>
          ))}
      </ul>
    );
  }
  if (detail?.attempt.code === 'identity_changed' && detail.holders.length > 0) return <Holders found={detail} />;
  if (history === undefined) return null;
  const { account, lastSuccess } = history;
  return (
    <div class="facts">
      <dl>
        <dt>Name in the roster</dt>
        <dd {...untranslated}>
          {account === undefined ? 'in no roster now' : `${account.givenName} ${account.familyName}`}
        </dd>
        <dt>Got in</dt>
        <dd>
          <LastIn success={lastSuccess} cleverId={undefined} />
        </dd>
      </dl>
    </div>
  );
}

interface ApprovalsPageProps {
  readonly session: StaffSession | undefined;
  readonly waiting: readonly KeptAction[];
  readonly isOwn: (kept: KeptAction) => boolean;
}

export const ApprovalsPage = ({ session, waiting, isOwn }: ApprovalsPageProps) => (
  <SupportLayout title="Waiting for a second person" session={session} here="admin">
    <h1>Waiting for a second person</h1>
    {waiting.length === 0 && <p>Nothing waits.</p>}
    <ul class="rows persons">
      {waiting.map((kept) => (
        <li key={kept.id}>
          <a href={actionPath(kept.district, kept.id)}>{describeAction(kept).title}</a>
          <span>{kept.reason}</span>
          <span class="quiet">
            {kept.district} · asked by {isOwn(kept) ? 'you' : kept.by}, <Time at={kept.at} /> · expires{' '}
            <Time at={kept.waitsUntil} />
          </span>
        </li>
      ))}
    </ul>
    <p>
      <a class="onward" href="/admin">
        Back to administration
      </a>
    </p>
  </SupportLayout>
);
