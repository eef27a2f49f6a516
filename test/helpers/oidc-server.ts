// The OpenID provider over HTTP on a store of the test's choice, with sessions that need no Clever. A user without a
// session is sent to an address in place of Clever's.
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createOidc } from '../../src/compose/oidc.ts';
import { createApp } from '../../src/http/app.ts';
import { createCookies } from '../../src/http/kit/cookies.ts';
import { sendRedirect } from '../../src/http/kit/send-page.ts';
import type { OidcAnswer } from '../../src/http/oidc/routes.ts';
import { accountIdOf } from '../../src/roster/account.ts';
import type { ClientChanges } from '../../src/session/client.ts';
import { type Store, StoreUnavailable } from '../../src/store/store.ts';
import { expectOpenApi } from './expect-openapi.ts';
import { feed, student } from './feeds.ts';
import { createServices, issuer, type TestServices } from './services.ts';

export const districtId = 'juniper-flats';
export const redirectUri = 'https://coach.example/callback';
/** In place of Clever: its parameter `back` is where the browser returns to. */
export const cleverAddress = 'https://clever.example/';

export interface Grant {
  readonly status: number;
  readonly json: Readonly<Record<string, unknown>>;
  readonly headers: Headers;
}

export interface OidcServer {
  readonly url: string;
  readonly services: TestServices;
  readonly answers: OidcAnswer[];
  readonly failures: unknown[];
  readonly notices: object[];
  /** What a server does every two seconds. */
  tellOfLogouts(): Promise<void>;
  /** A cookie header of a live session of the student with this SIS id. */
  signIn(sisId?: string, secondsAgo?: number): Promise<SignedIn>;
  putClient(id: string, changes?: ClientChanges): Promise<string>;
  ask(path: string, options?: RequestInit): Promise<Response>;
  /** An authorization request; parameters that are undefined are left out. */
  authorize(cookie: string, parameters?: Readonly<Record<string, string | undefined>>): Promise<URL>;
  token(form: Readonly<Record<string, string>>, credentials?: string): Promise<Grant>;
  stop(): Promise<void>;
}

export interface SignedIn {
  readonly cookie: string;
  readonly sid: string;
  readonly accountId: string;
}

/** RFC 7636 appendix B. */
export const pkce = {
  code_verifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
  code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
};

/** Of the client `coach`. */
export const authorizationRequest = {
  client_id: 'coach',
  redirect_uri: redirectUri,
  response_type: 'code',
  scope: 'openid',
  code_challenge: pkce.code_challenge,
  code_challenge_method: 'S256',
  state: 'a-state',
};

export const basic = (id: string, secret: string) => `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;

export async function startOidc(store: Store): Promise<OidcServer> {
  const services = await createServices(store);
  await services.publisher.publish(districtId, 'sftp', feed(student({ sisId: '1' }), student({ sisId: '2' })));
  const answers: OidcAnswer[] = [];
  const failures: unknown[] = [];
  const notices: object[] = [];
  const oidc = createOidc(services.subjects, {
    tokens: services.tokens,
    findLiveSession: services.findLiveSession,
    cookies: createCookies({ secure: false }),
    publicUrl: new URL(issuer),
    startSignIn: async (_request, response, back) =>
      sendRedirect(response, 302, `${cleverAddress}?${new URLSearchParams({ state: 'x', back })}`),
    report: (answer) => answers.push(answer),
    reportLogout: (notice, result, tries) => notices.push({ ...notice, result, tries }),
    onFailure: (failure) => failures.push(failure),
  });
  const app = createApp({
    routers: oidc.routers,
    https: false,
    onFailure: (failure) => failures.push(failure),
    isStoreSilent: (failure) => failure instanceof StoreUnavailable,
  });
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // Not the issuer: what the provider says of itself must not come from where it is asked.
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const ask: OidcServer['ask'] = async (path, options) => {
    const response = await fetch(new URL(path, url), { redirect: 'manual', ...options });
    const body = await response.clone().text();
    expectOpenApi(options?.method ?? 'GET', path, { status: response.status, headers: response.headers, body });
    return response;
  };
  return {
    url,
    services,
    answers,
    failures,
    notices,
    tellOfLogouts: oidc.logouts.task,
    ask,
    async signIn(sisId = '1', secondsAgo = 0) {
      const iat = Math.floor(Date.now() / 1000) - secondsAgo;
      const [sid, accountId] = [randomUUID(), accountIdOf(services.vault, districtId, 'student', sisId)];
      const { published } = await services.rosters.read(districtId, 0);
      const times = { issuedAt: iat, expiresAt: iat + 3_600 };
      const opened = { openedBy: 'state', returnTo: issuer, rosterVersion: published.version };
      await services.store.commit([], [services.registry.write({ sid, districtId, accountId, ...times, ...opened })]);
      const claims = { sub: accountId, sid, jti: randomUUID(), iat, exp: iat + 3_600, district: districtId };
      const token = await services.tokens.issue({
        ...claims,
        role: 'student',
        matched: { by: 'email', roster: 'sftp' },
      });
      return { cookie: `summit_session=${token}`, sid, accountId };
    },
    async putClient(id, changes = {}) {
      const put = await services.clients.put(id, { redirectUris: [redirectUri], ...changes });
      if (put.kind === 'refused') throw new Error(put.code);
      return put.secret ?? '';
    },
    async authorize(cookie, parameters = {}) {
      const all = { ...authorizationRequest, ...parameters };
      const given = Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
      const response = await ask(`/oidc/authorize?${new URLSearchParams(given)}`, { headers: { cookie } });
      return new URL(response.headers.get('location') ?? `${url}/none?status=${response.status}`);
    },
    async token(form, credentials) {
      const headers = credentials === undefined ? {} : { authorization: credentials };
      const response = await ask('/oidc/token', { method: 'POST', headers, body: new URLSearchParams(form) });
      return { status: response.status, json: Object(await response.json()), headers: response.headers };
    },
    stop() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
