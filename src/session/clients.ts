// Clients of the OpenID provider: their redirect URIs, scopes, launches and secrets. oidc/ answers their requests.

import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import type { App } from '../outcome/outcome.ts';
import { createRecentReads } from '../store/recent-reads.ts';
import { sealed, storedWord } from '../store/sealed.ts';
import { type Address, type Store, type Write, waitForReplica } from '../store/store.ts';
import { equalInConstantTime, type Vault } from '../store/vault.ts';
import { type ClientPkce, type ClientScope, isClientId } from './client-rules.ts';

export interface Client {
  readonly id: string;
  /** It runs where a secret cannot be kept, and has none (RFC 6749 section 2.1). Never changes. */
  readonly isPublic: boolean;
  /** At least one; compared character for character. */
  readonly redirectUris: readonly string[];
  readonly postLogoutRedirectUris: readonly string[];
  /** Where a launch from Clever's portal begins its sign-in (OpenID Connect Core 1.0 section 4). */
  readonly initiateLoginUri?: string | undefined;
  /** Where it is notified of ended sessions (OpenID Connect Back-Channel Logout 1.0). */
  readonly backchannelLogoutUri?: string | undefined;
  readonly scopes: readonly ClientScope[];
  readonly pkce: ClientPkce;
  /**
   * Launches from Clever's portal that land at this client: of these apps, and of these districts (by id) from any app.
   * Each belongs to one client only.
   */
  readonly launchApps: readonly App[];
  readonly launchDistricts: readonly string[];
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

/** Omitted members stay unchanged, and are empty for a new client. `null` removes a URI. */
export interface ClientChanges {
  readonly isPublic?: boolean | undefined;
  readonly redirectUris?: readonly string[] | undefined;
  readonly postLogoutRedirectUris?: readonly string[] | undefined;
  readonly initiateLoginUri?: string | null | undefined;
  readonly backchannelLogoutUri?: string | null | undefined;
  readonly scopes?: readonly ClientScope[] | undefined;
  readonly pkce?: ClientPkce | undefined;
  readonly launchApps?: readonly App[] | undefined;
  readonly launchDistricts?: readonly string[] | undefined;
}

export interface ListedClient extends Client {
  /** When each of its valid secrets was made, oldest first. Milliseconds since the epoch. */
  readonly secretsMadeAt: readonly number[];
}

export type ClientPut =
  /** `secret` for a new confidential client only; it is returned only here. */
  | { readonly kind: 'done'; readonly client: Client; readonly isNew: boolean; readonly secret?: string }
  | {
      readonly kind: 'refused';
      readonly code: 'client_redirect_missing' | 'client_kind_fixed' | 'client_initiate_missing' | 'client_pkce_public';
    }
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

interface Kept extends Omit<Client, 'pkce'> {
  /** Absent in what version 1.0 wrote. */
  readonly pkce?: ClientPkce | undefined;
  readonly secrets: readonly KeptSecret[];
}

interface KeptSecret {
  /** Keyed hash of the client's id and the secret. */
  readonly hash: string;
  readonly createdAt: number;
}

/** The stored value that was checked before a change of launches. */
interface Launches {
  readonly seen: Buffer | undefined;
}

const keptShape: z.ZodType<Kept> = z.object({
  id: z.string(),
  isPublic: z.boolean(),
  redirectUris: z.array(z.string()),
  postLogoutRedirectUris: z.array(z.string()),
  initiateLoginUri: z.string().optional(),
  backchannelLogoutUri: z.string().optional(),
  scopes: z.array(storedWord<ClientScope>()),
  pkce: storedWord<ClientPkce>().optional(),
  launchApps: z.array(storedWord<App>()),
  launchDistricts: z.array(z.string()),
  createdAt: z.number(),
  secrets: z.array(z.object({ hash: z.string(), createdAt: z.number() })),
});

const partition = 'clients';
const table = 'clients';
/** Changes with every change of launches: of two concurrent requests for one launch, one must check again. */
const launchesAt: Address = { partition, id: 'launches' };
/** Maximum of valid secrets at a time. */
const mostSecrets = 2;

/** A secret is 256 random bits, so a keyed hash protects it, as it does credentials (credentials.ts). */
export function createClients(
  store: Store,
  vault: Vault,
  { clock = Date.now, maxAgeMs = 500 }: ClientsOptions = {},
): Clients {
  // Long because of its verbs over one table and its cache; each is short.
  const at = (id: string): Address => ({ partition, table, id: vault.blind('client', id) });
  const records = sealed(store, vault, keptShape);
  const hashOf = (id: string, secret: string) => vault.blind('client-secret', id, secret);
  const recent = createRecentReads((id) => records.read(at(id)), clock, 1_000);
  const read = async (id: string) => (isClientId(id) ? recent.read(id, maxAgeMs) : undefined);

  function makeSecret(id: string): { readonly secret: string; readonly kept: KeptSecret } {
    const secret = randomBytes(32).toString('base64url');
    return { secret, kept: { hash: hashOf(id, secret), createdAt: clock() } };
  }

  /**
   * False if another process changed it meanwhile.
   * @param launches as read, if they change
   */
  async function replace(id: string, before: Buffer | undefined, kept: Kept, launches?: Launches): Promise<boolean> {
    const here = at(id);
    const conditions = [
      { at: here, oneOf: [before] },
      ...(launches ? [{ at: launchesAt, oneOf: [launches.seen] }] : []),
    ];
    const writes: Write[] = [
      records.write(here, kept),
      ...(launches ? [{ kind: 'put', at: launchesAt, value: randomBytes(16) } as const] : []),
    ];
    const isDone = await waitForReplica(store, [partition], () => store.commit(conditions, writes));
    recent.forget(id);
    return isDone;
  }

  async function list(): Promise<Kept[]> {
    const found: Kept[] = [];
    for await (const rows of store.scan(partition, table))
      for (const { id, value } of rows) found.push(records.open({ partition, table, id }, value));
    return found.sort((one, other) => one.id.localeCompare(other.id, 'en'));
  }

  const findHolder = async ({ id, launchApps, launchDistricts }: Kept): Promise<string | undefined> =>
    (await list()).find(
      (other) =>
        other.id !== id &&
        (other.launchApps.some((app) => launchApps.includes(app)) ||
          other.launchDistricts.some((district) => launchDistricts.includes(district))),
    )?.id;

  const clients: Clients = {
    async put(id, changes) {
      const [value, seen] = await store.get([at(id), launchesAt]);
      const former = records.openFound(at(id), value);
      const kept = merge(id, former, changes, clock());
      if (kept.redirectUris.length === 0) return { kind: 'refused', code: 'client_redirect_missing' };
      if (kept.launchApps.length + kept.launchDistricts.length > 0 && kept.initiateLoginUri === undefined)
        return { kind: 'refused', code: 'client_initiate_missing' };
      if (former !== undefined && former.isPublic !== kept.isPublic)
        return { kind: 'refused', code: 'client_kind_fixed' };
      if (kept.isPublic && kept.pkce === 'or-nonce') return { kind: 'refused', code: 'client_pkce_public' };
      const launches = (changes.launchApps ?? changes.launchDistricts) === undefined ? undefined : { seen };
      const holder = launches && (await findHolder(kept));
      if (holder !== undefined) return { kind: 'refused', code: 'client_launch_taken', holder };
      const made = former === undefined && !kept.isPublic ? makeSecret(id) : undefined;
      if (!(await replace(id, value, made === undefined ? kept : { ...kept, secrets: [made.kept] }, launches)))
        return clients.put(id, changes);
      const client = withoutSecrets(kept);
      return { kind: 'done', client, isNew: former === undefined, ...(made && { secret: made.secret }) };
    },
    async rotate(id, endFormer = false) {
      const [value] = isClientId(id) ? await store.get([at(id)]) : [];
      const former = records.openFound(at(id), value);
      if (former === undefined) return { kind: 'refused', code: 'client_unknown' };
      if (former.isPublic) return { kind: 'refused', code: 'client_public' };
      const { secret, kept } = makeSecret(id);
      const secrets = [...(endFormer ? [] : former.secrets), kept].slice(-mostSecrets);
      if (!(await replace(id, value, { ...former, secrets }))) return clients.rotate(id, endFormer);
      return { kind: 'done', secret, secrets: secrets.length };
    },
    async find(id) {
      const kept = await read(id);
      return kept === undefined ? undefined : withoutSecrets(kept);
    },
    async isSecret(id, secret) {
      const kept = await read(id);
      if (kept === undefined || !/^[\w-]{43}$/.test(secret)) return false;
      const hash = hashOf(id, secret);
      // All are compared, so that the duration does not reveal which one matched.
      return kept.secrets.filter((one) => equalInConstantTime(one.hash, hash)).length > 0;
    },
    async list() {
      return (await list()).map((kept) => ({
        ...withoutSecrets(kept),
        secretsMadeAt: kept.secrets.map(({ createdAt }) => createdAt),
      }));
    },
    async remove(id) {
      if (!isClientId(id)) return false;
      const isRemoved = await waitForReplica(store, [partition], async () => (await store.take(at(id))) !== undefined);
      recent.forget(id);
      return isRemoved;
    },
  };
  return clients;
}

const withoutSecrets = ({ secrets: _secrets, pkce = 'required', ...client }: Kept): Client => ({ ...client, pkce });

function merge(id: string, former: Kept | undefined, changes: ClientChanges, now: number): Kept {
  const { initiateLoginUri = former?.initiateLoginUri, backchannelLogoutUri = former?.backchannelLogoutUri } = changes;
  return {
    id,
    isPublic: changes.isPublic ?? former?.isPublic ?? false,
    redirectUris: changes.redirectUris ?? former?.redirectUris ?? [],
    postLogoutRedirectUris: changes.postLogoutRedirectUris ?? former?.postLogoutRedirectUris ?? [],
    initiateLoginUri: initiateLoginUri ?? undefined,
    backchannelLogoutUri: backchannelLogoutUri ?? undefined,
    scopes: changes.scopes ?? former?.scopes ?? ['openid'],
    pkce: changes.pkce ?? former?.pkce ?? 'required',
    launchApps: changes.launchApps ?? former?.launchApps ?? [],
    launchDistricts: changes.launchDistricts ?? former?.launchDistricts ?? [],
    createdAt: former?.createdAt ?? now,
    secrets: former?.secrets ?? [],
  };
}
