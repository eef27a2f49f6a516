// Routes for the main product: the published keys, the metadata, and the state and user of a session.
import type { Request, RequestHandler, Response, Router } from 'express';
import { findOnlyLiveSession } from '../../session/browser-sessions.ts';
import type { FindLiveSession, LiveSession } from '../../session/live-session.ts';
import { jwksLifeSeconds, type SigningKeys } from '../../session/signing-keys.ts';
import { isOtherScheme } from '../../verifier/session-cookies.ts';
import { sendApiProblem } from '../kit/api-response.ts';
import type { Cookies } from '../kit/cookies.ts';
import { readProtocolParameters } from '../kit/protocol-parameters.ts';
import { createRouter } from '../kit/router.ts';

interface SessionRoutesNeeds {
  readonly keys: SigningKeys;
  readonly findLiveSession: FindLiveSession;
  readonly cookies: Cookies;
  readonly publicUrl: URL;
}

const cacheable = `public, max-age=${jwksLifeSeconds}`;

export function createSessionRoutes(needs: SessionRoutesNeeds): Router {
  const router = createRouter();
  router.get('/.well-known/jwks.json', publishKeys(needs));
  router.get('/.well-known/oauth-authorization-server', publishMetadata(needs));
  router.get('/session', checkSession(needs));
  return router;
}

function publishKeys({ keys }: SessionRoutesNeeds): RequestHandler {
  return async (_request, response) => {
    response
      .set('Cache-Control', cacheable)
      .type('application/jwk-set+json')
      .send(JSON.stringify(await keys.jwks()));
  };
}

/** RFC 8414, for the session token. Products that use OpenID Connect have /.well-known/openid-configuration. */
function publishMetadata({ publicUrl: { origin: issuer } }: SessionRoutesNeeds): RequestHandler {
  return (_request, response) => {
    response.set('Cache-Control', cacheable).json({
      issuer,
      jwks_uri: `${issuer}/.well-known/jwks.json`,
      response_types_supported: [],
      introspection_endpoint: `${issuer}/oauth/introspect`,
      introspection_endpoint_auth_methods_supported: ['client_secret_basic'],
      revocation_endpoint: `${issuer}/oauth/revoke`,
      revocation_endpoint_auth_methods_supported: ['client_secret_basic'],
    });
  };
}

function checkSession({ findLiveSession, cookies }: SessionRoutesNeeds): RequestHandler {
  return async (request, response) => {
    response.set('Cache-Control', 'no-store').vary('Authorization').vary('Cookie');
    // A proxy that adds the visitor's path to the query must not get a 200 that names no account.
    const headers = readProtocolParameters(request, ['headers'])?.get('headers');
    if (headers !== null && headers !== '1')
      return sendApiProblem(response, 'malformed_request', 'headers is 1, once, or left out.');
    const sent = cookies.sessions(request);
    const bearer = readBearer(request, sent.length > 0);
    const live = await (bearer === undefined ? findOnlyLiveSession(findLiveSession, sent) : findLiveSession(bearer));
    if (live === undefined) {
      // RFC 6750 section 3: a request without a token gets no error code.
      const challenge =
        bearer === undefined ? 'Bearer realm="session"' : 'Bearer realm="session", error="invalid_token"';
      response.status(401).set('WWW-Authenticate', challenge).json({ active: false });
      return;
    }
    if (headers === '1') setHeaders(response, live);
    response.json(describeSession(live));
  };
}

/** For a proxy that checks before it forwards a request (nginx auth_request, Traefik forwardAuth). */
function setHeaders(response: Response, { session, account }: LiveSession): void {
  response.set({
    'X-Auth-Account': account.accountId,
    'X-Auth-District': session.districtId,
    'X-Auth-Role': account.role,
    ...(account.position && { 'X-Auth-Position': account.position }),
  });
}

const describeSession = ({ session, account }: LiveSession) => ({
  active: true,
  account: {
    id: account.accountId,
    district: session.districtId,
    role: account.role,
    position: account.position,
    given_name: account.givenName,
    family_name: account.familyName,
    sis_id: account.sisId,
  },
  session: {
    id: session.sid,
    issued_at: new Date(session.issuedAt * 1000).toISOString(),
    expires_at: new Date(session.expiresAt * 1000).toISOString(),
  },
});

/**
 * RFC 6750 section 2.1. A malformed header counts as an invalid token, never as a missing one; credentials for a proxy
 * in front are ignored beside a session cookie.
 */
function readBearer(request: Request, hasCookies: boolean): string | undefined {
  const header = request.get('authorization');
  if (header === undefined || (hasCookies && isOtherScheme(header))) return undefined;
  return /^Bearer +([\w.~+/-]+=*) *$/i.exec(header)?.[1] ?? '';
}
