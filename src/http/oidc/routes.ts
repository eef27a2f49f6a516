// The routes of the OpenID provider. oidc-provider answers; the bridge adds: visitors without a session go to Clever, a
// request without a valid redirect gets a page, and an unresponsive store is reported as everywhere else.
import type { NextFunction, Request, RequestHandler, Response, Router } from 'express';
import { type Ending, type OpenIdProvider, oidcPaths } from '../../oidc/provider-port.ts';
import { jwksLifeSeconds, type SigningKeys } from '../../session/signing-keys.ts';
import { createRouter } from '../kit/router.ts';
import { sendRefusal } from '../kit/send-refusal.ts';

interface OidcRoutesNeeds {
  /** The provider for the current keys; loaded on demand. */
  readonly provider: () => Promise<OpenIdProvider>;
  readonly keys: Pick<SigningKeys, 'jwks'>;
  /** Begins a sign-in that returns to the path. */
  readonly startSignIn: (request: Request, response: Response, returnTo: string) => Promise<void>;
  readonly report: (answer: OidcAnswer) => void;
}

export interface OidcAnswer {
  readonly endpoint: 'authorize' | 'token' | 'userinfo' | 'discovery';
  readonly answer: 'done' | 'sign_in' | 'refused' | 'failed';
}

export function createOidcRoutes(needs: OidcRoutesNeeds): Router {
  const router = createRouter();
  const cacheable = `public, max-age=${jwksLifeSeconds}`;
  router.get('/.well-known/openid-configuration', answer(needs, 'discovery'));
  router.get(oidcPaths.jwks, async (_request, response) => {
    response
      .set('Cache-Control', cacheable)
      .type('application/jwk-set+json')
      .send(JSON.stringify(await needs.keys.jwks()));
  });
  // A HEAD request would create an unused code. Express routes HEAD to GET handlers, so this comes first.
  router.head(oidcPaths.authorization, (_request, response) => void response.set('Allow', 'GET, POST').sendStatus(405));
  router.get(oidcPaths.authorization, answer(needs, 'authorize'));
  router.post(oidcPaths.authorization, answer(needs, 'authorize'));
  router.post(oidcPaths.token, answer(needs, 'token'));
  router.post(oidcPaths.userinfo, answer(needs, 'userinfo'));
  router.get(oidcPaths.userinfo, answer(needs, 'userinfo'));
  return router;
}

function answer(needs: OidcRoutesNeeds, endpoint: OidcAnswer['endpoint']): RequestHandler {
  return async (request, response, next) => {
    // Called by programs, whatever Accept they send: their errors are no pages.
    if (endpoint !== 'authorize') request.headers.accept = 'application/json';
    const provider = await needs.provider();
    const ending = await provider.handle(request, response);
    needs.report({ endpoint, answer: kindOf(ending, response) });
    if (ending !== undefined) await end(needs, ending, request, response, next);
  };
}

function kindOf(ending: Ending | undefined, response: Response): OidcAnswer['answer'] {
  if (ending?.kind === 'sign-in') return 'sign_in';
  if (ending?.kind === 'failure') return 'failed';
  const location = String(response.get('Location') ?? '');
  const isRefused = ending !== undefined || response.statusCode >= 400 || /[?&]error=/.test(location);
  return isRefused ? 'refused' : 'done';
}

async function end(
  { startSignIn }: OidcRoutesNeeds,
  ending: Ending,
  request: Request,
  response: Response,
  next: NextFunction,
): Promise<void> {
  if (ending.kind === 'failure') return next(ending.failure);
  if (ending.kind === 'sign-in' && ending.returnTo !== undefined)
    return startSignIn(request, response, ending.returnTo);
  return sendRefusal(request, response, { kind: 'refused', code: 'malformed_request', audience: 'unknown' });
}
