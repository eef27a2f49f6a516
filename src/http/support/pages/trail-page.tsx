// What staff looked at and did, newest first.
import type { StaffSession } from '../../../support/staff-sign-in.ts';
import type { StaffTrailEntry } from '../../../support/staff-trail.ts';
import type { CredentialNames } from '../staff-entry-document.ts';
import { DeskLayout } from './desk-layout.tsx';
import { Time } from './time.tsx';

interface TrailPageProps {
  readonly session: StaffSession | undefined;
  readonly entries: readonly StaffTrailEntry[];
  readonly names: CredentialNames;
  /** Where the older ones are. */
  readonly next: string | undefined;
}

export function TrailPage({ session, entries, names, next }: TrailPageProps) {
  return (
    <DeskLayout title="Trail" session={session} here="trail">
      <h1>Who looked, who acted</h1>
      {entries.length === 0 && <p>Nothing yet.</p>}
      <ol class="rows timeline">
        {entries.map((entry, index) => (
          <li key={`${entry.at}${index}`}>
            <span class="time">
              <Time at={entry.at} />
            </span>
            <span class="what">
              <strong>{entry.action.replaceAll('_', ' ')}</strong> by {tellWho(entry.by, names)}: {entry.why}{' '}
              <Subject entry={entry} />
            </span>
          </li>
        ))}
      </ol>
      {next && (
        <a class="button second" rel="next" href={next}>
          Older
        </a>
      )}
    </DeskLayout>
  );
}

function tellWho(by: string, names: CredentialNames): string {
  const name = names.get(by);
  return name === undefined ? by : `${name} (credential ${by})`;
}

function Subject({
  entry: { at, action, by, why, reference, district, ...facts },
}: {
  readonly entry: StaffTrailEntry;
}) {
  const rest = Object.entries(facts).map(([name, value]) => `${name} ${value}`);
  return (
    <span class="quiet">
      {reference && <a href={`/support/attempts/${reference}`}>{reference}</a>}{' '}
      {district && <a href={`/support/districts/${district}`}>{district}</a>} {rest.join(', ')}
    </span>
  );
}
