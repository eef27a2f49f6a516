// A registered client in oidc-provider's form: the metadata of OpenID Connect Dynamic Client Registration 1.0 section
// 2.
import { randomBytes } from 'node:crypto';
import type { AdapterPayload } from 'oidc-provider';
import type { Client } from '../session/clients.ts';

/**
 * oidc-provider needs a secret in the clear, which the store does not have: it gets a random one, and
 * `compareClientSecret` is replaced (create-provider.ts).
 */
const unknownSecret = randomBytes(32).toString('base64url');

export const describeClient = ({
  id,
  isPublic,
  redirectUris,
  backchannelLogoutUri,
  scopes,
  pkce,
}: Client): AdapterPayload => ({
  client_id: id,
  application_type: 'web',
  redirect_uris: [...redirectUris],
  response_types: ['code'],
  grant_types: ['authorization_code', ...(scopes.includes('offline_access') ? ['refresh_token'] : [])],
  scope: scopes.join(' '),
  id_token_signed_response_alg: 'ES256',
  pkce,
  ...(isPublic
    ? { token_endpoint_auth_method: 'none' }
    : // Takes client_secret_post as well.
      { token_endpoint_auth_method: 'client_secret_basic', client_secret: unknownSecret }),
  ...(backchannelLogoutUri !== undefined && {
    backchannel_logout_uri: backchannelLogoutUri,
    backchannel_logout_session_required: true,
  }),
});
