// The routes of support and administration over a store of a test, on loopback, with a stand-in for the staff's
// provider in this process.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createDistrictPages, createSharedPages } from '../../src/compose/district-pages.ts';
import { createProgramRoutes } from '../../src/compose/programs.ts';
import { createFormToken } from '../../src/compose/sign-in.ts';
import { createAdminPages, createSupportPages } from '../../src/compose/staff-pages.ts';
import { createApp } from '../../src/http/app.ts';
import type { AccessRefused } from '../../src/http/kit/authenticate.ts';
import { createCookies } from '../../src/http/kit/cookies.ts';
import { createBodyDeadline } from '../../src/http/kit/read-body.ts';
import type { StaffIdentity, StaffIdentityProvider, StaffLists } from '../../src/staff/staff-sign-in.ts';
import { type Store, StoreUnavailable } from '../../src/store/store.ts';
import { expectOpenApi } from './expect-openapi.ts';
import { type Answer, bearer, noDataApi } from './program-server.ts';
import { createServices, type TestServices } from './services.ts';

const staffIssuer = 'https://staff.example';

export interface SupportFixture {
  readonly services: TestServices;
  readonly url: string;
  readonly failures: readonly unknown[];
  /** What the log would say of refused access. */
  readonly refused: readonly AccessRefused[];
  readonly headers: Readonly<Record<'support' | 'admin' | 'product', Readonly<Record<string, string>>>>;
  /** What the lists say from now on. */
  setLists(lists: StaffLists): void;
  /** Every answer is compared with openapi.yaml. */
  ask(method: string, path: string, init?: RequestInit): Promise<Answer>;
  /** Begins to sign in as whom the provider will vouch for: what the browser keeps, and where it comes back to. */
  begin(identity: Partial<StaffIdentity>): Promise<{ readonly cookie: string; readonly callback: string }>;
  /** Signs in as the user of the provider, and returns the cookie; undefined if refused. */
  signIn(identity: Partial<StaffIdentity>): Promise<string | undefined>;
  stop(): Promise<void>;
}

interface SupportOptions {
  readonly clock?: () => number;
  readonly isOpen?: boolean;
  readonly fourEyes?: 'on' | 'off';
}

export const listed: StaffLists = { support: ['casey@support.example'], admin: ['@admin.example'] };

export async function startSupport(
  store: Store,
  { clock = Date.now, isOpen = true, fourEyes = 'off' }: SupportOptions = {},
): Promise<SupportFixture> {
  const services = await createServices(store, clock, undefined, { STAFF_FOUR_EYES: fourEyes });
  const failures: unknown[] = [];
  const refused: AccessRefused[] = [];
  let lists = listed;
  let vouched: StaffIdentity | undefined;
  let url = '';
  const provider: StaffIdentityProvider = {
    makeChecks: () => ({ state: `state-${Math.random()}`, nonce: 'nonce', codeVerifier: 'verifier' }),
    authorizationUrl: async ({ state }) => new URL(`${staffIssuer}/authorize?state=${state}`),
    exchange: async () => vouched ?? { kind: 'refused', reason: 'provider_failed' },
  };
  const onFailure = (failure: unknown) => void failures.push(failure);
  const app = createApp({
    routers: [],
    https: false,
    onFailure,
    isStoreSilent: (failure) => failure instanceof StoreUnavailable,
  });
  let serving = app;
  const server = createServer((request, response) => serving(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const onRefused = (one: AccessRefused) => void refused.push(one);
  const bodyDeadline = createBodyDeadline();
  const { routers, guards, adminAccess } = createSupportPages(services.subjects, {
    publicUrl: new URL(url),
    onFailure,
    onRefused,
    clock,
    ...(isOpen ? { staff: { issuer: staffIssuer, provider, lists: () => lists } } : {}),
  });
  const programs = createProgramRoutes(services.subjects, {
    tokens: services.tokens,
    findLiveSession: services.findLiveSession,
    issuer: url,
    audience: 'product',
    bodyDeadline,
    dataApi: noDataApi,
    onFailure,
    onRefused,
    guards,
  });
  const sharedPages = createSharedPages(services.subjects, { bodyDeadline, dataApi: noDataApi, onFailure });
  const districtPages = createDistrictPages(services.subjects, {
    findLiveSession: services.findLiveSession,
    cookies: createCookies({ secure: false }),
    sharedPages,
    onFailure,
    formToken: createFormToken(services.vault),
    publicUrl: new URL(url),
  });
  const sync = async () => ({ kind: 'refused', code: 'sync_running' }) as const;
  const adminPages = createAdminPages(services.subjects, {
    access: adminAccess,
    sharedPages,
    sync,
    checkClever: async () => [{ ok: false, detail: 'not connected', ask: 'connect it' }],
  });
  serving = createApp({
    routers: [...routers, programs.tokenRoutes, ...programs.rareRoutes, districtPages, ...adminPages],
    supportContact: 'help@summit.example, (800) 555-0100',
    bodyDeadline: bodyDeadline.start,
    https: false,
    onFailure,
    isStoreSilent: (failure) => failure instanceof StoreUnavailable,
  });
  const credentials = await Promise.all(
    (['support', 'admin', 'product'] as const).map((scope) => services.credentials.create(scope, scope)),
  );
  const [support = '', admin = '', product = ''] = credentials.map(({ secret }) => secret);

  const supportPages: SupportFixture = {
    services,
    url,
    failures,
    refused,
    headers: { support: bearer(support), admin: bearer(admin), product: bearer(product) },
    setLists(next) {
      lists = next;
    },
    async ask(method, path, init = {}) {
      const answer = await fetch(`${url}${path}`, { method, redirect: 'manual', ...init });
      const text = await answer.text();
      expectOpenApi(method, path, { status: answer.status, headers: answer.headers, body: text });
      const isJson = /json/.test(answer.headers.get('content-type') ?? '') && text !== '';
      const json = isJson ? JSON.parse(text) : {};
      return { status: answer.status, headers: answer.headers, text, json, lines: [] };
    },
    async begin(identity) {
      vouched = { kind: 'verified', issuer: staffIssuer, subject: 'one', verifiedEmail: undefined, ...identity };
      const begun = await supportPages.ask('GET', '/support/login');
      const state = new URL(begun.headers.get('location') ?? '').searchParams.get('state');
      const name = `summit_staff_sign_in_${state?.split('.')[0]}`;
      return { cookie: cookieOf(begun.headers, name), callback: `/support/callback?state=${state}` };
    },
    async signIn(identity) {
      const { cookie, callback } = await supportPages.begin(identity);
      const ended = await supportPages.ask('GET', `${callback}&code=c`, { headers: { cookie } });
      return ended.status === 303 ? cookieOf(ended.headers, 'summit_staff') : undefined;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
  return supportPages;
}

export function cookieOf(headers: Headers, name: string): string {
  const line = headers.getSetCookie().find((each) => each.startsWith(`${name}=`) && !each.startsWith(`${name}=;`));
  return line?.split(';')[0] ?? '';
}
