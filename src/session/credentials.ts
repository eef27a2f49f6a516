// Credentials of programs: the main product, support, administration. Owns creating, checking and revoking them; http/
// decides which routes need which scope.
import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { createRecentReads } from '../store/recent-reads.ts';
import { sealedJson, storedWord } from '../store/sealed.ts';
import { type Address, type Store, waitForReplica } from '../store/store.ts';
import { equalInConstantTime, type Vault } from '../store/vault.ts';

export type Scope = 'product' | 'support' | 'admin';
export const scopes: readonly Scope[] = ['product', 'support', 'admin'];

export interface Credential {
  readonly id: string;
  readonly scope: Scope;
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Expires then, milliseconds since the epoch; absent: valid until revoked. */
  readonly expiresAt?: number;
  /** Identities of the member of staff who created it on a page; absent if a command did. */
  readonly madeBy?: readonly string[];
}

/** Of the credential as an actor: it counts as the same person as its maker. */
export const identitiesOf = ({ id, madeBy = [] }: Pick<Credential, 'id' | 'madeBy'>): readonly string[] => [
  `credential ${id}`,
  ...madeBy,
];

export interface ListedCredential extends Credential {
  /** Accurate to the minute. */
  readonly lastUsedAt: number | undefined;
  /** Never valid again, and kept so that its past actions can still be attributed by name. */
  readonly revokedAt: number | undefined;
}

export interface Credentials {
  /**
   * The secret is returned only here.
   * @param lifeMs lifetime; valid until revoked if not given
   */
  create(
    scope: Scope,
    name: string,
    lifeMs?: number,
    madeBy?: readonly string[],
  ): Promise<{ readonly credential: Credential; readonly secret: string }>;
  /** Oldest first, including revoked ones. */
  list(): Promise<ListedCredential[]>;
  /** False if no valid one has this id. Takes effect on every server within a second. */
  revoke(id: string): Promise<boolean>;
  /** The credential of the secret; with an id, only if it is of that credential. */
  find(secret: string, id?: string): Promise<Credential | undefined>;
}

export interface CredentialsOptions {
  /** Milliseconds since the epoch. */
  readonly clock?: () => number;
  /** Maximum age of a cached answer. */
  readonly maxAgeMs?: number;
}

interface Kept extends Credential {
  /** Keyed hash of the secret. */
  readonly hash: string;
}

/** Without a hash, and in a table that is never searched for secrets: nothing can make it valid again. */
interface Revoked extends Credential {
  readonly revokedAt: number;
}

const credentialFields = {
  id: z.string(),
  scope: storedWord<Scope>(),
  name: z.string(),
  createdAt: z.number(),
  expiresAt: z.number().exactOptional(),
  madeBy: z.array(z.string()).exactOptional(),
};
const keptShape: z.ZodType<Kept> = z.object({ ...credentialFields, hash: z.string() });
const revokedShape: z.ZodType<Revoked> = z.object({ ...credentialFields, revokedAt: z.number() });

const partition = 'credentials';
const table = 'credentials';
const revokedTable = 'revoked';
const useEveryMs = 60_000;
const usesKeptSeconds = 400 * 86_400;

/**
 * A secret is 256 random bits, so guessing, against which a slow password hash (RFC 9106) protects, is no threat: a
 * keyed hash is enough, prevents anyone with a copied store from reading or even testing secrets, and costs a request
 * microseconds.
 */
