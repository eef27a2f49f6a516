// Configures oidc-provider for this bridge: authorization code with PKCE S256 for registered clients, the bridge's
// session as the provider's session, and no pages of its own. provider-adapter.ts stores its tokens; docs/adr/0048 lists
// the replaced parts and the reasons.

import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { JWK } from 'jose';
import Provider, { type Configuration, interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';
import { clientScopes, isRegisteredUri } from '../session/client-rules.ts';
import type { Clients } from '../session/clients.ts';
import type { FindSession, LiveSession } from '../session/live-session.ts';
import { jwksLifeSeconds } from '../session/signing-keys.ts';
import { claimsByScope, describeAccount, readSessionReference, writeSessionReference } from './describe-account.ts';
import { type AdapterNeeds, createAdapter, makeTokenId } from './provider-adapter.ts';
import { type Ending, type OpenIdProvider, oidcPaths } from './provider-port.ts';

export interface ProviderNeeds extends AdapterNeeds {
  /** Also the issuer of session tokens. */
  readonly issuer: string;
  readonly clients: Pick<Clients, 'find' | 'isSecret'>;
  readonly partitionOf: (districtId: string) => string;
  /** The session of the browser's cookies. */
  readonly findBrowserSession: (request: IncomingMessage) => Promise<LiveSession | undefined>;
  readonly findSession: FindSession;
  /** Called when a code is issued to a client that subscribes to the end of sessions. */
  readonly onCode: (clientId: string, session: LiveSession['session']) => Promise<void>;
}

const codeSeconds = 60;
const accessTokenSeconds = 3_600;
const idTokenSeconds = 3_600;

/** @param jwks private keys, the signing key first; another set needs another provider */
export function createOpenIdProvider(needs: ProviderNeeds, jwks: readonly JWK[]): OpenIdProvider {
  const seen = new WeakMap<object, LiveSession>();
  const endings = new WeakMap<object, Ending>();
  const provider = new Provider(needs.issuer, configure(needs, jwks, { seen, endings }));
  provider.app.silent = true;
  provider.on('server_error', (ctx, failure) => endings.set(ctx.req, { kind: 'failure', failure }));
  replaceSessions(provider, needs, seen);
  replaceClients(provider, needs);
  replaceTokenIds(provider, needs);
  const { issuer } = needs;
  const urlFor = (name: string, options?: object) => (provider as unknown as Addresses).urlFor(name, options);
  // URLs in responses come from the settings, never from a Host header.
  Object.assign(provider.OIDCContext.prototype, { urlFor });
  provider.use(async (ctx, next) => {
    // A proxy in front may terminate TLS; the issuer's scheme is the browser's.
    Object.defineProperty(ctx.request, 'secure', { value: issuer.startsWith('https:') });
    await next();
    const context = ctx as unknown as KoaContextWithOIDC;
    forbidOrigins(ctx.res);
    if (isInteraction(context)) endings.set(ctx.req, { kind: 'sign-in', returnTo: readReturnRequest(context) });
    if (ctx.path === '/.well-known/openid-configuration' && ctx.status === 200) {
      Object.assign(Object(ctx.body), { response_modes_supported: ['query'] });
      ctx.set('Cache-Control', `public, max-age=${jwksLifeSeconds}`);
    }
    // The library has its own pages for other response modes; the bridge shows none of them.
    if (ctx.path === oidcPaths.authorization && ctx.status !== 303 && !endings.has(ctx.req))
      endings.set(ctx.req, { kind: 'error', error: 'invalid_request' });
    if (endings.has(ctx.req)) ctx.respond = false;
    else if (ctx.status === 303) sendNoBody(ctx);
  });
  const callback = provider.callback();
  return {
    async handle(request, response) {
      const before = response.getHeaderNames();
      await callback(request, response);
      const ending = endings.get(request);
      if (ending !== undefined) forgetAnswer(response, before);
      return ending;
    },
    async deliverLogout({ clientId, accountId, sid }) {
      const client = await provider.Client.find(clientId);
      if (client?.backchannelLogoutUri === undefined) return;
      await (client as unknown as LogoutClient).backchannelLogout(accountId, sid);
    },
  };
}

/** Part of oidc-provider, missing in its types. */
interface Addresses {
  urlFor(name: string, options?: object): string;
}

interface RegisteredClient {
  readonly redirectUris?: readonly string[];
  readonly clientAuthMethod?: string;
}

interface LogoutClient {
  backchannelLogout(sub: string, sid: string): Promise<void>;
}

interface Kept {
  readonly seen: WeakMap<object, LiveSession>;
  readonly endings: WeakMap<object, Ending>;
}

const features: NonNullable<Configuration['features']> = {
  devInteractions: { enabled: false },
  // Logout ends the bridge's session, not one of oidc-provider: http/oidc/logout-routes.ts.
  rpInitiatedLogout: { enabled: false },
  backchannelLogout: { enabled: true },
  pushedAuthorizationRequests: { enabled: false },
  resourceIndicators: { enabled: false },
  dPoP: { enabled: false },
};

const ttl: NonNullable<Configuration['ttl']> = {
  AuthorizationCode: codeSeconds,
  AccessToken: (ctx) => Math.min(accessTokenSeconds, remainingSeconds(ctx)),
  RefreshToken: (ctx) => remainingSeconds(ctx),
  IdToken: idTokenSeconds,
  Session: 1,
  Interaction: 1,
};

/** Every option that oidc-provider leaves open, and every default that is overridden. */
function configure(needs: ProviderNeeds, jwks: readonly JWK[], { seen, endings }: Kept): Configuration {
  const { issuer, findSession } = needs;
  const policy = interactionPolicy.base();
  // Clients belong to Summit, and districts have agreed to them: consent is never asked, even with `prompt=consent`.
  policy.get('consent')?.checks.clear();
  return {
    adapter: (model) => createAdapter(needs, model),
    jwks: { keys: jwks.map((key) => ({ ...key })) as NonNullable<Configuration['jwks']>['keys'] },
    enabledJWA: { idTokenSigningAlgValues: ['ES256'] },
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'none'],
    responseTypes: ['code'],
    scopes: [...clientScopes],
    claims: claimsByScope,
    extraClientMetadata: { properties: ['pkce'] },
    pkce: {
      methods: ['S256'],
      required: ({ oidc }, client) => client['pkce'] !== 'or-nonce' || oidc.params?.['nonce'] === undefined,
    },
    routes: { ...oidcPaths, end_session: oidcPaths.logout },
    discovery: {
      end_session_endpoint: `${issuer}${oidcPaths.logout}`,
      jwks_uri: `${issuer}${oidcPaths.jwks}`,
    },
    features,
    ttl,
    // findAccount checks the bridge's session each time: there is no second list of ended sessions.
    expiresWithSession: () => false,
    issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    // A public client cannot authenticate, so each of its refresh tokens is valid once (RFC 9700 section 2.2.2).
    rotateRefreshToken: ({ oidc }) => oidc.client?.clientAuthMethod === 'none',
    // An Origin header is no error; the response headers let no origin read the response (forbidOrigins).
    clientBasedCORS: () => true,
    // No cookie of oidc-provider leaves this process; without keys it logs a warning.
    cookies: { keys: [randomBytes(32).toString('hex')], names: cookieNames, short: { signed: false } },
    loadExistingGrant: async (ctx) => {
      const live = seen.get(ctx.req);
      return live && makeGrant(ctx, needs, live);
    },
    findAccount: async (ctx, accountId, token) => {
      const reference = token === undefined ? undefined : readSessionReference(sessionOf(token));
      const live = reference === undefined ? seen.get(ctx.req) : await findSession(reference);
      const matched = reference?.matched ?? seen.get(ctx.req)?.claims.matched;
      if (live === undefined || matched === undefined || live.account.accountId !== accountId) return undefined;
      return { accountId, claims: () => describeAccount(live.account, live.session, matched) as { sub: string } };
    },
    interactions: { policy, url: () => '/login' },
    renderError: (ctx, { error }) => {
      if (!endings.has(ctx.req)) endings.set(ctx.req, { kind: 'error', error });
    },
  };
}

