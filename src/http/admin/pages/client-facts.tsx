// The registered facts of a client, in words.
import type { App } from '../../../outcome/outcome.ts';
import type { ClientPkce } from '../../../session/client-rules.ts';
import type { ListedClient } from '../../../session/clients.ts';
import { untranslated } from '../../pages/untranslated.ts';
import { Time } from '../../support/pages/time.tsx';

export interface ClientFactsProps {
  readonly client: ListedClient;
  /** Of registered districts, by id. */
  readonly names: ReadonlyMap<string, string>;
}

export const appNames: Readonly<Record<App, string>> = {
  'summit-k12': 'Summit K12',
  'secure-sync': 'SK12 Secure Sync',
};

export const pkceTexts: Readonly<Record<ClientPkce, string>> = {
  required: 'required',
  'or-nonce': 'or a nonce: its library has no PKCE',
};

/** Launches as one sentence each; empty if it has none. */
export const launchesOf = ({ client: { launchApps, launchDistricts }, names }: ClientFactsProps): string[] => [
  ...launchApps.map((app) => `all users of ${appNames[app]}`),
  ...launchDistricts.map((id) => `all users of ${names.get(id) ?? `${id}, which is not linked here`}`),
];

export function ClientFacts({ client, names }: ClientFactsProps) {
  const launches = launchesOf({ client, names });
  return (
    <div class="facts">
      <dl>
        <dt>Kind</dt>
        <dd>
          {client.isPublic ? 'public: it has no secret, PKCE protects its codes' : 'confidential: it has a secret'}
        </dd>
        <dt>Redirect URIs</dt>
        <Addresses uris={client.redirectUris} />
        <dt>Initiate login URI</dt>
        <Addresses uris={[client.initiateLoginUri ?? []].flat()} />
        <dt>Launches from Clever’s portal</dt>
        <dd>{launches.length === 0 ? 'none' : launches.map((line) => <div key={line}>{line}</div>)}</dd>
        <dt>Post-logout redirect URIs</dt>
        <Addresses uris={client.postLogoutRedirectUris} />
        <dt>Back-channel logout URI</dt>
        <Addresses uris={[client.backchannelLogoutUri ?? []].flat()} />
        <dt>Scopes</dt>
        <dd {...untranslated}>{client.scopes.join(', ')}</dd>
        <dt>PKCE</dt>
        <dd>{pkceTexts[client.pkce]}</dd>
        <dt>Registered</dt>
        <dd>
          <Time at={client.createdAt} />
        </dd>
        {!client.isPublic && (
          <>
            <dt>Valid secrets made</dt>
            <dd>
              {client.secretsMadeAt.map((at) => (
                <div key={at}>
                  <Time at={at} />
                </div>
              ))}
            </dd>
          </>
        )}
      </dl>
    </div>
  );
}

const Addresses = ({ uris }: { readonly uris: readonly string[] }) =>
  uris.length === 0 ? (
    <dd>none</dd>
  ) : (
    <dd class="addresses" {...untranslated}>
      {uris.join('\n')}
    </dd>
  );
