// The list of districts, and one district with its failures, its rosters and what is held.

import type { AuditEntry } from '../../../audit/audit-log.ts';
import type { District } from '../../../district/district.ts';
import type { RosterState } from '../../../roster/roster-documents.ts';
import type { StaffSession } from '../../../staff/staff-sign-in.ts';
import type { DistrictDay } from '../../../support/district-day.ts';
import type { DistrictToday } from '../../../support/sign-in-counts.ts';
import { ReasonForm, type Waiting, WaitsNote } from './action-forms.tsx';
import { HoursChart } from './hours-chart.tsx';
import { RosterFeeds } from './roster-feeds.tsx';
import { SupportLayout } from './support-layout.tsx';
import { Action, Timeline } from './timeline.tsx';
import { failedTodayPath, TodayCounts, TodayWords } from './today.tsx';

interface DistrictsPageProps {
  readonly session: StaffSession | undefined;
  /** Of this page. */
  readonly districts: readonly District[];
  /** By id; without districts that have no attempts yet. */
  readonly today: ReadonlyMap<string, DistrictToday>;
  readonly paging: {
    readonly page: number;
    readonly last: number;
    /** Districts on all pages. */
    readonly total: number;
    readonly order: 'name' | 'failures';
  };
}

export function DistrictsPage({ session, districts, today, paging }: DistrictsPageProps) {
  const { page, last, total, order } = paging;
  const other = order === 'name' ? 'failures' : 'name';
  const at = (number: number) => `/support/districts?${new URLSearchParams({ order, page: `${number}` })}`;
  return (
    <SupportLayout title="Districts" session={session} here="districts">
      <h1>Districts</h1>
      {total === 0 && <p>None yet.</p>}
      {total > 0 && (
        <p class="onwards">
          <span class="quiet">
            {total === 1 ? '1 district' : `${total.toLocaleString('en')} districts`}
            {last > 1 && `, page ${page} of ${last}`},{' '}
            {order === 'name' ? 'by id' : 'most failures over the usual first'}. People are counted by the day of the
            district.
          </span>
          <a class="onward" href={`/support/districts?order=${other}`}>
            {other === 'name' ? 'By id' : 'Most failures first'}
          </a>
        </p>
      )}
      <DistrictList districts={districts} base="/support/districts" today={today} />
      <p class="onwards">
        {page > 1 && (
          <a class="button second" rel="prev" href={at(page - 1)}>
            Back
          </a>
        )}
        {page < last && (
          <a class="button second" rel="next" href={at(page + 1)}>
            More
          </a>
        )}
      </p>
    </SupportLayout>
  );
}

/** @param base the parent path of each district's page */
export const DistrictList = ({
  districts,
  base,
  today,
}: Pick<DistrictsPageProps, 'districts'> & { readonly base: string } & Partial<Pick<DistrictsPageProps, 'today'>>) => (
  <ul class={today === undefined ? 'rows places' : 'rows places counted'}>
    {districts.map(({ id, name, rostering }) => {
      const own = today?.get(id);
      return (
        <li key={id}>
          <a href={`${base}/${id}`}>{name}</a>
          <span class="quiet id">{id}</span>
          {today === undefined && <span class="quiet">{rostering.join(', ')}</span>}
          {today !== undefined && (own ? <TodayCounts today={own} /> : <span class="quiet">no sign-in yet</span>)}
        </li>
      );
    })}
  </ul>
);

interface DistrictPageProps extends Waiting {
  readonly session: StaffSession | undefined;
  readonly state: RosterState;
  readonly day: DistrictDay;
  /** Undefined if there were no attempts yet. */
  readonly today: DistrictToday | undefined;
}

export function DistrictPage({ session, state, day, today, waits }: DistrictPageProps) {
  // Long because it lists each section of one page.
  const { district, trail } = state;
  const at = `/support/districts/${district.id}`;
  return (
    <SupportLayout title={district.name} session={session}>
      <h1>{district.name}</h1>
      <p class="quiet">
        {district.id} · Clever id {district.cleverId} · {district.rostering.join(', ')}
      </p>
      <h2>Today</h2>
      {today === undefined ? (
        <p>No user has tried to sign in yet.</p>
      ) : (
        <TodayWords today={today} href={failedTodayPath(today)} />
      )}
      <p class="onwards">
        <a class="onward" href={`/support/incidents?district=${district.id}`}>
          Open incidents of the district
        </a>
        <a class="onward" href={`/support/attempts?district=${district.id}&state=open&group=person`}>
          Who is still kept out
        </a>
        <a class="onward" href={`/support/attempts?district=${district.id}`}>
          All attempts of the district
        </a>
        <a class="onward" href={`${at}/mismatches.csv`}>
          Open mismatches for its administrator (CSV)
        </a>
      </p>
      <h2>Failed tries in the last 24 hours</h2>
      <HoursChart day={day} district={district.id} />
      <h2>Rosters</h2>
      <RosterFeeds session={session} state={state} />
      {session?.scope === 'admin' && (
        <details class="actions-of">
          <summary>After a change of the student system</summary>
          <p class="quiet">
            All sessions end, and each user’s next sign-in links their Clever login to their account anew.
          </p>
          <ReasonForm
            session={session}
            action={`${at}/links/release`}
            label="Release all links"
            fields={{ all: 'yes' }}
            waits={waits}
          />
          <WaitsNote waits={waits} />
        </details>
      )}
      <h2>What was done, newest first</h2>
      {trail.length === 0 && <p>Nothing yet.</p>}
      <Timeline
        entries={trail}
        describe={(entry) => (
          <>
            <Action entry={entry} /> by {entry.by}
            {entry['approved_by'] && `, approved by ${entry['approved_by']}`}
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