const cookieNames = { session: 'oidc_session', interaction: 'oidc_interaction', resume: 'oidc_resume' };

/** Remaining seconds of the grant's session. */
const remainingSeconds = ({ oidc }: KoaContextWithOIDC): number =>
  Math.max(1, (oidc.entities.Grant?.exp ?? 0) - Math.floor(Date.now() / 1000));

const sessionOf = (token: object): string => String(Object(token).sessionUid);

/**
 * Without consent: a client's rights are registered. One grant per code, so that a replay revokes everything issued
 * from that code.
 */
async function makeGrant(ctx: KoaContextWithOIDC, needs: ProviderNeeds, { session }: LiveSession) {
  const { provider, client, params = {} } = ctx.oidc;
  if (client === undefined) return undefined;
  const { accountId, districtId, expiresAt } = session;
  const grant = new provider.Grant({ accountId, clientId: client.clientId });
  Object.assign(grant, { jti: makeTokenId(needs.partitionOf(districtId)), exp: expiresAt });
  const mayHave = (client.scope ?? '').split(' ');
  const asked = String(params['scope'] ?? '').split(' ');
  grant.addOIDCScope([...new Set(asked.filter((scope) => mayHave.includes(scope)))].join(' '));
  const isNotified = client.backchannelLogoutUri !== undefined;
  await Promise.all([grant.save(), isNotified && needs.onCode(client.clientId, session)]);
  return grant;
}

