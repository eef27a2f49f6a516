// The browser's side of a sign-in: /login and the two callbacks. Translates requests and outcomes; the story is in
// sign-in/, and what comes after it in home-routes.ts.
import { randomInt } from 'node:crypto';
import type { Request, Response, Router } from 'express';
import { readReturnTo } from '../../identity/return-to.ts';
import type { BeginSignIn } from '../../sign-in/begin-sign-in.ts';
import { type CompleteSignIn, type Outcome, readError } from '../../sign-in/complete-sign-in.ts';
import type { App, Code, Refused } from '../../sign-in/outcome.ts';
import { type SignInEvent, toSignInEvent } from '../../sign-in/sign-in-event.ts';
import type { Start } from '../../sign-in/state.ts';
import type { Admission } from '../admission.ts';
import type { Cookies } from '../cookies.ts';
import { createRouter } from '../create-router.ts';
import { readProtocolParameters } from '../protocol-parameters.ts';
import { sendRedirect } from '../send-redirect.ts';
import { sendRefusal, sendStart } from '../send-refusal.ts';

export interface SignInRoutesNeeds {
  readonly begin: BeginSignIn;
  readonly complete: CompleteSignIn;
  readonly admission: Pick<Admission, 'takes' | 'during'>;
  readonly cookies: Cookies;
  readonly tell: (event: SignInEvent) => void;
  readonly productUrl: URL;
  readonly returnOrigins: readonly string[];
  readonly stateless: 'restart' | 'reject';
}

interface Wanted {
  readonly app: App;
  readonly start: Start;
  readonly districtId?: string | undefined;
  readonly returnTo?: string | undefined;
}

/** From and below. */
const comeBackSeconds = [5, 15] as const;

export const callbackPaths: Readonly<Record<App, string>> = {
  'summit-k12': '/oauth/clever/callback',
  'secure-sync': '/oauth/clever/secure-sync/callback',
};

export function createSignInRoutes(needs: SignInRoutesNeeds): Router {
  const { begin, complete, admission, cookies } = needs;
  const router = createRouter();

  router.get('/login', async (request, response) => {
    const parameters = readProtocolParameters(request);
    // Empty, as a form leaves what was not filled in, is not given.
    const app = parameters && readApp(parameters.get('app') || 'summit-k12');
    const districtId = parameters?.get('district_id') || undefined;
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

  async function start(request: Request, response: Response, { returnTo, ...wanted }: Wanted) {
    if (!admission.takes()) return turnAway(request, response, wanted.app);
    const begun = await begin({ ...wanted, returnTo: readReturnTo(returnTo, needs.productUrl, needs.returnOrigins) });
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

  return router;
}

const readApp = (app: string): App | undefined => (app === 'summit-k12' || app === 'secure-sync' ? app : undefined);
