// A product ends the bridge's session: OpenID Connect RP-Initiated Logout 1.0. A link alone never signs a user out:
// either the product sends an id_token of this very session, or the user confirms on a page of the bridge.
import { type Request, type RequestHandler, type Response, type Router, urlencoded } from 'express';
import { readIdTokenHint } from '../../oidc/id-token-hint.ts';
import { oidcPaths } from '../../oidc/provider-port.ts';
import { findOnlyLiveSession, verifySessions } from '../../session/browser-sessions.ts';
import { isRegisteredUri } from '../../session/client-rules.ts';
import type { Clients } from '../../session/clients.ts';
import type { FindLiveSession } from '../../session/live-session.ts';
import type { SessionRegistry } from '../../session/session-registry.ts';
import type { SessionTokens } from '../../session/session-token.ts';
import type { SigningKeys } from '../../session/signing-keys.ts';
import type { Cookies } from '../kit/cookies.ts';
import { readProtocolParameters } from '../kit/protocol-parameters.ts';
import { createRouter } from '../kit/router.ts';
import { sendRedirect } from '../kit/send-page.ts';
import { sendRefusal } from '../kit/send-refusal.ts';

interface OidcLogoutNeeds {
  readonly issuer: string;
  readonly clients: Pick<Clients, 'find'>;
  readonly keys: Pick<SigningKeys, 'jwks'>;
  readonly tokens: Pick<SessionTokens, 'verify'>;
  readonly findLiveSession: FindLiveSession;
  readonly registry: Pick<SessionRegistry, 'end'>;
  readonly cookies: Cookies;
}

const names = ['id_token_hint', 'client_id', 'post_logout_redirect_uri', 'state', 'logout_hint', 'ui_locales'];

export function createOidcLogoutRoutes(needs: OidcLogoutNeeds): Router {
  const router = createRouter();
  router.get(oidcPaths.logout, (request, response) => {
    const parameters = readProtocolParameters(request, names);
    return logOut(needs, parameters && Object.fromEntries(parameters), request, response);
  });
  router.post(oidcPaths.logout, urlencoded({ extended: false, limit: '16kb' }), readPosted(needs));
  return router;
}

type Parameters = Readonly<Record<string, string>>;

function readPosted(needs: OidcLogoutNeeds): RequestHandler {
  return (request, response) => {
    const fields: [string, unknown][] = Object.entries(Object(request.body));
    const isSound = fields.every(([, value]) => typeof value === 'string');
    return logOut(needs, isSound ? (Object.fromEntries(fields) as Parameters) : undefined, request, response);
  };
}

async function logOut(
  needs: OidcLogoutNeeds,
  parameters: Parameters | undefined,
  request: Request,
  response: Response,
): Promise<void> {
  const asked = parameters && (await readAsked(needs, parameters));
  if (asked === undefined)
    return sendRefusal(request, response, { kind: 'refused', code: 'malformed_request', audience: 'unknown' });
  const { hint, leadsTo } = asked;
  const { cookies, tokens, registry } = needs;
  const live = await findOnlyLiveSession(needs.findLiveSession, cookies.sessions(request));
  const isOfHint = hint !== undefined && (live === undefined || live.session.sid === hint.sid);
  // The user confirms on the home page, which has the sign-out button.
  if (live !== undefined && !isOfHint) return sendRedirect(response, 303, '/');
  if (hint !== undefined) await registry.end(hint.district, hint.sid);
  if (live !== undefined) {
    for (const { district, sid } of await verifySessions(tokens, cookies.sessions(request)))
      await registry.end(district, sid);
    cookies.clearSession(request, response);
    cookies.clearAttempts(request, response);
    cookies.clearRefusals(request, response);
  }
  return sendRedirect(response, 303, leadsTo);
}

/** Undefined for a request that contradicts itself, or whose redirect URI is registered for no client. */
async function readAsked({ issuer, clients, keys }: OidcLogoutNeeds, parameters: Parameters) {
  const { id_token_hint: token, client_id: clientId, post_logout_redirect_uri: wanted, state } = parameters;
  const given = token ? await readIdTokenHint(token, issuer, (await keys.jwks()).keys) : undefined;
  if (clientId && given && clientId !== given.clientId) return undefined;
  const client = await clients.find(clientId || given?.clientId || '');
  const hint = client === undefined ? undefined : given;
  if (!wanted) return { hint, leadsTo: '/signed-out' };
  if (client === undefined || !isRegisteredUri(wanted, client.postLogoutRedirectUris, client.isPublic))
    return undefined;
  const leadsTo = new URL(wanted);
  if (state) leadsTo.searchParams.set('state', state);
  return { hint, leadsTo: leadsTo.href };
}
