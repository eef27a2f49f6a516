// The routes of support and administration over a store of a test, on loopback, with a stand-in for the staff's provider in this process.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AccessRefused } from '../../src/http/access-refused.ts';
import { createApp } from '../../src/http/app.ts';
import { createBodyDeadline } from '../../src/http/body-deadline.ts';
import { type Store, StoreUnavailable } from '../../src/store/store.ts';
import type { StaffIdentity, StaffIdentityProvider, StaffLists } from '../../src/support/staff-sign-in.ts';
import { createProgramRoutes } from '../../src/wire-programs.ts';
import { createSupport } from '../../src/wire-support.ts';
import { expectOpenApi } from './expect-openapi.ts';
import { furnish, type TestOffice } from './office.ts';
import { type Answer, bearer, nobody } from './program-server.ts';

const staffIssuer = 'https://staff.example';

export interface Desk {
  readonly office: TestOffice;
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
  /** Signs in as whom the provider vouches for, and answers the cookie; undefined if refused. */
  signIn(identity: Partial<StaffIdentity>): Promise<string | undefined>;
  stop(): Promise<void>;
}

export const listed: StaffLists = { support: ['casey@support.example'], admin: ['@admin.example'] };

export async function startDesk(
  store: Store,
  { clock = Date.now, isOpen = true }: { readonly clock?: () => number; readonly isOpen?: boolean } = {},
): Promise<Desk> {
  const office = await furnish(store, clock);
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
  const { routers, guards } = createSupport(office, {
    ...{ publicUrl: new URL(url), onFailure, onRefused, clock },
    ...(isOpen ? { staff: { issuer: staffIssuer, provider, lists: () => lists } } : {}),
  });
  const programs = createProgramRoutes(office, {
    ...{ tokens: office.tokens, findLiveSession: office.findLiveSession, issuer: url, audience: 'product' },
    ...{ bodyDeadline, dataApi: nobody, onFailure, onRefused, guards },
  });
  serving = createApp({
    routers: [...routers, ...programs],
    bodyDeadline: bodyDeadline.start,
    https: false,
    onFailure,
    isStoreSilent: (failure) => failure instanceof StoreUnavailable,
  });
  const credentials = await Promise.all(
    (['support', 'admin', 'product'] as const).map((scope) => office.credentials.create(scope, scope)),
  );
  const [support = '', admin = '', product = ''] = credentials.map(({ secret }) => secret);

  const desk: Desk = {
    office,
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
      const begun = await desk.ask('GET', '/support/login');
      const state = new URL(begun.headers.get('location') ?? '').searchParams.get('state');
      return { cookie: cookieOf(begun.headers, 'summit_staff_sign_in'), callback: `/support/callback?state=${state}` };
    },
    async signIn(identity) {
      const { cookie, callback } = await desk.begin(identity);
      const ended = await desk.ask('GET', `${callback}&code=c`, { headers: { cookie } });
      return ended.status === 303 ? cookieOf(ended.headers, 'summit_staff') : undefined;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
  return desk;
}

export function cookieOf(headers: Headers, name: string): string {
  const line = headers.getSetCookie().find((each) => each.startsWith(`${name}=`) && !each.startsWith(`${name}=;`));
  return line?.split(';')[0] ?? '';
}
