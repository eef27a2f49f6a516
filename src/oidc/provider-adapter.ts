// What oidc-provider reads and writes: registered clients; and codes, tokens and grants, sealed, under keyed hashes of
// their values, in the partition of the user's district, deleted when they expire. Sessions and authorization requests
// are not stored here: the bridge's session is the provider's, and a pending request travels in the browser's sealed
// cookie.

import { randomBytes } from 'node:crypto';
import { type Adapter, type AdapterPayload, errors } from 'oidc-provider';
import type { Client } from '../session/client.ts';
import type { Clients } from '../session/clients.ts';
import { sealedJson, storedObject } from '../store/sealed.ts';
import type { Address, Store } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';

type TokenModel = 'AuthorizationCode' | 'AccessToken' | 'RefreshToken' | 'Grant';

const isTokenModel = (model: string): model is TokenModel =>
  ['AuthorizationCode', 'AccessToken', 'RefreshToken', 'Grant'].includes(model);

export interface AdapterNeeds {
  readonly clients: Pick<Clients, 'find'>;
  readonly store: Pick<Store, 'get' | 'put' | 'commit' | 'remove'>;
  readonly vault: Vault;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

export function createAdapter(needs: AdapterNeeds, model: string): Adapter {
  if (isTokenModel(model)) return createTokenAdapter(needs, model);
  if (model !== 'Client') return nothingKept;
  const find = async (id: string) => {
    const client = await needs.clients.find(id);
    return client && describeClient(client);
  };
  return { ...nothingKept, find };
}

/**
 * A code or token is valid only together with its grant, which oidc-provider reads each time: deleting one value
 * revokes a family of tokens.
 */
function createTokenAdapter(needs: Omit<AdapterNeeds, 'clients'>, model: TokenModel): Adapter {
  const { store, vault, clock } = needs;
  const payloads = sealedJson(vault, storedObject<AdapterPayload>());
  const atOf = (id: string, of: TokenModel = model): Address | undefined => {
    const partition = partitionOfTokenId(id);
    return partition === undefined ? undefined : { partition, id: `oidc.${of}.${vault.blind('oidc-token', of, id)}` };
  };
  const now = () => Math.floor(clock() / 1000);

  async function removeGrant(grantId: string): Promise<void> {
    const at = atOf(grantId, 'Grant');
    if (at !== undefined) await store.remove(at);
  }

  return {
    async upsert(id, payload, expiresIn) {
      const at = atOf(id);
      if (at === undefined) throw new TypeError('a token was made without a partition');
      await store.put(at, payloads.seal(at, payload), { ttlSeconds: Math.max(1, expiresIn) });
    },
    async find(id) {
      const at = atOf(id);
      if (at === undefined) return undefined;
      return payloads.openFound(at, (await store.get([at]))[0]);
    },
    /**
     * Of concurrent requests one consumes; the others are a replay, which revokes the family (RFC 9700 section 2.1.1).
     */
    async consume(id) {
      const at = atOf(id);
      const [value] = at === undefined ? [] : await store.get([at]);
      const payload = at && payloads.openFound(at, value);
      if (at === undefined || payload === undefined) throw new errors.InvalidGrant('it has expired');
      const consumed = payloads.seal(at, { ...payload, consumed: now() });
      const ttlSeconds = Math.max(1, (payload.exp ?? 0) - now());
      const isFirst =
        payload.consumed === undefined &&
        (await store.commit([{ at, oneOf: [value] }], [{ kind: 'put', at, value: consumed, ttlSeconds }]));
      if (isFirst) return;
      await removeGrant(payload.grantId ?? '');
      throw new errors.InvalidGrant('it was used before');
    },
    async destroy(id) {
      const at = atOf(id);
      if (at !== undefined) await store.remove(at);
    },
    revokeByGrantId: removeGrant,
    findByUid: async () => undefined,
    findByUserCode: async () => undefined,
  };
}

/** For what is not stored: sessions, and authorization requests that wait for a sign-in. */
const nothingKept: Adapter = {
  upsert: async () => undefined,
  find: async () => undefined,
  consume: async () => undefined,
  destroy: async () => undefined,
  revokeByGrantId: async () => undefined,
  findByUid: async () => undefined,
  findByUserCode: async () => undefined,
};

// The values of codes, tokens and grants: the name of a district's partition, a keyed hash that does not reveal the
// district, and 256 random bits.
const form = /^([\w-]{22})[\w-]{43}$/;

/** @param partition from `partitionOf` */
export const makeTokenId = (partition: string): string =>
  Buffer.from(partition.replace(/^d-/, ''), 'hex').toString('base64url') + randomBytes(32).toString('base64url');

/** Undefined if the text is no value of the bridge. */
function partitionOfTokenId(id: string): string | undefined {
  const [, tag] = form.exec(id) ?? [];
  return tag === undefined ? undefined : `d-${Buffer.from(tag, 'base64url').toString('hex')}`;
}

/**
 * oidc-provider needs a secret in the clear, which the store does not have: it gets a random one, and
 * `compareClientSecret` is replaced (create-provider.ts).
 */
const unknownSecret = randomBytes(32).toString('base64url');

/** The metadata of OpenID Connect Dynamic Client Registration 1.0 section 2. */
const describeClient = ({
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
