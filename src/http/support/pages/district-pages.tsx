// Districts: which there are, and one with its failures, its rosters and what is held.
import type { District } from '../../../roster/district.ts';
import { describeFeeds, type RosterState } from '../../../roster/roster-documents.ts';
import type { DistrictDay } from '../../../support/district-day.ts';
import type { StaffSession } from '../../../support/staff-sign-in.ts';
import { ReasonForm } from './action-forms.tsx';
import { DeskLayout, Time } from './desk-layout.tsx';
import { HoursChart } from './hours-chart.tsx';

export function DistrictsPage({
  session,
  districts,
}: {
  readonly session: StaffSession | undefined;
  readonly districts: readonly District[];
}) {
  return (
    <DeskLayout title="Districts" session={session}>
      <h1>Districts</h1>
      {districts.length === 0 && <p>None yet.</p>}
      <ul class="rows">
        {districts.map(({ id, name, rostering }) => (
          <li key={id}>
            <a href={`/support/districts/${id}`}>{id}</a>
            <span class="what">{name}</span>
            <span class="time">{rostering.join(', ')}</span>
          </li>
        ))}
      </ul>
    </DeskLayout>
  );
}

interface DistrictPageProps {
  readonly session: StaffSession | undefined;
  readonly state: RosterState;
  readonly day: DistrictDay;
}

export function DistrictPage({ session, state, day }: DistrictPageProps) {
  const { district, standing, trail } = state;
  const at = `/support/districts/${district.id}`;
  return (
    <DeskLayout title={district.name} session={session}>
      <h1>{district.name}</h1>
      <h2>Failures in the last 24 hours</h2>
      <HoursChart day={day} />
      <Codes day={day} />
      <p>
        <a href={`/support/attempts?district=${district.id}`}>All attempts of the district</a> ·{' '}
        <a href={`${at}/mismatches.csv`}>Open mismatches for its administrator (CSV)</a>
      </p>
      <h2>Rosters</h2>
      {describeFeeds(standing).length === 0 && <p>Nothing was ever published.</p>}
      {describeFeeds(standing).map(({ method, active, held, former }) => (
        <fieldset key={method}>
          <legend>{method}</legend>
          <p>
            {active ? (
              <>
                Published <Time at={Date.parse(active.published_at)} />: {active.accounts.student} students,{' '}
                {active.accounts.teacher + active.accounts.staff + active.accounts.administrator} employees.
              </>
            ) : (
              'Nothing is published.'
            )}{' '}
            {held && (
              <strong>
                Held since <Time at={Date.parse(held.staged_at)} />: it would remove{' '}
                {held.changes.student.removed + held.changes.employee.removed} people and change the address of{' '}
                {held.changes.student.address_changed + held.changes.employee.address_changed}.
              </strong>
            )}
          </p>
          {session?.scope === 'admin' && held && (
            <ReasonForm session={session} action={`${at}/rosters/${method}/approve`} label="Approve the held roster" />
          )}
          {session?.scope === 'admin' && former && (
            <ReasonForm session={session} action={`${at}/rosters/${method}/rollback`} label="Roll back to the former" />
          )}
        </fieldset>
      ))}
      {session?.scope === 'admin' && (
        <fieldset>
          <legend>After a change of the student system</legend>
          <ReasonForm
            session={session}
            action={`${at}/links/release`}
            label="Release all links"
            fields={{ all: 'yes' }}
          />
        </fieldset>
      )}
      <h2>What was done, newest first</h2>
      {trail.length === 0 && <p>Nothing yet.</p>}
      <ol class="rows timeline">
        {trail.map((entry, index) => (
          <li key={`${entry.at}${index}`}>
            <span class="time">
              <Time at={entry.at} />
            </span>
            <span class="what">{`${entry.action.replaceAll('_', ' ')} by ${entry.by}${entry['reason'] ? `: ${entry['reason']}` : ''}`}</span>
          </li>
        ))}
      </ol>
    </DeskLayout>
  );
}

function Codes({ day }: { readonly day: DistrictDay }) {
  const totals = new Map<string, number>();
  for (const hour of day.hours) {
    for (const [code, count] of Object.entries(hour)) totals.set(code, (totals.get(code) ?? 0) + count);
  }
  if (totals.size === 0) return <p>Nobody failed.</p>;
  return (
    <ul>
      {[...totals]
        .sort(([, one], [, other]) => other - one)
        .map(([code, count]) => (
          <li key={code}>
            {code}: {count}
          </li>
        ))}
      {day.isCut && <li>There were more; the newest are counted.</li>}
    </ul>
  );
}
