// oidc-provider's storage in memory, by our own clock so that tests can let a code grow old. oidc-provider's own memory
// keeps a thousand entries, which a school morning exceeds.
import { type Adapter, type AdapterFactory, type AdapterPayload, errors } from 'oidc-provider';

interface Entry {
  readonly payload: AdapterPayload;
  readonly expiresAt: number;
}

const sweepEvery = 5_000;

/** @param clock milliseconds since the epoch */
export function createMemoryAdapter(clock: () => number): AdapterFactory {
  const entries = new Map<string, Entry>();
  const keysOfGrant = new Map<string, Set<string>>();
  let writes = 0;

  const remove = (key: string) => {
    const grantId = entries.get(key)?.payload.grantId;
    entries.delete(key);
    if (grantId === undefined) return;
    const keys = keysOfGrant.get(grantId);
    keys?.delete(key);
    if (keys?.size === 0) keysOfGrant.delete(grantId);
  };
  const read = (key: string) => {
    const entry = entries.get(key);
    if (entry === undefined || entry.expiresAt > clock()) return entry?.payload;
    remove(key);
    return undefined;
  };
  const sweep = () => {
    for (const [key, entry] of entries) if (entry.expiresAt <= clock()) remove(key);
  };
  const write = (key: string, payload: AdapterPayload, expiresIn?: number) => {
    writes += 1;
    if (writes % sweepEvery === 0) sweep();
    entries.set(key, { payload, expiresAt: expiresIn === undefined ? Infinity : clock() + expiresIn * 1000 });
    if (payload.grantId === undefined) return;
    const keys = keysOfGrant.get(payload.grantId) ?? new Set();
    keysOfGrant.set(payload.grantId, keys.add(key));
  };

  return (model): Adapter => ({
    upsert: async (id, payload, expiresIn) => write(`${model}:${id}`, payload, expiresIn),
    find: async (id) => read(`${model}:${id}`),
    findByUid: async () => undefined,
    findByUserCode: async () => undefined,
    consume: async (id) => {
      const entry = entries.get(`${model}:${id}`);
      // Single use is decided here, where it is written, whatever was read before.
      if (entry === undefined || entry.payload.consumed) throw new errors.InvalidGrant('invalid code');
      entry.payload.consumed = Math.floor(clock() / 1000);
    },
    destroy: async (id) => remove(`${model}:${id}`),
    revokeByGrantId: async (grantId) => {
      for (const key of keysOfGrant.get(grantId) ?? []) remove(key);
    },
  });
}
