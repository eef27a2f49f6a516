// The signed-in visitor, and sign-out: /, /logout, /signed-out. session/ validates the session.
import { type Request, type Response, type Router, urlencoded } from 'express';
import { h } from 'preact';
import { findOnlyLiveSession, verifySessions } from '../../session/browser-sessions.ts';
import type { FindLiveSession, LiveSession } from '../../session/live-session.ts';
import type { SessionRegistry } from '../../session/session-registry.ts';
import type { SessionTokens } from '../../session/session-token.ts';
import type { Cookies } from '../kit/cookies.ts';
import { type FormToken, isSameOrigin } from '../kit/csrf.ts';
import { createRouter } from '../kit/router.ts';
import { sendPage, sendRedirect } from '../kit/send-page.ts';
import { sendForbidden } from '../kit/send-refusal.ts';
import { HomePage } from '../pages/home-page.tsx';
import { SignedInPage } from '../pages/signed-in-page.tsx';
import { SignedOutPage } from '../pages/signed-out-page.tsx';

interface HomeRoutesNeeds {
  readonly findLiveSession: FindLiveSession;
  readonly tokens: Pick<SessionTokens, 'verify'>;
  readonly registry: Pick<SessionRegistry, 'end'>;
  readonly cookies: Cookies;
  readonly formToken: FormToken;
  /** Whether the user has access to the district pages at /district. */
  readonly isDistrictVisitor: (live: LiveSession) => Promise<boolean>;
  readonly publicUrl: URL;
  readonly productUrl: URL;
}

export function createHomeRoutes(needs: HomeRoutesNeeds): Router {
  const { findLiveSession, tokens, registry, cookies, formToken, publicUrl, productUrl } = needs;
  const router = createRouter();

  const findLive = (request: Request) => findOnlyLiveSession(findLiveSession, cookies.sessions(request));

  router.get('/', async (request, response) => {
    const live = await findLive(request);
    const hasDistrictPages = live !== undefined && (await needs.isDistrictVisitor(live));
    sendPage(request, response, 200, (frame) =>
      live === undefined ? h(HomePage, { frame }) : h(SignedInPage, { ...welcome(live), hasDistrictPages, frame }),
    );
  });

  const welcome = ({ session, account }: LiveSession) => ({
    name: `${account.givenName} ${account.familyName}`.trim(),
    role: account.role,
    productUrl: productUrl.href,
    logoutField: { name: 'form', value: formToken.make(session.sid) },
  });

  router.post('/logout', urlencoded({ extended: false, limit: '2kb' }), async (request, response) => {
    // The browser's cookie is removed even if the store does not answer: on a shared device the next student must not
    // find this session.
    if (isSameOrigin(request, publicUrl.origin, false)) forget(request, response);
    const live = await findLive(request);
    const given: unknown = request.body?.form;
    const hasFormToken = live !== undefined && typeof given === 'string' && formToken.fits(given, live.session.sid);
    if (!isSameOrigin(request, publicUrl.origin, hasFormToken)) return sendForbidden(request, response);
    for (const { district, sid } of await verifySessions(tokens, cookies.everySession(request)))
      await registry.end(district, sid);
    if (hasFormToken) forget(request, response);
    return sendRedirect(response, 303, '/signed-out');
  });

  function forget(request: Request, response: Response) {
    response.removeHeader('Set-Cookie');
    cookies.clearSession(request, response);
    cookies.clearAttempts(request, response);
    cookies.clearRefusals(request, response);
  }

  router.get('/signed-out', (request, response) =>
    sendPage(request, response, 200, (frame) => h(SignedOutPage, { frame })),
  );

  return router;
}
