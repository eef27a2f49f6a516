// Confirms the removal of a client: what it is, which users it affects, and the id to type.
import type { StaffSession } from '../../../staff/staff-sign-in.ts';
import { SupportLayout } from '../../support/pages/support-layout.tsx';
import { ClientFacts, type ClientFactsProps, launchesOf } from './client-facts.tsx';
import { type FilledIn, RemoveForm, WrongRemoval } from './remove-form.tsx';

interface RemoveClientPageProps extends ClientFactsProps {
  readonly session: StaffSession;
  /** Undefined before the form was sent. */
  readonly given?: FilledIn | undefined;
}

export function RemoveClientPage({ session, client, names, given }: RemoveClientPageProps) {
  const launches = launchesOf({ client, names });
  return (
    <SupportLayout title={`Remove ${client.id}`} session={session} here="admin">
      <h1>Remove the client {client.id}</h1>
      <WrongRemoval id={client.id} given={given} />
      <p class="note todo">
        No one can sign in to this product through the bridge any more. Its codes, tokens and secrets are worth nothing
        from then on, and nothing brings them back. Sessions here and at other products stay.
      </p>
      <h2>Who is affected</h2>
      <p>
        All who use the product at the addresses below.
        {launches.length > 0 && ' These launches from Clever’s portal go to the first product instead:'}
      </p>
      {launches.length > 0 && (
        <ul>
          {launches.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
      <ClientFacts client={client} names={names} />
      <RemoveForm
        session={session}
        action={`/admin/clients/${client.id}/remove`}
        what="client"
        id={client.id}
        given={given}
        label="Remove the client"
      />
      <p>
        <a class="onward" href={`/admin/clients/${client.id}`}>
          Leave it as it is
        </a>
      </p>
    </SupportLayout>
  );
}
