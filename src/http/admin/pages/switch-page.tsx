// Before an approval or a rollback: the affected users. After a sync or a check of Clever: its result.
import type { District } from '../../../district/district.ts';
import type { Method } from '../../../identity/candidate.ts';
import type { KeptComparison } from '../../../roster/activate-kept.ts';
import { describeLostAccess, describeSummary } from '../../../roster/report-text.ts';
import type { SyncResult } from '../../../secure-sync/sync-district.ts';
import type { StaffSession } from '../../../staff/staff-sign-in.ts';
import { ReasonForm, reasonFieldOf, type Waiting, WaitsNote } from '../../support/pages/action-forms.tsx';
import { MissingFields } from '../../support/pages/form-again.tsx';
import { methodNames } from '../../support/pages/roster-feeds.tsx';
import { SupportLayout } from '../../support/pages/support-layout.tsx';
import { Time } from '../../support/pages/time.tsx';
import type { CheckedThing } from '../admin-access.ts';

interface SwitchPageProps extends Waiting {
  readonly session: StaffSession;
  readonly district: District;
  readonly method: Method;
  readonly verb: 'approve' | 'rollback';
  readonly kept: KeptComparison;
  /** No reason was given. */
  readonly isWrong: boolean;
}

export function SwitchPage({ session, district, method, verb, kept: { report, at }, isWrong, waits }: SwitchPageProps) {
  const title = verb === 'approve' ? 'Approve the held roster' : 'Roll back to the previous roster';
  const label = verb === 'approve' ? 'Approve it' : 'Roll back';
  const action = `/admin/districts/${district.id}/rosters/${method}/${verb}`;
  const lost = describeLostAccess(report.changes);
  return (
    <SupportLayout title={title} session={session} here="admin">
      <h1>{title}</h1>
      <p class="quiet">
        {district.name} · {methodNames[method]} · {verb === 'approve' ? 'held since' : 'published'} <Time at={at} />
      </p>
      {isWrong && <MissingFields missing={[{ id: reasonFieldOf(action), label: `${label}: why?` }]} />}
      <h2>Who is affected</h2>
      <ul>
        {(lost.length > 0 ? lost : ['No user loses access.']).map((line) => (
          <li key={line}>
            <strong>{line}</strong>
          </li>
        ))}
        {describeSummary(report)
          .filter((line) => !lost.includes(line))
          .map((line) => (
            <li key={line}>{line}</li>
          ))}
      </ul>
      <p>Sessions of people who leave the roster end with it.</p>
      <ReasonForm session={session} action={action} label={label} waits={waits} />
      <WaitsNote waits={waits} />
      <p>
        <a class="onward" href={`/admin/districts/${district.id}`}>
          Leave everything as it is
        </a>
      </p>
    </SupportLayout>
  );
}

interface SyncPageProps {
  readonly session: StaffSession;
  readonly district: District;
  readonly result: SyncResult | undefined;
}

export function SyncPage({ session, district, result }: SyncPageProps) {
  const isPublished = result?.kind === 'published';
  return (
    <SupportLayout title="Read from Clever" session={session} here="admin">
      <h1>Read from Clever</h1>
      <p class={`note ${isPublished ? '' : 'todo'}`} role="status">
        <strong>{describeSync(result)}</strong>
      </p>
      {result !== undefined && 'report' in result && (
        <ul>
          {describeSummary(result.report, 'holds' in result ? result.holds : []).map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
      <p>
        <a class="onward" href={`/admin/districts/${district.id}/rosters/secure-sync/report`}>
          The report
        </a>
      </p>
      <p>
        <a class="onward" href={`/admin/districts/${district.id}`}>
          Back to {district.name}
        </a>
      </p>
    </SupportLayout>
  );
}

function describeSync(result: SyncResult | undefined): string {
  if (result === undefined) return 'Nothing was due.';
  switch (result.kind) {
    case 'published':
    case 'checked':
      return 'Published.';
    case 'held':
      return 'Held: it would lock out many people. The previous roster stays until this one is approved.';
    case 'failed':
      return `Clever could not be read (${result.reason}). The last good roster stands.`;
    case 'refused':
      if (result.code === 'sync_running') return 'Nothing was begun: Clever is being read for this district already.';
      return `Not published: ${result.code.replaceAll('_', ' ')}. The last good roster stands.`;
  }
}

interface CleverCheckPageProps {
  readonly session: StaffSession;
  readonly district: District;
  readonly checked: readonly CheckedThing[];
}

export function CleverCheckPage({ session, district, checked }: CleverCheckPageProps) {
  const wrong = checked.filter(({ ok }) => !ok).length;
  return (
    <SupportLayout title="What Clever shows" session={session} here="admin">
      <h1>What Clever shows with our credentials</h1>
      <p class={`note ${wrong > 0 ? 'todo' : ''}`} role="status">
        <strong>{wrong === 0 ? 'All well.' : `${wrong} of ${checked.length} need attention.`}</strong>
      </p>
      <ul class="rows findings">
        {checked.map(({ ok, unchecked, detail, ask }) => (
          <li key={detail}>
            <span class={`badge ${unchecked ? '' : ok ? 'done' : 'open'}`}>
              {unchecked ? 'Compare' : ok ? 'Well' : 'Wrong'}
            </span>
            <span class="what">
              {detail} {ask && <strong>To do: {ask}</strong>}
            </span>
          </li>
        ))}
      </ul>
      <p>
        <a class="onward" href={`/admin/districts/${district.id}`}>
          Back to {district.name}
        </a>
      </p>
    </SupportLayout>
  );
}
