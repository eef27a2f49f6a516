// One client: its registration, a new secret, and links to change or remove it.
import type { StaffSession } from '../../../staff/staff-sign-in.ts';
import { untranslated } from '../../pages/untranslated.ts';
import { FormToken, SupportLayout } from '../../support/pages/support-layout.tsx';
import { ClientFacts, type ClientFactsProps } from './client-facts.tsx';
import { Done, type DoneWord } from './done.tsx';
import { MadeSecret } from './made-secret.tsx';

interface ClientPageProps extends ClientFactsProps {
  readonly session: StaffSession;
  readonly done: DoneWord | undefined;
  /** Newly created; shown on this page only. */
  readonly secret?: string;
}

export function ClientPage({ session, client, names, done, secret }: ClientPageProps) {
  const at = `/admin/clients/${client.id}`;
  return (
    <SupportLayout title={`Client ${client.id}`} session={session} here="admin">
      <h1>
        Client <span {...untranslated}>{client.id}</span>
      </h1>
      <Done done={done} />
      {secret !== undefined && <MadeSecret id={client.id} secret={secret} />}
      <ClientFacts client={client} names={names} />
      <p class="onwards">
        <a class="button" href={`${at}/settings`}>
          Change it
        </a>
        <a class="onward" href={`${at}/remove`}>
          Remove it
        </a>
        <a class="onward" href="/admin/clients">
          All clients
        </a>
      </p>
      {!client.isPublic && (
        <>
          <h2>A new secret</h2>
          <p>
            The newest of its secrets stays valid beside the new one, until the next one is made: give the new one to
            the product, and no one is kept out meanwhile. An older one ends.
          </p>
          <form class="stack" method="post" action={`${at}/rotate`}>
            <FormToken session={session} />
            <label class="choice">
              <input type="checkbox" name="end_former" value="yes" />
              <span>
                End the former secrets at once, because one may be in other hands: no one can sign in to this product
                until it has the new one
              </span>
            </label>
            <button class="button second" type="submit">
              Make a new secret
            </button>
          </form>
        </>
      )}
    </SupportLayout>
  );
}
