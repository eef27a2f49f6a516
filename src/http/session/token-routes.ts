// What the main product asks about tokens with its credential: introspection (RFC 7662), revocation (RFC 7009), and the
// list of what ended for its own offline checks.
import type { Router } from 'express';
import type { FindLiveSession } from '../../session/live-session.ts';
import type { Revocations } from '../../session/revocations.ts';
import type { SessionRegistry } from '../../session/session-registry.ts';
import type { SessionTokens } from '../../session/session-token.ts';
import { sendApiProblem } from '../api-problem.ts';
import type { Guards } from '../authenticate.ts';
import { createRouter } from '../create-router.ts';
import { sendOAuthError } from '../oauth-error.ts';
import { readProtocolParameters } from '../protocol-parameters.ts';
import { readForm } from '../read-form.ts';

export interface TokenRoutesNeeds {
  readonly guards: Guards;
  readonly tokens: SessionTokens;
  readonly findLiveSession: FindLiveSession;
  readonly registry: SessionRegistry;
  readonly revocations: Revocations;
  readonly isRevocationCursor: (text: string) => boolean;
  readonly issuer: string;
  readonly audience: string;
}

/** Entries of one answer; a checker that was away follows the cursor. */
const pageSize = 1_000;

export function createTokenRoutes(needs: TokenRoutesNeeds): Router {
  const { guards, tokens, findLiveSession, registry, revocations, isRevocationCursor, issuer, audience } = needs;
  const router = createRouter();

  router.post(
    '/oauth/introspect',
    guards.oauthClient(async (request, response) => {
      const { token } = await readForm(request, response);
      if (!isText(token)) return sendOAuthError(response, 400, 'invalid_request');
      const [claims, live] = await Promise.all([tokens.verify(token), findLiveSession(token)]);
      response.set('Cache-Control', 'no-store');
      // RFC 7662 section 2.2: of a token that is not live nothing else is told.
      if (claims === undefined || live === undefined) return response.json({ active: false });
      const { sub, sid, jti, iat, exp, district, matched } = claims;
      const { role } = live.account;
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
        matched,
      });
    }),
  );

  router.post(
    '/oauth/revoke',
    guards.oauthClient(async (request, response) => {
      const { token } = await readForm(request, response);
      if (!isText(token)) return sendOAuthError(response, 400, 'invalid_request');
      const claims = await tokens.verify(token);
      if (claims !== undefined) await registry.end(claims.district, claims.sid);
      // RFC 7009 section 2.2: a token that is not known is as good as revoked.
      return response.status(200).set('Cache-Control', 'no-store').end();
    }),
  );

  router.get(
    '/session/revocations',
    guards.product(async (request, response) => {
      const parameters = readProtocolParameters(request);
      const after = parameters?.get('after') || undefined;
      if (parameters === undefined || (after !== undefined && !isRevocationCursor(after))) {
        return sendApiProblem(response, 'cursor_malformed', 'Send a cursor of an earlier answer, or none.');
      }
      const page = await revocations.read(after, pageSize);
      return response
        .set('Cache-Control', 'private, max-age=2')
        .json({ cursor: page.cursor, revocations: page.revocations });
    }),
  );

  return router;
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
