// The browser's side of a sign-in: /login, the two callbacks, /, /logout, /signed-out. Translates requests and outcomes;
// the story is in sign-in/.
import { randomInt } from 'node:crypto';
import { type Request, type Response, type Router, urlencoded } from 'express';
import { h } from 'preact';
import { readReturnTo } from '../../identity/return-to.ts';
import type { FindLiveSession, LiveSession } from '../../session/live-session.ts';
import type { SessionRegistry } from '../../session/session-registry.ts';
import type { BeginSignIn } from '../../sign-in/begin-sign-in.ts';
import { type CompleteSignIn, type Outcome, readError } from '../../sign-in/complete-sign-in.ts';
import type { App, Code, Refused } from '../../sign-in/outcome.ts';
import { type SignInEvent, toSignInEvent } from '../../sign-in/sign-in-event.ts';
import type { Start } from '../../sign-in/state.ts';
import type { Admission } from '../admission.ts';
import type { Cookies } from '../cookies.ts';
import { createRouter } from '../create-router.ts';
import { HomePage } from '../pages/home-page.tsx';
import { SignedInPage } from '../pages/signed-in-page.tsx';
import { SignedOutPage } from '../pages/signed-out-page.tsx';
import { readProtocolParameters } from '../protocol-parameters.ts';
import { isSameOrigin } from '../same-origin.ts';
import { sendPage } from '../send-page.ts';
import { sendRedirect } from '../send-redirect.ts';
import { sendForbidden, sendRefusal, sendStart } from '../send-refusal.ts';

export interface SignInRoutesNeeds {
  readonly begin: BeginSignIn;
  readonly complete: CompleteSignIn;
  readonly admission: Pick<Admission, 'takes' | 'during'>;
  readonly findLiveSession: FindLiveSession;
  readonly registry: Pick<SessionRegistry, 'end'>;
  readonly cookies: Cookies;
  /** Made from the session id; proves that a sign-out form is ours. */
  readonly formToken: FormToken;
  readonly tell: (event: SignInEvent) => void;
  readonly publicUrl: URL;
  readonly productUrl: URL;
  readonly returnOrigins: readonly string[];
  readonly stateless: 'restart' | 'reject';
}

export interface FormToken {
  make(sid: string): string;
  /** In constant time. */
  fits(token: string, sid: string): boolean;
}

/** From and below. */
const comeBackSeconds = [5, 15] as const;

export const callbackPaths: Readonly<Record<App, string>> = {
  'summit-k12': '/oauth/clever/callback',
  'secure-sync': '/oauth/clever/secure-sync/callback',
};

export function createSignInRoutes(needs: SignInRoutesNeeds): Router {
  const { begin, complete, admission, findLiveSession, registry, cookies, formToken, publicUrl, productUrl } = needs;
  const router = createRouter();

  router.get('/login', async (request, response) => {
    const parameters = readProtocolParameters(request);
    const app = parameters && readApp(parameters.get('app'));
    const districtId = parameters?.get('district_id') ?? undefined;
    if (parameters === undefined || app === undefined || !/^[\w-]{0,64}$/.test(districtId ?? ''))
      return refuse(request, response, 'malformed_request');
    return start(request, response, {
      app,
      start: 'login',
      districtId,
      returnTo: parameters.get('return_to') ?? undefined,
    });
  });

  for (const [app, path] of Object.entries(callbackPaths) as [App, string][]) {
    // A HEAD request would spend the code and keep the answer from the person. Express hands HEAD to GET routes, so this
    // stands before.
    router.head(path, (_request, response) => void response.set('Allow', 'GET').sendStatus(405));
    router.get(path, async (request, response) => {
      const parameters = readProtocolParameters(request);
      if (parameters === undefined) return refuse(request, response, 'malformed_request', app);
      if (!parameters.has('state')) return launch(request, response, app, parameters);
      const began = performance.now();
      const ending = admission.during(
        complete({
          app,
          parameters,
          cookie: (attempt) => cookies.attempt(request, attempt),
          hasCookies: cookies.hasAny(request),
          session: cookies.session(request),
        }),
      );
      const outcome = await ending.catch((failure) => {
        needs.tell({ outcome: 'service_unavailable', app, durationMs: performance.now() - began });
        throw failure;
      });
      needs.tell(toSignInEvent(outcome, app, performance.now() - began));
      return answer(request, response, outcome);
    });
  }

  /** Clever's portal and Instant Login arrive without state. Their code is never used: it may be somebody else's (login CSRF). */
  function launch(request: Request, response: Response, app: App, parameters: URLSearchParams) {
    const error = parameters.get('error');
    if (error !== null) return refuse(request, response, readError(error), app);
    if (needs.stateless === 'reject') return sendStart(request, response, app);
    return start(request, response, { app, start: 'portal' });
  }

  interface Wanted {
    readonly app: App;
    readonly start: Start;
    readonly districtId?: string | undefined;
    readonly returnTo?: string | undefined;
  }

  async function start(request: Request, response: Response, { returnTo, ...wanted }: Wanted) {
    if (!admission.takes()) return turnAway(request, response, wanted.app);
    const begun = await begin({ ...wanted, returnTo: readReturnTo(returnTo, productUrl, needs.returnOrigins) });
    if (begun.kind === 'refused') {
      needs.tell({ outcome: begun.code, app: wanted.app });
      return sendRefusal(request, response, begun);
    }
    cookies.addAttempt(request, response, begun.attempt, begun.sealed);
    return sendRedirect(response, 302, begun.authorizationUrl);
  }

  /** Counted and not logged. Not all come back at the same second. */
  function turnAway(request: Request, response: Response, app: App) {
    const refused = { kind: 'refused', code: 'service_unavailable', audience: 'unknown', app } as const;
    return sendRefusal(request, response, refused, {
      retryAfterSeconds: randomInt(comeBackSeconds[0], comeBackSeconds[1]),
    });
  }

  function answer(request: Request, response: Response, outcome: Outcome) {
    if (outcome.kind !== 'continue' && outcome.attempt !== undefined) cookies.clearAttempt(response, outcome.attempt);
    if (outcome.kind === 'refused') {
      if (outcome.endsSession) cookies.clearSession(response);
      return sendRefusal(request, response, outcome);
    }
    if (outcome.kind === 'signed-in') cookies.setSession(response, outcome.token, outcome.ttlSeconds);
    return sendRedirect(response, 303, outcome.returnTo);
  }

  const refuse = (request: Request, response: Response, code: Code, app?: App) => {
    needs.tell({ outcome: code, ...(app === undefined ? {} : { app }) });
    const refused: Refused = { kind: 'refused', code, audience: 'unknown', ...(app === undefined ? {} : { app }) };
    return sendRefusal(request, response, refused);
  };

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

  function forget(request: Request, response: Response) {
    response.removeHeader('Set-Cookie');
    cookies.clearSession(response);
    cookies.clearAttempts(request, response);
  }

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

  router.get('/signed-out', (request, response) =>
    sendPage(request, response, 200, (language) => h(SignedOutPage, { language })),
  );

  return router;
}

const readApp = (app: string | null): App | undefined =>
  app === null || app === 'summit-k12' ? 'summit-k12' : app === 'secure-sync' ? 'secure-sync' : undefined;
