// The rosters of a district: published, former and held ones with dates and reasons, and an admin's actions.

import { totalOf } from '../../../roster/lock-outs.ts';
import { lockOutsOf } from '../../../roster/report.ts';
import { describeCount, describeLockOuts, describeOtherHolds } from '../../../roster/report-text.ts';
import { describeFeeds, type RosterState } from '../../../roster/roster-documents.ts';
import type { StaffSession } from '../../../staff/staff-sign-in.ts';
import { Time } from './time.tsx';

export const methodNames = { sftp: 'SFTP', manual: 'Spreadsheet', 'secure-sync': 'Clever Secure Sync' } as const;

type Feed = ReturnType<typeof describeFeeds>[number];
type Generation = NonNullable<Feed['active']> | NonNullable<Feed['held']>;

interface RosterFeedsProps {
  readonly session: StaffSession | undefined;
  readonly state: RosterState;
}

export function RosterFeeds({ session, state: { district, published, lastSync } }: RosterFeedsProps) {
  const feeds = describeFeeds(published);
  // Pages that show the affected users first.
  const at = `/admin/districts/${district.id}/rosters`;
  return (
    <>
      {feeds.length === 0 && (
        <p>No roster has been published yet. Until then users of this district are asked to wait.</p>
      )}
      {feeds.map((feed) => (
        <section key={feed.method} class="feed">
          <h3>{methodNames[feed.method]}</h3>
          <Generations feed={feed} />
          {session?.scope === 'admin' && (
            <p class="onwards">
              {feed.held && (
                <a class="onward" href={`${at}/${feed.method}/approve`}>
                  Approve the held roster
                </a>
              )}
              {feed.former && (
                <a class="onward" href={`${at}/${feed.method}/rollback`}>
                  Roll back to the one before
                </a>
              )}
            </p>
          )}
        </section>
      ))}
      <LastSync lastSync={lastSync} />
    </>
  );
}

export const LastSync = ({ lastSync }: Pick<RosterState, 'lastSync'>) =>
  lastSync === undefined ? null : (
    <p>
      Clever was last read <Time at={lastSync.finishedAt} />: {lastSync.result.replaceAll('_', ' ')}
      {lastSync.code && ` (${lastSync.code})`}.
    </p>
  );

export function Generations({ feed: { active, former, held } }: { readonly feed: Feed }) {
  return (
    <div class="facts">
      <dl>
        <dt>Published</dt>
        <dd>
          {active ? (
            <>
              <Time at={Date.parse(active.published_at)} /> <span class="quiet">{describeSize(active)}</span>
            </>
          ) : (
            'nothing yet'
          )}
        </dd>
        {held && (
          <>
            <dt>Held</dt>
            <dd>
              <span class="badge open">Held</span> since <Time at={Date.parse(held.staged_at)} />{' '}
              <span class="quiet">{describeSize(held)}</span>
              <br />
              {describeChanges(held)} The published one stays until this one is approved.
            </dd>
          </>
        )}
        {former && (
          <>
            <dt>Before that</dt>
            <dd>
              <Time at={Date.parse(former.published_at)} /> <span class="quiet">{describeSize(former)}</span>
            </dd>
          </>
        )}
      </dl>
    </div>
  );
}

const describeSize = ({ accounts: { student, teacher, staff, administrator } }: Generation) =>
  `${describeCount(student, 'student')}, ${describeCount(teacher + staff + administrator, 'employee')}`;

function describeChanges({ changes }: Generation): string {
  const lockedOut = (
    [
      ['students', changes.student],
      ['employees', changes.employee],
    ] as const
  ).flatMap(([kind, changed]) => {
    const lockOuts = lockOutsOf(changed);
    const total = totalOf(lockOuts);
    return total === 0
      ? []
      : [`It would lock out ${total} of ${changed.before} ${kind}: ${describeLockOuts(lockOuts)}.`];
  });
  return [...lockedOut, ...describeOtherHolds(changes)].join(' ');
}
