// The check of Clever, for the command and the administration pages: both apps from the settings, the checks of the
// provider and of the Data API, and the text of each finding, with what to do or what to ask Clever Support for.
// Contains no secret.
import { type CheckedApp, checkProvider, type ProviderFinding } from '../clever/check-provider.ts';
import { readOutgoingProxy } from '../clever/connection.ts';
import { createDataApi } from '../clever/data-api.ts';
import type { CleverCheckConfig } from '../config/config.ts';
import { type District, isRosteredBy } from '../district/district.ts';
import { callbackPaths } from '../http/sign-in/routes.ts';
import type { App } from '../outcome/outcome.ts';
import { checkRights, type RightName, type RightsFound } from '../secure-sync/check-rights.ts';
import type { CleverDistrictState, DataApiReason } from '../secure-sync/ports.ts';
import { syncOptionOf } from '../secure-sync/sync-district.ts';

interface CleverCheck {
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
    const patience = { retries: 1, maxWaitMs: 1_000 };
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

export interface CheckLine {
  readonly check: ProviderFinding['check'] | 'redirect' | 'district';
  readonly ok: boolean;
  /** Only a user of the Clever dashboard can check this. */
  readonly unchecked?: true;
  readonly app?: App;
  readonly district?: string;
  readonly reason?: string;
  readonly detail: string;
  /** What to do about it; only if something is wrong. */
  readonly ask?: string;
}

/** Everything that all districts share, then a line for each of these. */
export async function describeCleverCheck(check: CleverCheck, districts: readonly District[]): Promise<CheckLine[]> {
  const lines: CheckLine[] = [
    ...(await check.checkProvider()).map(describeProvider),
    ...check.redirects.map(describeRedirect),
  ];
  for (const district of districts) lines.push(describeRights(district, await check.checkDistrict(district)));
  return lines;
}

const appNames: Readonly<Record<App, string>> = { 'summit-k12': 'Summit K12', 'secure-sync': 'SK12 Secure Sync' };
const settingOf = {
  'summit-k12': 'CLEVER_CLIENT_ID and CLEVER_CLIENT_SECRET',
  'secure-sync': 'CLEVER_SECURE_SYNC_CLIENT_ID and CLEVER_SECURE_SYNC_CLIENT_SECRET',
} as const satisfies Record<App, string>;

function describeProvider(found: ProviderFinding): CheckLine {
  const texts = wordsFor(found);
  const { check, ok } = found;
  return {
    check,
    ok,
    ...('app' in found ? { app: found.app } : {}),
    ...('reason' in found ? { reason: found.reason } : {}),
    detail: texts.detail,
    ...(ok ? {} : { ask: texts.ask }),
  };
}

interface CheckTexts {
  readonly detail: string;
  readonly ask: string;
}

function wordsFor(found: ProviderFinding): CheckTexts {
  switch (found.check) {
    case 'discovery':
      return {
        detail: found.ok
          ? `Clever's OpenID Connect metadata is at ${found.url}.`
          : `Clever's OpenID Connect metadata cannot be read at ${found.url}.`,
        ask: 'Look at CLEVER_ISSUER, and at whether this machine reaches that address. If it does, ask Clever Support where the discovery document is.',
      };
    case 'issuer':
      return {
        detail: found.ok ? `It names the issuer ${found.expected}.` : `It names another issuer than ${found.expected}.`,
        ask: 'Set CLEVER_ISSUER to the issuer of that document, if it is Clever’s; else ask Clever Support for the issuer of its id_tokens. Nothing further was asked.',
      };
    case 'algorithms':
      return {
        detail: found.ok
          ? `It signs id_tokens with ${printable(found.named)}.`
          : `It signs id_tokens with ${printable(found.named)}, of which the bridge takes none.`,
        ask: 'Ask Clever Support to sign the id_tokens of your apps with RS256.',
      };
    case 'keys':
      return {
        detail: found.ok ? `Its keys: ${printable(found.kids)}.` : 'It publishes no key that can verify an id_token.',
        ask: 'Try again in some minutes; then ask Clever Support for the keys behind jwks_uri.',
      };
    case 'credentials':
      return wordsForCredentials(found);
  }
}

function wordsForCredentials(found: Extract<ProviderFinding, { readonly check: 'credentials' }>): CheckTexts {
  const { app } = found;
  if (found.ok) return { detail: `Clever takes the client id and secret of ${appNames[app]}.`, ask: '' };
  const isRefused = found.reason === 'invalid-client' || found.reason === 'unauthorized-client';
  return isRefused
    ? {
        detail: `Clever refuses the client id and secret of ${appNames[app]}.`,
        ask: `Compare ${settingOf[app]} with the app's page in the Clever dashboard. If they are right, ask Clever Support whether the app may use OpenID Connect.`,
      }
    : {
        detail: `Clever did not say whether it takes the client id and secret of ${appNames[app]} (${found.reason}).`,
        ask: 'Try again in some minutes. If it stays so, ask Clever Support what its token endpoint answers to a code that it does not know.',
      };
}

/** Neither wrong nor verified. */
const describeRedirect = ({ app, client, url }: CleverCheck['redirects'][number]): CheckLine => ({
  check: 'redirect',
  ok: true,
  unchecked: true,
  app,
  detail: `Redirect address to be entered at Clever for ${appNames[client]}: ${url}. It must stand ${client === app ? 'first' : 'as well'} in the app's list in the Clever dashboard, letter by letter. This cannot be checked from here: Clever does not let it be looked up.`,
});

function describeRights(
  district: District,
  { app, found }: { readonly app: App; readonly found: RightsFound },
): CheckLine {
  const at = { check: 'district', app, district: district.id } as const;
  if (found.kind === 'failed') {
    const { detail, ask } = failureWords(found.reason, app);
    return { ...at, ok: false, reason: found.reason, detail: `${district.id}: ${detail}`, ask };
  }
  const { missing, state } = found;
  const stopped = stateWords(district, state);
  if (missing.length === 0 && stopped !== undefined)
    return { ...at, ok: false, reason: state, detail: `${district.id}: ${stopped.detail}`, ask: stopped.ask };
  if (missing.length === 0)
    return { ...at, ok: true, detail: `${district.id}: connected to ${appNames[app]}, ${state}; it may be read.` };
  return {
    ...at,
    ok: false,
    reason: 'not-allowed',
    detail: `${district.id}: connected to ${appNames[app]}, but it may not read ${missing.map((one) => rightNames[one]).join(', ')}.`,
    ask: 'Ask Clever Support to give the app Secure Sync with these records, and the district to share them with the app.',
  };
}

const rightNames = {
  students: 'students',
  teachers: 'teachers',
  sections: 'sections',
  courses: 'courses',
} as const satisfies Record<RightName, string>;

function failureWords(reason: DataApiReason, app: App): CheckTexts {
  switch (reason) {
    case 'no-token':
      return {
        detail: `not connected to ${appNames[app]}.`,
        ask: 'The district’s Clever administrator has to accept the app in Clever. If that was done, compare the Clever id in: sso-bridge district show',
      };
    case 'not-allowed':
      return {
        detail: `connected to ${appNames[app]}, but not even the district itself may be read.`,
        ask: 'Ask Clever Support what the district tokens of this app may read.',
      };
    case 'invalid-client':
      return {
        detail: `Clever refuses the client id and secret of ${appNames[app]}.`,
        ask: `Compare ${settingOf[app]} with the app's page in the Clever dashboard.`,
      };
    case 'token-refused':
      return {
        detail: 'Clever refuses the token it has just given for this district.',
        ask: 'Ask Clever Support for a new district token.',
      };
    case 'rate-limited':
      return {
        detail: 'Clever allows the app no more requests of this district just now.',
        ask: 'Wait a minute, or until a sync of this district has ended, and check again. If it stays so, ask Clever Support for the limit of this app.',
      };
    case 'status-5xx':
    case 'timeout':
    case 'reset':
      return {
        detail: `Clever's Data API failed or did not answer (${reason}).`,
        ask: 'Look at https://status.clever.com and check again in some minutes. If it stays so, ask Clever Support.',
      };
    case 'untrusted-certificate':
      return {
        detail: "The certificate of Clever's Data API cannot be trusted.",
        ask: 'Look at CLEVER_API_URL, and at HTTPS_PROXY: a proxy that opens TLS has a certificate of its own.',
      };
    case 'refused-connection':
    case 'no-address':
    case 'connection-failed':
      return {
        detail: `Clever's Data API cannot be reached (${reason}).`,
        ask: 'Look at CLEVER_API_URL, and at whether this machine reaches it; then check again.',
      };
    default:
      return {
        detail: `What answers is not Clever's Data API (${reason}).`,
        ask: 'Look at CLEVER_API_URL. If it is right, ask Clever Support whether the app has the Data API v3.1.',
      };
  }
}

/** Why a readable district has no roster of last night; undefined if its roster comes from elsewhere. */
function stateWords(district: District, state: CleverDistrictState): CheckTexts | undefined {
  if (!isRosteredBy(district, 'secure-sync')) return undefined;
  switch (state) {
    case 'paused':
      return {
        detail: "Clever has paused it, and its data is last year's; nothing is synced.",
        ask: 'The district’s Clever administrator ends the pause in Clever when the new year is ready.',
      };
    case 'pending':
      return {
        detail: 'Clever waits for the district; nothing is synced.',
        ask: 'The district’s Clever administrator sees in Clever what is to be approved or completed.',
      };
    case 'error':
      return {
        detail: 'Clever could not read its data; nothing is synced.',
        ask: 'The district’s Clever administrator sees the error in Clever; else ask Clever Support.',
      };
    case 'running':
    case 'success':
    case 'unknown':
      return undefined;
  }
}

/** Names from Clever must not contain control sequences for the terminal. */
const printable = (names: readonly string[]): string =>
  names
    .slice(0, 20)
    .map((name) => name.slice(0, 64).replace(/[^\x20-\x7e]/g, '?'))
    .join(', ') || 'none';
