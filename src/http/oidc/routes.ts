// The OpenID provider's addresses. Answers are oidc-provider's; here is what the bridge adds: nobody signed in goes to Clever,
// a request that can be answered to nobody gets a page, and a silent store is said as everywhere.
import type { NextFunction, Request, RequestHandler, Response, Router } from 'express';
import { type Ending, type OpenIdProvider, oidcPaths } from '../../oidc/provider-port.ts';
import type { SigningKeys } from '../../session/signing-keys.ts';
import { jwksLifeSeconds } from '../../session/signing-keys.ts';
import { createRouter } from '../kit/create-router.ts';
import { sendRefusal } from '../kit/send-refusal.ts';

export interface OidcRoutesNeeds {
  /** The provider for today's keys; loaded when it is asked for. */
  readonly provider: () => Promise<OpenIdProvider>;
  readonly keys: Pick<SigningKeys, 'jwks'>;
  /** Begins a sign-in that comes back to the path. */
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
  // A HEAD request would make a code that nobody gets. Express hands HEAD to GET routes, so this stands before.
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
    // Asked by programs, whatever they say that they accept: an error of theirs is no page.
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
