// oidc-provider, configured to behave as Clever is known to: PKCE accepted but not required, scope ignored, codes of
// one minute. conform.ts corrects its other differences.
import { randomUUID } from 'node:crypto';
import Provider, { type Configuration, interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';
import { conform } from './conform.ts';
import { createMemoryAdapter } from './memory-adapter.ts';
import { type AppSettings, type ProviderParts, sessionCookie, sessionSeconds } from './provider-parts.ts';

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
    // Without keys oidc-provider warns. Not signed: session.ts sets the session's cookie itself.
    cookies: {
      keys: [randomUUID()],
      names: { session: sessionCookie },
      long: { httpOnly: true, sameSite: 'lax', path: '/', signed: false },
      short: { httpOnly: true, sameSite: 'lax', signed: false },
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

/** A district shares an app once for all its people; a sign-in shows no consent page. */
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
      new Check('no_session', 'no user is signed in to Clever', (ctx) => person(ctx) === undefined),
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
