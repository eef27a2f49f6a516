// Corrects the answers of oidc-provider where Clever is known to answer differently: no `iss` on arrivals, Clever's
// claims and userinfo, our own keys, no cookies but the session's.
import type { KoaContextWithOIDC, Provider } from 'oidc-provider';
import { type ProviderParts, sessionCookie } from './provider-parts.ts';
import { claimsOf, userinfoOf } from './records.ts';

type Middleware = Parameters<Provider['use']>[0];

export function conform(parts: ProviderParts): Middleware {
  return async (ctx, next) => {
    await next();
    dropForeignCookies(ctx);
    if (!isOfProvider(ctx)) return;
    switch (ctx.oidc.route) {
      case 'authorization':
        return dropIssuer(ctx);
      case 'discovery':
        return describeClever(ctx, parts.switches.current().metadata);
      case 'jwks':
        ctx.body = { keys: publishedKeys(parts) };
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

function publishedKeys({ signing, switches }: ProviderParts) {
  const { keys } = signing.jwks();
  const fault = switches.current().keys;
  return fault === 'none' ? [] : fault === 'twice' ? [...keys, ...keys] : keys;
}

function describeClever(ctx: Context, laidOver: Readonly<Record<string, unknown>> = {}): void {
  const { authorization_response_iss_parameter_supported: _, ...rest } = Object(ctx.body);
  const described = {
    ...rest,
    claims_supported: [
      'iss',
      'aud',
      'sub',
      'iat',
      'exp',
      'nonce',
      'multi_role_user_id',
      'user_id',
      'user_type',
      'district',
      'email',
      'email_verified',
      'given_name',
      'family_name',
    ],
    id_token_signing_alg_values_supported: ['RS256'],
    // client-post.ts. Clever's own example of a client, AWS Cognito, knows nothing else.
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
    ...laidOver,
  };
  ctx.body = Object.fromEntries(Object.entries(described).filter(([, value]) => value !== null));
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
