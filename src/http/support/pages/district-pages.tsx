// Districts: which there are, and one with its failures, its rosters and what is held.

import type { AuditEntry } from '../../../audit/audit-log.ts';
import type { District } from '../../../district/district.ts';
import type { RosterState } from '../../../roster/roster-documents.ts';
import type { StaffSession } from '../../../staff/staff-sign-in.ts';
import type { DistrictDay } from '../../../support/district-day.ts';
import { ReasonForm } from './action-forms.tsx';
import { HoursChart } from './hours-chart.tsx';
import { RosterFeeds } from './roster-feeds.tsx';
import { SupportLayout } from './support-layout.tsx';
import { Action, Timeline } from './timeline.tsx';

interface DistrictsPageProps {
  readonly session: StaffSession | undefined;
  readonly districts: readonly District[];
}

export function DistrictsPage({ session, districts }: DistrictsPageProps) {
  return (
    <SupportLayout title="Districts" session={session} here="districts">
      <h1>Districts</h1>
      {districts.length === 0 && <p>None yet.</p>}
      <DistrictList districts={districts} base="/support/districts" />
    </SupportLayout>
  );
}

/** @param base the address below which each district has its page */
export const DistrictList = ({
  districts,
  base,
}: Pick<DistrictsPageProps, 'districts'> & { readonly base: string }) => (
  <ul class="rows places">
    {districts.map(({ id, name, rostering }) => (
      <li key={id}>
        <a href={`${base}/${id}`}>{name}</a>
        <span class="quiet">{id}</span>
        <span class="quiet">{rostering.join(', ')}</span>
      </li>
    ))}
  </ul>
);

interface DistrictPageProps {
  readonly session: StaffSession | undefined;
  readonly state: RosterState;
  readonly day: DistrictDay;
}

export function DistrictPage({ session, state, day }: DistrictPageProps) {
  const { district, trail } = state;
  const at = `/support/districts/${district.id}`;
  return (
    <SupportLayout title={district.name} session={session}>
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
      <Timeline
        entries={trail}
        describe={(entry) => (
          <>
            <Action entry={entry} /> by {entry.by}
            {entry['reason'] && `: ${entry['reason']}`} <span class="quiet">{describeFacts(entry)}</span>
          </>
        )}
      />
    </SupportLayout>
  );
}

const counted = ['students', 'employees', 'new', 'changed', 'removed', 'errors'] as const;

const describeFacts = (entry: AuditEntry): string =>
  [
    ...(entry['account'] ? [`account ${entry['account']}`] : []),
    ...counted.flatMap((name) => (entry[name] === undefined ? [] : [`${name} ${entry[name]}`])),
  ].join(', ');
