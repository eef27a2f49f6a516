// The products that use the bridge as OpenID provider.
import type { ListedClient } from '../../../session/clients.ts';
import type { StaffSession } from '../../../staff/staff-sign-in.ts';
import { untranslated } from '../../pages/untranslated.ts';
import { SupportLayout } from '../../support/pages/support-layout.tsx';
import { Time } from '../../support/pages/time.tsx';
import { Done, type DoneWord } from './done.tsx';

interface ClientsPageProps {
  readonly session: StaffSession;
  readonly clients: readonly ListedClient[];
  readonly done: DoneWord | undefined;
}

export const ClientsPage = ({ session, clients, done }: ClientsPageProps) => (
  <SupportLayout title="Products by OpenID Connect" session={session} here="admin">
    <h1>Products by OpenID Connect</h1>
    <Done done={done} />
    <p>
      Each product that signs people in by OpenID Connect is a client of this bridge. The first product, which has the
      session cookie, needs none.
    </p>
    <p class="onwards">
      <a class="button" href="/admin/register-client">
        Register a client
      </a>
    </p>
    {clients.length === 0 && <p>None yet.</p>}
    <ul class="rows persons">
      {clients.map((client) => (
        <li key={client.id}>
          <a href={`/admin/clients/${client.id}`} {...untranslated}>
            <strong>{client.id}</strong>
          </a>
          <span class="addresses" {...untranslated}>
            {client.redirectUris.join('\n')}
          </span>
          <span class="quiet">
            {client.isPublic ? 'public, no secret' : describeSecrets(client)} · registered{' '}
            <Time at={client.createdAt} />
          </span>
        </li>
      ))}
    </ul>
    <p>
      <a class="onward" href="/admin">
        Back to administration
      </a>
    </p>
  </SupportLayout>
);

const describeSecrets = ({ secretsMadeAt }: ListedClient): string =>
  secretsMadeAt.length === 1 ? '1 valid secret' : `${secretsMadeAt.length} valid secrets`;
