// What staff looked at and did, newest first.

import type { StaffSession } from '../../../support/staff-sign-in.ts';
import type { StaffTrailEntry } from '../../../support/staff-trail.ts';
import { DeskLayout, Time } from './desk-layout.tsx';

export function TrailPage({
  session,
  entries,
}: {
  readonly session: StaffSession | undefined;
  readonly entries: readonly StaffTrailEntry[];
}) {
  return (
    <DeskLayout title="Trail" session={session}>
      <h1>Who looked, who acted</h1>
      {entries.length === 0 && <p>Nothing yet.</p>}
      <ol class="rows timeline">
        {entries.map(({ at, action, by, why, ...facts }, index) => (
          <li key={`${at}${index}`}>
            <span class="time">
              <Time at={at} />
            </span>
            <span class="what">
              {`${action.replaceAll('_', ' ')} by ${by}: ${why}`}{' '}
              <span class="quiet">{Object.values(facts).join(' ')}</span>
            </span>
          </li>
        ))}
      </ol>
    </DeskLayout>
  );
}
