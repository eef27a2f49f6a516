// Confirms the removal of a district: what is removed with it, and the id to type.
import type { DistrictReach } from '../../../admin/district-reach.ts';
import { describeFeeds, type RosterState } from '../../../roster/roster-documents.ts';
import type { StaffSession } from '../../../staff/staff-sign-in.ts';
import { type Waiting, WaitsNote } from '../../support/pages/action-forms.tsx';
import { describePeople } from '../../support/pages/action-texts.ts';
import { Generations, methodNames } from '../../support/pages/roster-feeds.tsx';
import { SupportLayout } from '../../support/pages/support-layout.tsx';
import { type FilledIn, RemoveForm, WrongRemoval } from './remove-form.tsx';

interface RemovePageProps extends Waiting {
  readonly session: StaffSession;
  readonly state: RosterState;
  readonly reach: DistrictReach;
  /** Undefined before the form was sent. */
  readonly given?: FilledIn | undefined;
}

export const RemovePage = ({ session, state: { district, published }, reach, given, waits }: RemovePageProps) => (
  <SupportLayout title={`Remove ${district.name}`} session={session} here="admin">
    <h1>Remove {district.name}</h1>
    <WrongRemoval id={district.id} given={given} />
    <p class="note todo">
      All users of this district are signed out and cannot sign in any more. Its rosters, links, failed sign-ins and
      audit log are erased. Nothing brings them back.
    </p>
    <h2>Who is affected</h2>
    <p>{describePeople(reach)}</p>
    {describeFeeds(published).map((feed) => (
      <section key={feed.method} class="feed">
        <h3>{methodNames[feed.method]}</h3>
        <Generations feed={feed} />
      </section>
    ))}
    <RemoveForm
      session={session}
      action={`/admin/districts/${district.id}/remove`}
      what="district"
      id={district.id}
      given={given}
      label={waits ? 'Ask to remove the district' : 'Remove the district'}
    >
      <WaitsNote waits={waits} />
    </RemoveForm>
  </SupportLayout>
);
