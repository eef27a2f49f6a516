// Who is signed in, and signing out: /, /logout, /signed-out. What the session is worth is session/'s.
import { type Request, type Response, type Router, urlencoded } from 'express';
import { h } from 'preact';
import type { FindLiveSession, LiveSession } from '../../session/live-session.ts';
import type { SessionRegistry } from '../../session/session-registry.ts';
import type { Cookies } from '../cookies.ts';
import { createRouter } from '../create-router.ts';
import { HomePage } from '../pages/home-page.tsx';
import { SignedInPage } from '../pages/signed-in-page.tsx';
import { SignedOutPage } from '../pages/signed-out-page.tsx';
import { isSameOrigin } from '../same-origin.ts';
import { sendPage } from '../send-page.ts';
import { sendRedirect } from '../send-redirect.ts';
import { sendForbidden } from '../send-refusal.ts';

export interface HomeRoutesNeeds {
  readonly findLiveSession: FindLiveSession;
  readonly registry: Pick<SessionRegistry, 'end'>;
  readonly cookies: Cookies;
  readonly formToken: FormToken;
  readonly publicUrl: URL;
  readonly productUrl: URL;
}

/** Made from the session id; proves that a sign-out form is ours. */
export interface FormToken {
  make(sid: string): string;
  /** In constant time. */
  fits(token: string, sid: string): boolean;
}

export function createHomeRoutes(needs: HomeRoutesNeeds): Router {
  const { findLiveSession, registry, cookies, formToken, publicUrl, productUrl } = needs;
  const router = createRouter();

  router.get('/', async (request, response) => {
    const live = await findLiveSession(cookies.session(request));
    sendPage(request, response, 200, (language) =>
      live === undefined ? h(HomePage, { language }) : h(SignedInPage, { ...welcome(live), language }),
    );
  });

  const welcome = ({ session, account }: LiveSession) => ({
    name: `${account.givenName} ${account.familyName}`.trim(),
    role: account.role,
    productUrl: productUrl.href,
    logoutField: { name: 'form', value: formToken.make(session.sid) },
  });

  router.post('/logout', urlencoded({ extended: false, limit: '2kb' }), async (request, response) => {
    // The browser forgets also when the store is silent: on a shared device the next child must not find this session.
    if (isSameOrigin(request, publicUrl.origin, false)) forget(request, response);
    const live = await findLiveSession(cookies.session(request));
    const given: unknown = request.body?.form;
    const hasFormToken = live !== undefined && typeof given === 'string' && formToken.fits(given, live.session.sid);
    if (!isSameOrigin(request, publicUrl.origin, hasFormToken)) return sendForbidden(request, response);
    if (live !== undefined) await registry.end(live.session.districtId, live.session.sid);
    if (hasFormToken) forget(request, response);
    return sendRedirect(response, 303, '/signed-out');
  });

  function forget(request: Request, response: Response) {
    response.removeHeader('Set-Cookie');
    cookies.clearSession(response);
    cookies.clearAttempts(request, response);
  }

  router.get('/signed-out', (request, response) =>
    sendPage(request, response, 200, (language) => h(SignedOutPage, { language })),
  );

  return router;
}
