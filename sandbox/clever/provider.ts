// oidc-provider set up to behave as Clever is known to: Basic only, PKCE taken but not asked for, scope ignored, codes of
// one minute, its own claims. What oidc-provider would do differently is put right in `conform`.
import Provider, { type Configuration, interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';
import { createMemoryAdapter } from './memory-adapter.ts';
import type { App, Person } from './person.ts';
import { claimsOf, userinfoOf } from './records.ts';
import type { Signing } from './signing.ts';
import type { Switches } from './switches.ts';

export interface AppSettings {
  readonly clientId: string;
  readonly clientSecret: string;
  /** The first is the primary one: launches from the portal always arrive there. */
  readonly redirectUris: readonly string[];
}

export interface ProviderParts {
  readonly issuer: string;
  readonly apps: Readonly<Partial<Record<App, AppSettings>>>;
  readonly findPerson: (id: string) => Person | undefined;
  readonly signing: Signing;
  readonly switches: Switches;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly renderError: (title: string, explanation: string) => string;
}

export const sessionCookie = 'clever_sandbox';
/** The life of Clever's own session, by hearsay. */
export const sessionSeconds = 2 * 60 * 60;

export function createProvider(parts: ProviderParts): Provider {
  const provider = new Provider(parts.issuer, configurationOf(parts));
  provider.use(conform(parts));
  return provider;
}

function configurationOf(parts: ProviderParts): Configuration {
  return {
    adapter: createMemoryAdapter(parts.clock),
    clients: Object.values(parts.apps).map(clientOf),
    // What oidc-provider signs is replaced in `conform`; a key of its own kind keeps that cheap.
    jwks: { keys: [parts.signing.scratchKey] },
    enabledJWA: { idTokenSigningAlgValues: ['ES256'] },
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    clientAuthMethods: ['client_secret_basic'],
    responseTypes: ['code'],
    scopes: ['openid', 'profile', 'email'],
    pkce: { required: () => false },
    extraParams: ['district_id', 'return_unshared', 'confirmed'],
    routes: {
      authorization: '/oauth/authorize',
      token: '/oauth/tokens',
      jwks: '/oauth/certs',
      userinfo: '/userinfo',
    },
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: { enabled: false },
    },
    ttl: {
      AuthorizationCode: 60,
      AccessToken: 24 * 60 * 60,
      IdToken: 60 * 60,
      Grant: 24 * 60 * 60,
      Session: sessionSeconds,
      Interaction: 60,
    },
    expiresWithSession: () => false,
    cookies: {
      names: { session: sessionCookie },
      long: { httpOnly: true, sameSite: 'lax', path: '/' },
      short: { httpOnly: true, sameSite: 'lax' },
    },
    findAccount: (_, id) => {
      if (parts.findPerson(id) === undefined) return undefined;
      return { accountId: id, claims: () => ({ sub: id }) };
    },
    loadExistingGrant: grantWithoutAsking,
    interactions: { policy: policyOf(parts), url: (ctx, { prompt }) => whereTo(ctx, prompt.name) },
    renderError: (ctx, out) => {
      ctx.type = 'html';
      ctx.body = parts.renderError('Clever cannot open this app', out.error_description ?? out.error);
    },
  };
}

function clientOf(app: AppSettings) {
  return {
    client_id: app.clientId,
    client_secret: app.clientSecret,
    redirect_uris: [...app.redirectUris],
    response_types: ['code' as const],
    grant_types: ['authorization_code'],
    token_endpoint_auth_method: 'client_secret_basic' as const,
  };
}

/** A district shares an app once for all its people; nobody is asked for consent at a sign-in. */
async function grantWithoutAsking(ctx: KoaContextWithOIDC) {
  const { provider, client, account } = ctx.oidc;
  if (client === undefined || account === undefined) return undefined;
  const grant = new provider.Grant({ clientId: client.clientId, accountId: account.accountId });
  grant.addOIDCScope('openid profile email');
  await grant.save();
  return grant;
}

function policyOf(parts: ProviderParts) {
  const { Check, Prompt } = interactionPolicy;
  const person = (ctx: KoaContextWithOIDC) => parts.findPerson(ctx.oidc.session?.accountId ?? '');
  return [
    new Prompt(
      { name: 'login', requestable: true },
      new Check('no_session', 'nobody is signed in to Clever', (ctx) => person(ctx) === undefined),
    ),
    new Prompt(
      { name: 'unshared' },
      new Check('unshared', 'the app is not shared', (ctx) => person(ctx)?.atClever === 'unshared'),
    ),
    new Prompt(
      { name: 'cancel' },
      // A launch from Clever's own portal asks nothing, so there is nothing to cancel.
      new Check('cancel', 'the person cancels', (ctx) => hasState(ctx) && person(ctx)?.atClever === 'cancels'),
    ),
  ];
}

