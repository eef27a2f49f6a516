// The sign-ins of the district: users who cannot sign in and why, the rosters, and what to do next.
import type { FewMismatches } from '../../../admin/district-mismatches.ts';
import { type Method, methods } from '../../../identity/candidate.ts';
import type { Incident } from '../../../incidents/incident.ts';
import type { LastReport } from '../../../roster/last-report.ts';
import { describeFeeds, type RosterState } from '../../../roster/roster-documents.ts';
import { Templates } from '../../roster/pages/upload-page.tsx';
import { methodNames, RosterFeeds } from '../../support/pages/roster-feeds.tsx';
import { Time } from '../../support/pages/time.tsx';
import type { DistrictPageContext } from '../district-access.ts';
import { IncidentList } from './incident-page.tsx';
import { MismatchList } from './mismatches-page.tsx';

interface DistrictHomeProps {
  readonly context: DistrictPageContext;
  readonly state: RosterState;
  readonly incidents: readonly Incident[];
  readonly mismatches: FewMismatches;
  readonly reports: ReadonlyMap<Method, LastReport>;
}

export function DistrictHome({ context, state, incidents, mismatches, reports }: DistrictHomeProps) {
  const isSchool = context.schoolIds !== undefined;
  return context.frame(
    'Your district’s sign-ins',
    <>
      <h1>{isSchool ? 'Sign-ins of your schools' : 'Your district’s sign-ins'}</h1>
      <p class="quiet">{context.district.name}</p>
      {!isSchool && <NotPublished state={state} reports={reports} />}
      {incidents.length > 0 && (
        <>
          <h2>What keeps people out</h2>
          <IncidentList incidents={incidents} />
        </>
      )}
      <h2>Who cannot sign in</h2>
      <MismatchList mismatches={mismatches.list} />
      {mismatches.list.length > 0 && (
        <p class="onwards">
          {mismatches.hasMore && (
            <a class="onward" href="/district/mismatches">
              All of them
            </a>
          )}
          <a class="onward" href="/district/mismatches.csv">
            All of them as a file (CSV)
          </a>
        </p>
      )}
      {!isSchool && (
        <>
          <h2>Rosters</h2>
          <RosterFeeds session={undefined} state={state} />
          <LastReports reports={reports} />
          <p class="onwards">
            <a class="onward" href="/district/rosters">
              Upload a roster
            </a>
            <a class="onward" href="/district/preflight">
              See who will get in, from Clever’s list
            </a>
          </p>
          <h2>Templates</h2>
          <Templates base="/district" />
        </>
      )}
    </>,
  );
}

const results = {
  published: 'published',
  held: 'held for approval',
  refused: 'not published',
  checked: 'checked',
} as const;

/** Stands first: the roster in force is not the newest one that was sent. */
function NotPublished({ state, reports }: Pick<DistrictHomeProps, 'state' | 'reports'>) {
  const held = describeFeeds(state.published).flatMap((feed) => (feed.held === undefined ? [] : feed.method));
  return (
    <>
      {methods.map((method) => {
        const isRefused = reports.get(method)?.kind === 'refused';
        if (!isRefused && !held.includes(method)) return null;
        return (
          <p key={method} class="note todo">
            <strong>
              The newest roster ({methodNames[method]}) {isRefused ? 'was not published' : 'is held'}:
            </strong>{' '}
            {isRefused
              ? 'it has errors, so nothing was changed. '
              : 'it would keep many people out or lacks much. It is not in force until Summit K12 approves it. '}
            <a href={`/district/rosters/${method}/report`}>See why, and what to do</a>
          </p>
        );
      })}
    </>
  );
}

function LastReports({ reports }: Pick<DistrictHomeProps, 'reports'>) {
  if (reports.size === 0) return null;
  return (
    <>
      <h3>Last reports</h3>
      <ul class="rows places">
        {[...reports].map(([method, { at, kind, findings }]) => {
          const warnings = Object.values(findings.counts).reduce((sum, count) => sum + count, 0) - findings.errors;
          return (
            <li key={method}>
              <a href={`/district/rosters/${method}/report`}>
                {methodNames[method]}: {results[kind]}, {count(findings.errors, 'error')}, {count(warnings, 'warning')}
              </a>
              <span class="quiet">
                <Time at={at} />
              </span>
            </li>
          );
        })}
      </ul>
    </>
  );
}

const count = (number: number, one: string) => `${number} ${one}${number === 1 ? '' : 's'}`;