/** The session of the browser's cookies, read for each request and never written. */
function replaceSessions(provider: Provider, needs: ProviderNeeds, seen: Kept['seen']): void {
  async function get(ctx: KoaContextWithOIDC) {
    const live = await needs.findBrowserSession(ctx.req);
    if (live !== undefined) seen.set(ctx.req, live);
    const payload = live && {
      accountId: live.session.accountId,
      loginTs: live.session.issuedAt,
      amr: ['clever'],
      uid: writeSessionReference(live),
    };
    const Session = provider.Session as unknown as new (
      payload: object | undefined,
    ) => Provider['Session']['prototype'];
    const session = new Session(payload);
    // oidc-provider then neither saves the session nor sets a cookie for it.
    Object.defineProperty(session, 'destroyed', { value: true });
    Object.assign(session, { sidFor: () => live?.session.sid });
    ctx.oidc.entity('Session', session);
    return session;
  }
  Object.assign(provider.Session, { get });
}

/**
 * Secrets are stored as hashes, redirect URIs are compared character for character, and each id_token names its
 * session.
 */
function replaceClients(provider: Provider, { clients }: ProviderNeeds): void {
  Object.assign(provider.Client.prototype, {
    compareClientSecret(this: { readonly clientId: string }, secret: string) {
      return clients.isSecret(this.clientId, secret);
    },
    redirectUriAllowed(this: RegisteredClient, uri: string) {
      return isRegisteredUri(uri, this.redirectUris ?? [], this.clientAuthMethod === 'none');
    },
    responseModeAllowed: (mode: string) => mode === 'query',
    includeSid: () => true,
  });
}

/** The value of a token includes the partition that holds it. */
function replaceTokenIds(provider: Provider, { partitionOf }: ProviderNeeds): void {
  for (const model of [provider.AuthorizationCode, provider.AccessToken, provider.RefreshToken]) {
    const prototype = model.prototype as unknown as { generateTokenId(): string };
    // Notes the format of an access token.
    const prepare = prototype.generateTokenId;
    prototype.generateTokenId = function generateTokenId() {
      prepare.call(this);
      return makeTokenId(partitionOf(readSessionReference(sessionOf(this)).districtId));
    };
  }
}

/** As in every redirect of the bridge: the URL, which contains the code, appears only once. */
function sendNoBody(ctx: { body: unknown; remove(header: string): void }): void {
  ctx.body = '';
  ctx.remove('Content-Type');
}

/** No page of another origin may read a response: products call from their servers, and native apps have no origin. */
function forbidOrigins(response: ServerResponse): void {
  for (const name of response.getHeaderNames()) if (name.startsWith('access-control-')) response.removeHeader(name);
}

/**
 * Removes oidc-provider's headers from a response that the caller now sends.
 * @param before names of the headers that existed before
 */
function forgetAnswer(response: ServerResponse, before: readonly string[]): void {
  const cookies = [response.getHeader('Set-Cookie') ?? []].flat().map(String);
  for (const name of response.getHeaderNames()) if (!before.includes(name)) response.removeHeader(name);
  const others = cookies.filter((cookie) => !Object.values(cookieNames).some((name) => cookie.startsWith(name)));
  if (others.length > 0) response.setHeader('Set-Cookie', others);
  else response.removeHeader('Set-Cookie');
  response.statusCode = 200;
}

/**
 * The authorization request to which a browser returns from Clever travels in the sealed cookie of the pending sign-in,
 * so an unauthenticated request uses no space in the store. Keeps that cookie below the limit of http/kit/cookies.ts.
 * Bytes of path and query.
 */
const maxReturnRequestLength = 1_600;

/** Without effect after the sign-in. */
const usedUp = ['prompt', 'max_age', 'login_hint', 'ui_locales'];

/** oidc-provider requires a sign-in. */
const isInteraction = (ctx: KoaContextWithOIDC): boolean => ctx.oidc?.entities.Interaction !== undefined;

/**
 * The same request with `prompt=none`: if the sign-in does not satisfy it, the client gets an error and no second
 * sign-in follows. Undefined if it would be too long.
 */
function readReturnRequest({ oidc }: KoaContextWithOIDC): string | undefined {
  const given = Object.entries(oidc.params ?? {}).filter(([name]) => !usedUp.includes(name));
  const texts = given.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : []));
  const returnTo = `${oidcPaths.authorization}?${new URLSearchParams([...texts, ['prompt', 'none']])}`;
  return returnTo.length > maxReturnRequestLength ? undefined : returnTo;
}
