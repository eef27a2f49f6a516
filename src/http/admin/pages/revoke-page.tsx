// Confirms the revocation of a credential: its owner, and when it was last used.
import type { ListedCredential } from '../../../session/credentials.ts';
import type { StaffSession } from '../../../staff/staff-sign-in.ts';
import { ReasonForm } from '../../support/pages/action-forms.tsx';
import { SupportLayout } from '../../support/pages/support-layout.tsx';
import { Time } from '../../support/pages/time.tsx';

interface RevokePageProps {
  readonly session: StaffSession;
  readonly credential: ListedCredential;
}

export const RevokePage = ({ session, credential: { id, name, scope, createdAt, lastUsedAt } }: RevokePageProps) => (
  <SupportLayout title={`Revoke ${name}`} session={session} here="admin">
    <h1>Revoke the credential of {name}</h1>
    <p class="note todo">
      <strong>Programs that use it are refused from then on.</strong> Nothing brings it back: where {name} is to go on,
      make another one first, and give it to them.
    </p>
    <div class="facts">
      <dl>
        <dt>Scope</dt>
        <dd>{scope}</dd>
        <dt>Id</dt>
        <dd>{id}</dd>
        <dt>Made</dt>
        <dd>
          <Time at={createdAt} />
        </dd>
        <dt>Last used</dt>
        <dd>{lastUsedAt === undefined ? 'never' : <Time at={lastUsedAt} />}</dd>
      </dl>
    </div>
    <ReasonForm session={session} action={`/admin/credentials/${id}/revoke`} label="Revoke it" />
    <p>
      <a class="onward" href="/admin/credentials">
        Leave it as it is
      </a>
    </p>
  </SupportLayout>
);
