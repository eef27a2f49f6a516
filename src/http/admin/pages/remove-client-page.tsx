// Before a client is removed: what it is, whom it keeps out, and the id to be typed.
import type { StaffSession } from '../../../staff/staff-sign-in.ts';
import { FormToken, SupportLayout } from '../../support/pages/support-layout.tsx';
import { ClientFacts, type ClientFactsProps, launchesOf } from './client-facts.tsx';

interface RemoveClientPageProps extends ClientFactsProps {
  readonly session: StaffSession;
  /** The id or the reason was missing. */
  readonly isWrong: boolean;
}

export function RemoveClientPage({ session, client, names, isWrong }: RemoveClientPageProps) {
  const launches = launchesOf({ client, names });
  return (
    <SupportLayout title={`Remove ${client.id}`} session={session} here="admin">
      <h1>Remove the client {client.id}</h1>
      <p class="note todo" role={isWrong ? 'alert' : undefined}>
        {isWrong && <strong>Nothing was removed: the id or the reason is missing. </strong>}
        Nobody can sign in to this product through the bridge any more. Its codes, tokens and secrets are worth nothing
        from then on, and nothing brings them back. Sessions here and at other products stay.
      </p>
      <h2>Whom it touches</h2>
      <p>
        Everybody who uses the product at the addresses below.
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
      <form class="stack" method="post" action={`/admin/clients/${client.id}/remove`}>
        <FormToken session={session} />
        <div class="field">
          <label for="confirm">Type the id of the client: {client.id}</label>
          <input id="confirm" name="confirm" type="text" required autocomplete="off" spellcheck={false} />
        </div>
        <div class="field">
          <label for="reason">Why?</label>
          <input id="reason" name="reason" type="text" required maxLength={300} autocomplete="off" />
        </div>
        <button class="button" type="submit">
          Remove the client
        </button>
      </form>
      <p>
        <a class="onward" href={`/admin/clients/${client.id}`}>
          Leave it as it is
        </a>
      </p>
    </SupportLayout>
  );
}