const hasState = (ctx: KoaContextWithOIDC) => ctx.oidc.params?.['state'] !== undefined;

/** Where a request goes that cannot be answered with a code: Clever's pages, or back to the app with an error. */
function whereTo(ctx: KoaContextWithOIDC, prompt: string): string {
  const params = ctx.oidc.params ?? {};
  if (prompt === 'cancel') return withError(params, 'access_denied');
  if (prompt === 'login') return `/oauth/people?${queryOf(params)}`;
  return params['return_unshared'] === 'true' ? withError(params, 'unauthorized-user') : '/oauth/unshared';
}

function withError(params: Record<string, unknown>, error: string): string {
  const address = new URL(String(params['redirect_uri']));
  address.searchParams.set('error', error);
  if (typeof params['state'] === 'string') address.searchParams.set('state', params['state']);
  return address.href;
}

function queryOf(params: Record<string, unknown>): string {
  const { prompt: _, ...rest } = params;
  const texts = Object.entries(rest).filter((pair): pair is [string, string] => typeof pair[1] === 'string');
  return new URLSearchParams(texts).toString();
}

type Middleware = Parameters<Provider['use']>[0];

function conform(parts: ProviderParts): Middleware {
  return async (ctx, next) => {
    await next();
    dropForeignCookies(ctx);
    if (!isOfProvider(ctx)) return;
    switch (ctx.oidc.route) {
      case 'authorization':
        return dropIssuer(ctx);
      case 'discovery':
        return describeClever(ctx);
      case 'jwks':
        ctx.body = parts.signing.jwks();
        return;
      case 'token':
        return replaceIdToken(ctx, parts);
      case 'userinfo':
        return replaceUserinfo(ctx, parts);
    }
  };
}

type Context = Parameters<Middleware>[0];

function isOfProvider(ctx: Context): ctx is Context & KoaContextWithOIDC {
  return ctx['oidc'] !== undefined;
}

/** oidc-provider's interaction cookies would reach every other server on localhost. */
function dropForeignCookies(ctx: Context): void {
  const cookies = [ctx.response.get('Set-Cookie') ?? []].flat();
  const own = cookies.filter((one) => one.startsWith(`${sessionCookie}=`));
  if (own.length === cookies.length) return;
  if (own.length === 0) ctx.remove('Set-Cookie');
  else ctx.set('Set-Cookie', own);
}

/** Clever is not known to send `iss` (RFC 9207); an arrival has a code and, if one was given, the state. */
function dropIssuer(ctx: Context): void {
  const location = ctx.response.get('Location');
  if (!URL.canParse(location)) return;
  const address = new URL(location);
  address.searchParams.delete('iss');
  ctx.set('Location', address.href);
}

function describeClever(ctx: Context): void {
  const { authorization_response_iss_parameter_supported: _, ...rest } = Object(ctx.body);
  ctx.body = {
    ...rest,
    claims_supported: [
      ...['iss', 'aud', 'sub', 'iat', 'exp', 'nonce', 'multi_role_user_id', 'user_id', 'user_type', 'district'],
      ...['email', 'email_verified', 'given_name', 'family_name'],
    ],
    id_token_signing_alg_values_supported: ['RS256'],
  };
}

async function replaceIdToken(ctx: KoaContextWithOIDC, parts: ProviderParts): Promise<void> {
  const code = ctx.oidc.entities.AuthorizationCode;
  const person = parts.findPerson(code?.accountId ?? '');
  if (ctx.status !== 200 || code === undefined || person === undefined) return;
  const fault = parts.switches.take('idToken');
  const token = {
    issuer: parts.issuer,
    audience: code.clientId ?? '',
    nonce: code.nonce,
    nowSeconds: Math.floor(parts.clock() / 1000),
    claims: claimsOf(person),
    laidOver: fault?.claims,
  };
  const { id_token: _, ...body } = Object(ctx.body);
  const idToken = await parts.signing.signIdToken(token, fault?.forge);
  ctx.body = idToken === undefined ? body : { ...body, id_token: idToken };
}

function replaceUserinfo(ctx: KoaContextWithOIDC, parts: ProviderParts): void {
  const person = parts.findPerson(ctx.oidc.entities.AccessToken?.accountId ?? '');
  if (ctx.status === 200 && person !== undefined) ctx.body = userinfoOf(person);
}
