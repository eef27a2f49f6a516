// Districts: which there are, and one with its failures, its rosters and what is held.
import type { District } from '../../../roster/district.ts';
import type { RosterState } from '../../../roster/roster-documents.ts';
import type { DistrictDay } from '../../../support/district-day.ts';
import type { StaffSession } from '../../../support/staff-sign-in.ts';
import type { TrailEntry } from '../../../support/trail.ts';
import { ReasonForm } from './action-forms.tsx';
import { DeskLayout } from './desk-layout.tsx';
import { HoursChart } from './hours-chart.tsx';
import { RosterFeeds } from './roster-feeds.tsx';
import { Time } from './time.tsx';

interface DistrictsPageProps {
  readonly session: StaffSession | undefined;
  readonly districts: readonly District[];
}

export function DistrictsPage({ session, districts }: DistrictsPageProps) {
  return (
    <DeskLayout title="Districts" session={session} here="districts">
      <h1>Districts</h1>
      {districts.length === 0 && <p>None yet.</p>}
      <ul class="rows places">
        {districts.map(({ id, name, rostering }) => (
          <li key={id}>
            <a href={`/support/districts/${id}`}>{name}</a>
            <span class="quiet">{id}</span>
            <span class="quiet">{rostering.join(', ')}</span>
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
  const { district, trail } = state;
  const at = `/support/districts/${district.id}`;
  return (
    <DeskLayout title={district.name} session={session}>
      <h1>{district.name}</h1>
      <p class="quiet">
        {district.id} · Clever id {district.cleverId} · {district.rostering.join(', ')}
      </p>
      <h2>Failures in the last 24 hours</h2>
      <HoursChart day={day} />
      <p class="onwards">
        <a class="onward" href={`/support/attempts?district=${district.id}`}>
          All attempts of the district
        </a>
        <a class="onward" href={`${at}/mismatches.csv`}>
          Open mismatches for its administrator (CSV)
        </a>
      </p>
      <h2>Rosters</h2>
      <RosterFeeds session={session} state={state} />
      {session?.scope === 'admin' && (
        <details class="actions-of">
          <summary>After a change of the student system</summary>
          <p class="quiet">
            Everybody’s next sign-in links their Clever login to their account anew, and sessions end.
          </p>
          <ReasonForm
            session={session}
            action={`${at}/links/release`}
            label="Release all links"
            fields={{ all: 'yes' }}
          />
        </details>
      )}
      <h2>What was done, newest first</h2>
      {trail.length === 0 && <p>Nothing yet.</p>}
      <ol class="rows timeline">
        {trail.map((entry, index) => (
          <li key={`${entry.at}${index}`}>
            <span class="time">
              <Time at={entry.at} />
            </span>
            <span class="what">
              <strong>{entry.action.replaceAll('_', ' ')}</strong> by {entry.by}
              {entry['reason'] && `: ${entry['reason']}`} <span class="quiet">{tellFacts(entry)}</span>
            </span>
          </li>
        ))}
      </ol>
    </DeskLayout>
  );
}

const counted = ['students', 'employees', 'new', 'changed', 'removed', 'errors'] as const;

const tellFacts = (entry: TrailEntry): string =>
  [
    ...(entry['account'] ? [`account ${entry['account']}`] : []),
    ...counted.flatMap((name) => (entry[name] === undefined ? [] : [`${name} ${entry[name]}`])),
  ].join(', ');
