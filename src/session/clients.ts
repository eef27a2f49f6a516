// The clients of the OpenID provider: their table, launches and secrets. oidc/ answers their requests.
import { randomBytes } from 'node:crypto';
import { createRecentReads } from '../store/recent-reads.ts';
import { sealed } from '../store/sealed.ts';
import { type Address, type Store, type Write, waitForReplica } from '../store/store.ts';
import { equalInConstantTime, type Vault } from '../store/vault.ts';
import {
  type Client,
  type ClientChanges,
  type ClientFlaw,
  type ClientSecret,
  changeClient,
  clientFlaw,
  type StoredClient,
  sharesLaunch,
  storedClientShape,
  withoutSecrets,
} from './client.ts';
import { isClientId } from './client-rules.ts';

export interface ListedClient extends Client {
  /** When each of its valid secrets was made, oldest first. Milliseconds since the epoch. */
  readonly secretsMadeAt: readonly number[];
}

export type ClientPut =
  /** `secret` for a new confidential client only; it is returned only here. */
  | { readonly kind: 'done'; readonly client: Client; readonly isNew: boolean; readonly secret?: string }
  | { readonly kind: 'refused'; readonly code: ClientFlaw }
  /** Another client has one of the requested launches. */
  | { readonly kind: 'refused'; readonly code: 'client_launch_taken'; readonly holder: string };

export type ClientRotated =
  | { readonly kind: 'done'; readonly secret: string; readonly secrets: number }
  | { readonly kind: 'refused'; readonly code: 'client_unknown' | 'client_public' };

export interface Clients {
  /** Callers must validate the values with client-rules.ts. */
  put(id: string, changes: ClientChanges): Promise<ClientPut>;
  /**
   * Adds a secret, which is returned only here. The newest former one stays valid, so that a product can switch without
   * a gap.
   * @param endFormer revokes the former ones at once
   */
  rotate(id: string, endFormer?: boolean): Promise<ClientRotated>;
  /** Changes take effect on every server within a second. */
  find(id: string): Promise<Client | undefined>;
  isSecret(id: string, secret: string): Promise<boolean>;
  /** By id. */
  list(): Promise<ListedClient[]>;
  /** False if there is none. Invalidates its codes and tokens. */
  remove(id: string): Promise<boolean>;
}

export interface ClientsOptions {
  /** Milliseconds since the epoch. */
  readonly clock?: () => number;
  /** Maximum age of a cached answer. */
  readonly maxAgeMs?: number;
}

const partition = 'clients';
const table = 'clients';
/** Changes with every change of launches: of two concurrent requests for one launch, one must check again. */
const launchesAt: Address = { partition, id: 'launches' };
/** Maximum of valid secrets at a time. */
const maxSecrets = 2;

/** What was read of `launchesAt` before launches changed; nothing before the first change. */
interface LaunchesRead {
  readonly bytes: Buffer | undefined;
}

/** The table of clients, with a cache of each. */
function createClientTable(store: Store, vault: Vault, { clock = Date.now, maxAgeMs = 500 }: ClientsOptions) {
  const at = (id: string): Address => ({ partition, table, id: vault.blind('client', id) });
  const records = sealed(store, vault, storedClientShape);
  const recent = createRecentReads((id) => records.read(at(id)), clock, 1_000);
  return {
    /** At most so old as the cache permits. */
    read: async (id: string) => (isClientId(id) ? recent.read(id, maxAgeMs) : undefined),
    /** As it is stored now, with the bytes that `replace` compares. */
    async readNow(id: string) {
      if (!isClientId(id)) return { bytes: undefined, client: undefined, launches: undefined };
      const [bytes, launches] = await store.get([at(id), launchesAt]);
      return { bytes, client: records.openFound(at(id), bytes), launches };
    },
    /**
     * False if another process changed it meanwhile.
     * @param before the bytes that were read
     * @param launches the bytes that were read, if the change is one of launches
     */
    async replace(client: StoredClient, before: Buffer | undefined, launches?: LaunchesRead): Promise<boolean> {
      const here = at(client.id);
      const conditions = [
        { at: here, oneOf: [before] },
        ...(launches ? [{ at: launchesAt, oneOf: [launches.bytes] }] : []),
      ];
      const writes: Write[] = [
        records.write(here, client),
        ...(launches ? [{ kind: 'put', at: launchesAt, value: randomBytes(16) } as const] : []),
      ];
      const isDone = await waitForReplica(store, [partition], () => store.commit(conditions, writes));
      recent.forget(client.id);
      return isDone;
    },
    /** By id. */
    async list(): Promise<StoredClient[]> {
      const found: StoredClient[] = [];
      for await (const rows of store.scan(partition, table))
        for (const { id, value } of rows) found.push(records.open({ partition, table, id }, value));
      return found.sort((one, other) => one.id.localeCompare(other.id, 'en'));
    },
    async remove(id: string): Promise<boolean> {
      if (!isClientId(id)) return false;
      const isRemoved = await waitForReplica(store, [partition], async () => (await store.take(at(id))) !== undefined);
      recent.forget(id);
      return isRemoved;
    },
  };
}

