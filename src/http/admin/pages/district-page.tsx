// The start page of administration: the districts, and one of them with its rosters and actions.
import type { DistrictReach } from '../../../admin/district-reach.ts';
import type { StaffAuditEntry } from '../../../audit/audit-log.ts';
import type { District } from '../../../district/district.ts';
import { describeFeeds, type RosterState } from '../../../roster/roster-documents.ts';
import type { StaffSession } from '../../../staff/staff-sign-in.ts';
import { uploadMethods } from '../../roster/page-context.ts';
import { Templates } from '../../roster/pages/upload-page.tsx';
import { MoveLinkForm, ReasonForm, type Waiting, WaitsNote } from '../../support/pages/action-forms.tsx';
import { describePeople } from '../../support/pages/action-texts.ts';
import { DistrictList } from '../../support/pages/district-pages.tsx';
import { Generations, LastSync, methodNames } from '../../support/pages/roster-feeds.tsx';
import { FormToken, SupportLayout } from '../../support/pages/support-layout.tsx';
import { Done, type DoneWord } from './done.tsx';

interface AdminHomeProps {
  readonly session: StaffSession;
  readonly districts: readonly District[];
  readonly done: DoneWord | undefined;
  /** The district that was just removed, from the audit log. */
  readonly removed: StaffAuditEntry | undefined;
  /** Number of waiting requests; undefined if STAFF_FOUR_EYES is off. */
  readonly waiting: number | undefined;
}

export const AdminHome = ({ session, districts, done, removed, waiting }: AdminHomeProps) => (
  <SupportLayout title="Administration" session={session} here="admin">
    <h1>Administration</h1>
    <Done done={done}>{removed && describeRemoval(removed)}</Done>
    <p class="onwards">
      <a class="button" href="/admin/link">
        Link a district
      </a>
      <a class="onward" href="/admin/credentials">
        Credentials of programs
      </a>
      <a class="onward" href="/admin/clients">
        Products by OpenID Connect
      </a>
      <a class="onward" href="/admin/keys">
        Signing keys
      </a>
      {waiting !== undefined && (
        <a class="onward" href="/support/approvals">
          {waiting === 0 ? 'Nothing waits for a second person' : `Waiting for a second person: ${waiting}`}
        </a>
      )}
    </p>
    <h2>Districts</h2>
    {districts.length === 0 && <p>None yet.</p>}
    <DistrictList districts={districts} base="/admin/districts" />
    <h2>Templates for districts</h2>
    <Templates base="/admin" />
  </SupportLayout>
);

interface AdminDistrictPageProps extends Waiting {
  readonly session: StaffSession;
  readonly state: RosterState;
  readonly reach: DistrictReach;
  readonly done: DoneWord | undefined;
}

export function AdminDistrictPage({ session, state, reach, done, waits }: AdminDistrictPageProps) {
  // Long because it lists each section of one page.
  const { district, published, lastSync } = state;
  const at = `/admin/districts/${district.id}`;
  const feeds = describeFeeds(published);
  return (
    <SupportLayout title={district.name} session={session} here="admin">
      <h1>{district.name}</h1>
      <p class="quiet">
        {district.id} · Clever id {district.cleverId} · {district.rostering.join(', ')}
      </p>
      <Done done={done} />
      <p class="onwards">
        <a class="onward" href={`${at}/settings`}>
          Settings
        </a>
        <a class="onward" href={`/support/districts/${district.id}`}>
          Failed sign-ins
        </a>
        <a class="onward" href={`${at}/preflight`}>
          Who will get in (pre-flight)
        </a>
      </p>
      <h2>Rosters</h2>
      {uploadMethods(district).length > 0 && (
        <a class="button" href={`${at}/rosters`}>
          Upload a roster
        </a>
      )}
      {feeds.length === 0 && (
        <p>No roster has been published yet. Until then users of this district are asked to wait.</p>
      )}
      {feeds.map((feed) => (
        <section key={feed.method} class="feed">
          <h3>{methodNames[feed.method]}</h3>
          <Generations feed={feed} />
          <p class="onwards">
            <a class="onward" href={`${at}/rosters/${feed.method}/report`}>
              Last report
            </a>
            {feed.held && (
              <a class="onward" href={`${at}/rosters/${feed.method}/approve`}>
                Approve the held roster
              </a>
            )}
            {feed.former && (
              <a class="onward" href={`${at}/rosters/${feed.method}/rollback`}>
                Roll back to the one before
              </a>
            )}
          </p>
        </section>
      ))}
      <LastSync lastSync={lastSync} />
      {district.rostering.some((each) => each.startsWith('secure-sync')) && (
        <form method="post" action={`${at}/sync`}>
          <FormToken session={session} />
          <button class="button second" type="submit">
            Read from Clever now
          </button>
        </form>
      )}
      <form method="post" action={`${at}/clever`}>
        <FormToken session={session} />
        <button class="button second" type="submit">
          What Clever shows of this district
        </button>
      </form>
      <details class="actions-of">
        <summary>End sessions, move or release links, remove</summary>
        <p class="quiet">What you do and why is recorded under your name.</p>
        <p>{describePeople(reach)}</p>
        <p>To end all sessions: all users who are signed in have to sign in again. Links stay as they are.</p>
        <ReasonForm session={session} action={`${at}/sessions/end`} label="End all sessions" />
        <p>
          To move a link, where the roster has a person under another id now: the Clever id signs in as the account of
          that id from then on, and open sessions of the former account end.
        </p>
        <MoveLinkForm session={session} district={district.id} waits={waits} />
        <p>
          To release all links, after a change of the student system: sessions end, and each next sign-in links the
          person anew, by the address alone.
        </p>
        <ReasonForm session={session} action={`${at}/links/release`} label="Release all links" waits={waits} />
        <WaitsNote waits={waits} />
        <p>
          <a class="onward" href={`${at}/remove`}>
            Remove the district
          </a>
        </p>
      </details>
    </SupportLayout>
  );
}

const describeRemoval = ({ district, accounts, links, attempts }: StaffAuditEntry): string =>
  `Erased with ${district}: ${Number(accounts).toLocaleString('en')} accounts, ${Number(links).toLocaleString('en')} links, ${Number(attempts).toLocaleString('en')} failed sign-ins.`;
