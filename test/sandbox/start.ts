// Starts a stand-in Clever for a test file, and plays a browser and an app against it.
import { type Clever, type CleverOptions, startClever } from '../../sandbox/clever/start-clever.ts';

export const redirectUri = 'http://localhost:9/oauth/clever/callback';
export const app = { clientId: 'app-k12', clientSecret: 'secret-k12', redirectUris: [redirectUri, `${redirectUri}/2`] };
export const syncUri = 'http://localhost:9/oauth/clever/secure-sync/callback';
export const syncApp = { clientId: 'app-sync', clientSecret: 'secret-sync', redirectUris: [syncUri] };

export function startTestClever(options: Partial<CleverOptions> = {}): Promise<Clever> {
  return startClever({ apps: { 'summit-k12': app, 'secure-sync': syncApp }, ...options });
}

/** Keeps cookies, follows nothing. */
export interface Browser {
  open(address: string): Promise<Response>;
  cookies(): ReadonlyMap<string, string>;
}

export function createBrowser(): Browser {
  const jar = new Map<string, string>();
  return {
    cookies: () => jar,
    open: async (address) => {
      const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
      const response = await fetch(address, { redirect: 'manual', headers: { cookie } });
      for (const line of response.headers.getSetCookie()) {
        const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=');
        if (value === '') jar.delete(name);
        else jar.set(name, value);
      }
      return response;
    },
  };
}

export function locationOf(response: Response): URL {
  return new URL(response.headers.get('location') ?? 'about:blank', response.url);
}

export function authorizeAddress(clever: Clever, params: Record<string, string> = {}): string {
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: app.clientId,
    redirect_uri: redirectUri,
    state: 'state-1',
    ...params,
  });
  return `${clever.url}/oauth/authorize?${query}`;
}

/** A code from a portal launch. */
export async function launchCode(clever: Clever, person: string): Promise<string> {
  const response = await createBrowser().open(`${clever.url}/portal/launch?person=${person}&app=summit-k12`);
  return locationOf(response).searchParams.get('code') ?? '';
}

export function redeem(clever: Clever, code: string, changes: Record<string, string> = {}, basic = true) {
  const body = new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri: redirectUri, ...changes });
  const credentials = Buffer.from(`${app.clientId}:${app.clientSecret}`).toString('base64');
  const headers: Record<string, string> = basic ? { authorization: `Basic ${credentials}` } : {};
  return fetch(`${clever.url}/oauth/tokens`, { method: 'POST', body, headers });
}

export interface Tokens {
  readonly access_token: string;
  readonly id_token?: string;
}

/** Any object or list in an answer, read without a parse: for tests that check single fields. */
export async function readJson(response: Response): Promise<Record<string, unknown>> {
  return Object(await response.json());
}

export async function tokensOf(clever: Clever, person: string): Promise<Tokens> {
  const body = await readJson(await redeem(clever, await launchCode(clever, person)));
  const idToken = body['id_token'];
  return { access_token: String(body['access_token']), ...(typeof idToken === 'string' ? { id_token: idToken } : {}) };
}
