// Token routes for the main product with its credential: introspection (RFC 7662), revocation (RFC 7009), and the list
// of revocations for its own offline checks.
import type { Router } from 'express';
import type { FindLiveSession } from '../../session/live-session.ts';
import type { Revocations } from '../../session/revocations.ts';
import type { SessionRegistry } from '../../session/session-registry.ts';
import type { SessionTokens } from '../../session/session-token.ts';
import { isLogCursor } from '../../store/store.ts';
import { sendApiProblem, sendOAuthError } from '../kit/api-response.ts';
import type { AuthenticatedHandler, Guards } from '../kit/authenticate.ts';
import { readProtocolParameters } from '../kit/protocol-parameters.ts';
import { readForm } from '../kit/read-body.ts';
import { createRouter } from '../kit/router.ts';

interface TokenRoutesNeeds {
  readonly guards: Guards;
  readonly tokens: SessionTokens;
  readonly findLiveSession: FindLiveSession;
  readonly registry: SessionRegistry;
  readonly revocations: Revocations;
  readonly issuer: string;
  readonly audience: string;
}

/** Entries per response; a verifier that was offline follows the cursor. */
const pageSize = 1_000;

export function createTokenRoutes(needs: TokenRoutesNeeds): Router {
  const { guards } = needs;
  const router = createRouter();
  router.post('/oauth/introspect', guards.oauthClient(introspect(needs)));
  router.post('/oauth/revoke', guards.oauthClient(revoke(needs)));
  router.get('/session/revocations', guards.product(listRevocations(needs)));
  return router;
}

/** RFC 7662. */
function introspect({ findLiveSession, issuer, audience }: TokenRoutesNeeds): AuthenticatedHandler {
  return async (request, response) => {
    const { token } = await readForm(request, response);
    if (!isText(token)) return sendOAuthError(response, 400, 'invalid_request');
    const live = await findLiveSession(token);
    response.set('Cache-Control', 'no-store');
    // Section 2.2: for an inactive token nothing else is returned.
    if (live === undefined) return response.json({ active: false });
    const { sub, sid, jti, iat, exp, district, matched } = live.claims;
    const { role, position } = live.account;
    return response.json({
      active: true,
      iss: issuer,
      aud: audience,
      sub,
      sid,
      jti,
      iat,
      exp,
      district,
      role,
      position,
      matched,
    });
  };
}

/** RFC 7009. */
function revoke({ tokens, registry }: TokenRoutesNeeds): AuthenticatedHandler {
  return async (request, response) => {
    const { token } = await readForm(request, response);
    if (!isText(token)) return sendOAuthError(response, 400, 'invalid_request');
    const claims = await tokens.verify(token);
    if (claims !== undefined) await registry.end(claims.district, claims.sid);
    // Section 2.2: an unknown token counts as revoked.
    return response.status(200).set('Cache-Control', 'no-store').end();
  };
}

function listRevocations({ revocations }: TokenRoutesNeeds): AuthenticatedHandler {
  return async (request, response) => {
    const parameters = readProtocolParameters(request, ['after']);
    const after = parameters?.get('after') || undefined;
    if (parameters === undefined || (after !== undefined && !isLogCursor(after))) {
      return sendApiProblem(response, 'cursor_malformed', 'Send a cursor of an earlier answer, or none.');
    }
    const page = await revocations.read(after, pageSize);
    return response
      .set('Cache-Control', 'private, max-age=2')
      .json({ cursor: page.cursor, revocations: page.revocations });
  };
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
