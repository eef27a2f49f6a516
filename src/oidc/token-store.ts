// Codes, tokens and grants of oidc-provider in the store: sealed, under keyed hashes of their values, in the partition
// of the user's district, deleted when they expire. Sessions and authorization requests are not stored here: the
// bridge's session is the provider's, and a pending request travels in the browser's sealed cookie.
import { type Adapter, type AdapterPayload, errors } from 'oidc-provider';
import { sealedJson, storedObject } from '../store/sealed.ts';
import type { Address, Store } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';
import { partitionOfTokenId } from './token-ids.ts';

export type TokenModel = 'AuthorizationCode' | 'AccessToken' | 'RefreshToken' | 'Grant';

export const isTokenModel = (model: string): model is TokenModel =>
  ['AuthorizationCode', 'AccessToken', 'RefreshToken', 'Grant'].includes(model);

export interface TokenStoreNeeds {
  readonly store: Pick<Store, 'get' | 'put' | 'commit' | 'remove'>;
  readonly vault: Vault;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

/**
 * A code or token is valid only together with its grant, which oidc-provider reads each time: deleting one value
 * revokes a family of tokens.
 */
export function createTokenAdapter(needs: TokenStoreNeeds, model: TokenModel): Adapter {
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
export const nothingKept: Adapter = {
  upsert: async () => undefined,
  find: async () => undefined,
  consume: async () => undefined,
  destroy: async () => undefined,
  revokeByGrantId: async () => undefined,
  findByUid: async () => undefined,
  findByUserCode: async () => undefined,
};