export function createCredentials(
  store: Store,
  vault: Vault,
  { clock = Date.now, maxAgeMs = 500 }: CredentialsOptions = {},
): Credentials {
  // Long because of its four verbs over the same table and cache; each is short.
  const at = (id: string): Address => ({ partition, table, id });
  const revokedIs = (id: string): Address => ({ partition, table: revokedTable, id });
  // Separate from the credential: writing "last used" must never restore a revoked one.
  const usedAt = (id: string): Address => ({ partition, id: `used.${id}` });
  const hashOf = (secret: string) => vault.blind('credential', secret);
  const sealedCredential = sealedJson(vault, keptShape);
  const sealedRevoked = sealedJson(vault, revokedShape);
  const open = (id: string, value: Buffer): Kept => sealedCredential.open(at(id), value);
  const noted = new Map<string, number>();

  async function readNow(hash: string): Promise<Kept | undefined> {
    const rows = await store.find(partition, [table], [hash]);
    return rows.map(({ id, value }) => open(id, value)).find((kept) => equalInConstantTime(kept.hash, hash));
  }

  const recent = createRecentReads(readNow, clock, 1_000);

  async function readAll<Row>(from: string, openRow: (id: string, value: Buffer) => Row): Promise<Row[]> {
    const found: Row[] = [];
    for await (const rows of store.scan(partition, from))
      found.push(...rows.map(({ id, value }) => openRow(id, value)));
    return found;
  }

  async function keepName(id: string, { hash: _hash, ...credential }: Kept): Promise<void> {
    const value = sealedRevoked.seal(revokedIs(id), { ...credential, revokedAt: clock() });
    await store.load(partition, revokedTable, [{ id, value }]);
  }

  /** At most once a minute; no request waits for it, and if the store does not answer the next use writes it. */
  function noteUse(id: string): void {
    const now = clock();
    if (now - (noted.get(id) ?? 0) < useEveryMs) return;
    noted.set(id, now);
    store.put(usedAt(id), Buffer.from(String(now)), { ttlSeconds: usesKeptSeconds }).catch(() => noted.delete(id));
  }

  return {
    async create(scope, name, lifeMs, madeBy) {
      const createdAt = clock();
      const [id, expiry] = [
        randomBytes(8).toString('hex'),
        lifeMs === undefined ? {} : { expiresAt: createdAt + lifeMs },
      ];
      const credential: Credential = { id, scope, name, createdAt, ...expiry, ...(madeBy && { madeBy }) };
      const secret = randomBytes(32).toString('base64url');
      const hash = hashOf(secret);
      const value = sealedCredential.seal(at(credential.id), { ...credential, hash });
      await store.load(partition, table, [{ id: credential.id, value, index: [hash] }]);
      return { credential, secret };
    },

    async list() {
      const openRevoked = (id: string, value: Buffer) => sealedRevoked.open(revokedIs(id), value);
      const [valid, revoked] = [await readAll(table, open), await readAll(revokedTable, openRevoked)];
      // In both tables: a revocation was interrupted, or is in progress.
      const isValid = new Set(valid.map(({ id }) => id));
      const found = [
        ...valid.map(({ hash: _hash, ...credential }) => ({ ...credential, revokedAt: undefined })),
        ...revoked.filter(({ id }) => !isValid.has(id)),
      ];
      const uses = found.length === 0 ? [] : await store.get(found.map(({ id }) => usedAt(id)));
      return found
        .map((credential, index) => {
          const use = uses[index];
          return { ...credential, lastUsedAt: use === undefined ? undefined : Number(use.toString()) };
        })
        .sort((one, other) => one.createdAt - other.createdAt);
    },

    async revoke(id) {
      if (!/^[0-9a-f]{16}$/.test(id)) return false;
      const revoked = await waitForReplica(store, [partition], async () => {
        const [value] = await store.get([at(id)]);
        // Before it is removed: a revocation interrupted after the removal would lose the name.
        if (value !== undefined) await keepName(id, open(id, value));
        return (await store.take(at(id))) !== undefined;
      });
      recent.forgetAll();
      return revoked;
    },

    async find(secret, id) {
      if (!/^[\w-]{43}$/.test(secret)) return undefined;
      const kept = await recent.read(hashOf(secret), maxAgeMs);
      if (kept?.expiresAt !== undefined && kept.expiresAt <= clock()) return undefined;
      if (kept === undefined || (id !== undefined && !equalInConstantTime(kept.id, id))) return undefined;
      noteUse(kept.id);
      const { hash: _hash, ...credential } = kept;
      return credential;
    },
  };
}
