// The composition root of `sso-bridge clever check`: both apps from the settings, the checks of the provider and of the
// Data API.
import { type CheckedApp, checkProvider, type ProviderFinding } from '../clever/check-provider.ts';
import { createDataApi } from '../clever/data-api.ts';
import type { CleverCheckConfig } from '../config/config.ts';
import type { District } from '../district/district.ts';
import { callbackPaths } from '../http/sign-in/routes.ts';
import type { App } from '../outcome/outcome.ts';
import { checkRights, type RightsFound } from '../secure-sync/check-rights.ts';
import { syncOptionOf } from '../secure-sync/sync-district.ts';
import { readOutgoingProxy } from './outgoing-proxy.ts';

export interface CleverCheck {
  /** For both callbacks; `client` is the app at Clever that has it: the first if the second is not configured. */
  readonly redirects: readonly { readonly app: App; readonly client: App; readonly url: string }[];
  checkProvider(): Promise<readonly ProviderFinding[]>;
  /** With the app of the district: SK12 Secure Sync if its roster comes from Clever, else the sign-in app. */
  checkDistrict(district: District): Promise<{ readonly app: App; readonly found: RightsFound }>;
  close(): Promise<void>;
}

export function createCleverCheck(config: CleverCheckConfig): CleverCheck {
  const first = { clientId: config.CLEVER_CLIENT_ID, clientSecret: config.CLEVER_CLIENT_SECRET };
  const { CLEVER_SECURE_SYNC_CLIENT_ID: clientId, CLEVER_SECURE_SYNC_CLIENT_SECRET: clientSecret } = config;
  const second = clientId === undefined || clientSecret === undefined ? undefined : { clientId, clientSecret };
  const addressOf = (app: App) => new URL(callbackPaths[app], config.PUBLIC_URL).href;
  const made = (app: App, credentials: typeof first): CheckedApp => ({
    app,
    ...credentials,
    redirectUri: addressOf(app),
  });
  const apps = [made('summit-k12', first), ...(second === undefined ? [] : [made('secure-sync', second)])];
  const proxy = readOutgoingProxy(config);
  const apis = { 'summit-k12': open(first), 'secure-sync': open(second ?? first) } as const;

  function open(app: typeof first) {
    const patience = { retries: 1, longestWaitMs: 1_000 };
    return createDataApi({
      issuer: config.CLEVER_ISSUER,
      apiUrl: config.CLEVER_API_URL,
      app,
      proxy,
      pageSize: 1,
      callMs: 10_000,
      patience,
    });
  }

  return {
    redirects: (['summit-k12', 'secure-sync'] as const).map((app) => ({
      app,
      client: second === undefined ? 'summit-k12' : app,
      url: addressOf(app),
    })),
    checkProvider: () => checkProvider({ issuer: originOf(config.CLEVER_ISSUER), apps, proxy }),
    async checkDistrict(district) {
      const option = syncOptionOf(district);
      const app = option === undefined ? 'summit-k12' : 'secure-sync';
      const found = await checkRights(apis[app], district.cleverId, option, new AbortController().signal);
      return { app, found };
    },
    async close() {
      await Promise.all(Object.values(apis).map((api) => api.close()));
    },
  };
}

const originOf = (issuer: URL): string => issuer.href.replace(/\/$/, '');
