// A client of the OpenID provider: what it may do, how it is stored, and what a change makes of it.
import * as z from 'zod';
import type { App } from '../outcome/outcome.ts';
import { storedWord } from '../store/sealed.ts';
import type { ClientPkce, ClientScope } from './client-rules.ts';

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

/** As it is stored. */
export interface StoredClient extends Omit<Client, 'pkce'> {
  /** Absent in what version 1.0 wrote. */
  readonly pkce?: ClientPkce | undefined;
  readonly secrets: readonly ClientSecret[];
}

export interface ClientSecret {
  /** Keyed hash of the client's id and the secret. */
  readonly hash: string;
  readonly createdAt: number;
}

export const storedClientShape: z.ZodType<StoredClient> = z.object({
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

export const withoutSecrets = ({ secrets: _secrets, pkce = 'required', ...client }: StoredClient): Client => ({
  ...client,
  pkce,
});

/** The client with the changes applied; `clientFlaw` decides whether it may be stored. */
export function changeClient(
  id: string,
  former: StoredClient | undefined,
  changes: ClientChanges,
  now: number,
): StoredClient {
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

export type ClientFlaw =
  | 'client_redirect_missing'
  | 'client_initiate_missing'
  | 'client_kind_fixed'
  | 'client_pkce_public';

/** Why the client may not be stored. */
export function clientFlaw(former: StoredClient | undefined, client: StoredClient): ClientFlaw | undefined {
  if (client.redirectUris.length === 0) return 'client_redirect_missing';
  const hasLaunches = client.launchApps.length + client.launchDistricts.length > 0;
  if (hasLaunches && client.initiateLoginUri === undefined) return 'client_initiate_missing';
  if (former !== undefined && former.isPublic !== client.isPublic) return 'client_kind_fixed';
  if (client.isPublic && client.pkce === 'or-nonce') return 'client_pkce_public';
  return undefined;
}

/** Each app, and each district, launches one client only. */
export const sharesLaunch = (one: StoredClient, other: StoredClient): boolean =>
  one.launchApps.some((app) => other.launchApps.includes(app)) ||
  one.launchDistricts.some((district) => other.launchDistricts.includes(district));