/** A secret is 256 random bits, so a keyed hash protects it, as it does credentials (credentials.ts). */
export function createClients(store: Store, vault: Vault, options: ClientsOptions = {}): Clients {
  const { clock = Date.now } = options;
  const stored = createClientTable(store, vault, options);
  const hashOf = (id: string, secret: string) => vault.blind('client-secret', id, secret);

  function makeSecret(id: string): { readonly secret: string; readonly kept: ClientSecret } {
    const secret = randomBytes(32).toString('base64url');
    return { secret, kept: { hash: hashOf(id, secret), createdAt: clock() } };
  }

  const findLaunchHolder = async (client: StoredClient): Promise<string | undefined> =>
    (await stored.list()).find((other) => other.id !== client.id && sharesLaunch(other, client))?.id;

  const clients: Clients = {
    async put(id, changes) {
      const before = await stored.readNow(id);
      const client = changeClient(id, before.client, changes, clock());
      const flaw = clientFlaw(before.client, client);
      if (flaw !== undefined) return { kind: 'refused', code: flaw };
      const isOfLaunches = (changes.launchApps ?? changes.launchDistricts) !== undefined;
      const holder = isOfLaunches ? await findLaunchHolder(client) : undefined;
      if (holder !== undefined) return { kind: 'refused', code: 'client_launch_taken', holder };
      const made = before.client === undefined && !client.isPublic ? makeSecret(id) : undefined;
      const put = made === undefined ? client : { ...client, secrets: [made.kept] };
      const isDone = await stored.replace(put, before.bytes, isOfLaunches ? { bytes: before.launches } : undefined);
      if (!isDone) return clients.put(id, changes);
      const isNew = before.client === undefined;
      return { kind: 'done', client: withoutSecrets(client), isNew, ...(made && { secret: made.secret }) };
    },
    async rotate(id, endFormer = false) {
      const { bytes, client } = await stored.readNow(id);
      if (client === undefined) return { kind: 'refused', code: 'client_unknown' };
      if (client.isPublic) return { kind: 'refused', code: 'client_public' };
      const { secret, kept } = makeSecret(id);
      const secrets = [...(endFormer ? [] : client.secrets), kept].slice(-maxSecrets);
      if (!(await stored.replace({ ...client, secrets }, bytes))) return clients.rotate(id, endFormer);
      return { kind: 'done', secret, secrets: secrets.length };
    },
    async find(id) {
      const client = await stored.read(id);
      return client && withoutSecrets(client);
    },
    async isSecret(id, secret) {
      const client = await stored.read(id);
      if (client === undefined || !/^[\w-]{43}$/.test(secret)) return false;
      const hash = hashOf(id, secret);
      // All are compared, so that the duration does not reveal which one matched.
      return client.secrets.filter((one) => equalInConstantTime(one.hash, hash)).length > 0;
    },
    async list() {
      return (await stored.list()).map((client) => ({
        ...withoutSecrets(client),
        secretsMadeAt: client.secrets.map(({ createdAt }) => createdAt),
      }));
    },
    remove: stored.remove,
  };
  return clients;
}
