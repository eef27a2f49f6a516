// The browser's routes of a sign-in: /login and the two callbacks. Translates requests and outcomes; sign-in/ owns the
// flow, and home-routes.ts what follows.
import { randomInt } from 'node:crypto';
import type { Request, RequestHandler, Response, Router } from 'express';
import { readReturnTo } from '../../identity/return-to.ts';
import type { App, Refused } from '../../outcome/outcome.ts';
import type { Code } from '../../outcome/outcome-codes.ts';
import { readError } from '../../sign-in/answer-callback.ts';
import type { BeginSignIn } from '../../sign-in/begin-sign-in.ts';
import type { CompleteSignIn, Outcome, RefusedAtCallback } from '../../sign-in/complete-sign-in.ts';
import type { KeptRefusals } from '../../sign-in/kept-refusals.ts';
import { type SignInEvent, toSignInEvent } from '../../sign-in/sign-in-event.ts';
import type { Start } from '../../sign-in/state.ts';
import type { Resume } from '../../trace/request-context.ts';
import type { Admission } from '../kit/admission.ts';
import type { Cookies } from '../kit/cookies.ts';
import { chooseLanguage } from '../kit/language.ts';
import { addressKeyOf, type ComesFrom } from '../kit/limits.ts';
import { callbackParameters, readProtocolParameters } from '../kit/protocol-parameters.ts';
import { inRequestOf } from '../kit/request-context.ts';
import { createRouter } from '../kit/router.ts';
import { type PageOptions, prefersProblem, sendRedirect } from '../kit/send-page.ts';
import { sendRefusal, sendStart } from '../kit/send-refusal.ts';

export interface SignInRoutesNeeds {
  readonly begin: BeginSignIn;
  readonly complete: CompleteSignIn;
  readonly admission: Pick<Admission, 'takes'>;
  readonly cookies: Cookies;
  readonly keptRefusals: Pick<KeptRefusals, 'seal' | 'openLatest'>;
  readonly report: (event: SignInEvent) => void;
  readonly productUrl: URL;
  readonly returnOrigins: readonly string[];
  readonly stateless: 'restart' | 'reject';
}

interface Wanted {
  readonly app: App;
  readonly start: Start;
  readonly districtId?: string | undefined;
  readonly returnTo?: string | undefined;
  /** A URL of the bridge itself, made by it: not checked as `returnTo` is. */
  readonly ownAddress?: string;
}

/** /login's own, and those of a callback: a link with two codes is not meant for /login. */
const loginParameters = ['app', 'district_id', 'return_to', ...callbackParameters];

/** Minimum and upper limit. */
const comeBackSeconds = [5, 15] as const;

export const callbackPaths: Readonly<Record<App, string>> = {
  'summit-k12': '/oauth/clever/callback',
  'secure-sync': '/oauth/clever/secure-sync/callback',
};

/** Begins a sign-in that returns to a URL of the bridge, as for an authorization request of a product. */
export const createStartSignIn =
  (needs: SignInRoutesNeeds) =>
  (request: Request, response: Response, ownAddress: string): Promise<void> =>
    start(needs, request, response, { app: 'summit-k12', start: 'login', ownAddress });

export function createSignInRoutes(needs: SignInRoutesNeeds): Router {
  const router = createRouter();
  router.get('/login', logIn(needs));
  for (const [app, path] of Object.entries(callbackPaths) as [App, string][]) {
    // A HEAD request would spend the code without showing the result. Express routes HEAD to GET handlers, so this
    // comes first.
    router.head(path, (_request, response) => void response.set('Allow', 'GET').sendStatus(405));
    router.get(path, callBack(needs, app));
  }
  router.get('/refused', showRefusal(needs));
  return router;
}

/** The last refusal of this browser, at a URL that contains nothing of it; after that, a new start. */
function showRefusal({ cookies, keptRefusals }: SignInRoutesNeeds): RequestHandler {
  return (request, response) => {
    const over = { kind: 'refused', code: 'sign_in_expired', audience: 'unknown' } as const;
    sendRefusal(request, response, keptRefusals.openLatest(cookies.refusals(request)) ?? over);
  };
}

function logIn(needs: SignInRoutesNeeds): RequestHandler {
  return async (request, response) => {
    const parameters = readProtocolParameters(request, loginParameters);
    // Empty fields of a form count as absent.
    const app = parameters && readApp(parameters.get('app') || 'summit-k12');
    const districtId = parameters?.get('district_id') || undefined;
    if (parameters === undefined || app === undefined || !/^[\w-]{0,64}$/.test(districtId ?? ''))
      return refuse(needs, request, response, 'malformed_request');
    const returnTo = parameters.get('return_to') ?? undefined;
    return start(needs, request, response, { app, start: 'login', districtId, returnTo });
  };
}

function callBack(needs: SignInRoutesNeeds, app: App): RequestHandler {
  return async (request, response) => {
    const parameters = readProtocolParameters(request, callbackParameters);
    if (parameters === undefined) return refuse(needs, request, response, 'malformed_request', app);
    if (!parameters.has('state')) return launch(needs, request, response, app, parameters);
    const began = performance.now();
    const from = comesFrom(request);
    const resume: Resume = (step) => inRequestOf(response, step);
    const ending = needs.complete({
      app,
      parameters,
      cookie: (attempt) => needs.cookies.attempt(request, attempt),
      refusal: (attempt) => needs.cookies.refusals(request).get(attempt),
      hasCookies: () => needs.cookies.hasAny(request),
      sessions: needs.cookies.everySession(request),
      // The limits have already logged that a proxy gave something that is no address.
      address: () => addressKeyOf(from, () => undefined),
      language: () => chooseLanguage(request),
      resume,
    });
    const outcome = await ending.catch((failure) => {
      resume(() => needs.report({ outcome: 'service_unavailable', app, durationMs: performance.now() - began }));
      throw failure;
    });
    resume(() => needs.report(toSignInEvent(outcome, app, performance.now() - began)));
    return answer(needs, request, response, outcome);
  };
}

/** Read before any await: a closed socket has no address. */
function comesFrom({ ip, socket: { remoteAddress } }: Request): ComesFrom {
  return { ip, socket: { remoteAddress } };
}

/**
 * Clever's portal and Instant Login arrive without state. Their code is never used: it may be another person's (login
 * CSRF).
 */
function launch(needs: SignInRoutesNeeds, request: Request, response: Response, app: App, parameters: URLSearchParams) {
  const error = parameters.get('error');
  if (error !== null) {
    const code = readError(error);
    return refuse(needs, request, response, code, app, { switchTo: `?error=${errorOf[code]}&` });
  }
  if (needs.stateless === 'reject') return sendStart(request, response, app);
  return start(needs, request, response, { app, start: 'portal' });
}

async function start(
  { begin, admission, cookies, productUrl, returnOrigins, report }: SignInRoutesNeeds,
  request: Request,
  response: Response,
  { returnTo, ownAddress, ...wanted }: Wanted,
): Promise<void> {
  if (!admission.takes()) return refuseOverloaded(request, response, wanted.app);
  const begun = await begin({
    ...wanted,
    returnTo: ownAddress ?? readReturnTo(returnTo, productUrl, returnOrigins),
  });
  if (begun.kind === 'refused') {
    inRequestOf(response, () => report({ ...begun.note, outcome: begun.code, app: wanted.app }));
    return sendRefusal(request, response, begun);
  }
  cookies.addAttempt(request, response, begun.attempt, begun.sealed);
  return sendRedirect(response, 302, begun.authorizationUrl);
}

/** Counted and not logged. Retry times are spread over several seconds. */
function refuseOverloaded(request: Request, response: Response, app: App): void {
  const refused = { kind: 'refused', code: 'service_unavailable', audience: 'unknown', app } as const;
  sendRefusal(request, response, refused, { retryAfterSeconds: randomInt(comeBackSeconds[0], comeBackSeconds[1]) });
}

function answer(needs: SignInRoutesNeeds, request: Request, response: Response, outcome: Outcome) {
  if (outcome.kind === 'refused') return answerRefused(needs, request, response, outcome);
  if (outcome.kind === 'signed-in') {
    needs.cookies.clearAttempt(response, outcome.attempt);
    needs.cookies.clearRefusals(request, response);
    needs.cookies.setSession(request, response, outcome.token, outcome.ttlSeconds);
  }
  return sendRedirect(response, 303, outcome.returnTo);
}

/** A page has its own URL, so that it can be reloaded; a program gets its problem directly. */
function answerRefused(
  { cookies, keptRefusals }: SignInRoutesNeeds,
  request: Request,
  response: Response,
  outcome: RefusedAtCallback,
) {
  if (outcome.endsSession) cookies.clearSession(request, response);
  if (outcome.attempt === undefined) return sendRefusal(request, response, outcome);
  cookies.keepRefusal(request, response, outcome.attempt, keptRefusals.seal(outcome.attempt, outcome));
  return prefersProblem(request, response)
    ? sendRefusal(request, response, outcome)
    : sendRedirect(response, 303, '/refused');
}

/** For the URL of the same page in another language: of Clever's parameters, only the kind of error. */
const errorOf = { app_not_shared: 'unauthorized_user', clever_denied: 'access_denied' } as const;

function refuse(
  { report }: SignInRoutesNeeds,
  request: Request,
  response: Response,
  code: Code,
  app?: App,
  options?: PageOptions,
): void {
  report({ outcome: code, ...(app === undefined ? {} : { app }) });
  const refused: Refused = { kind: 'refused', code, audience: 'unknown', ...(app === undefined ? {} : { app }) };
  sendRefusal(request, response, refused, options);
}

const readApp = (app: string): App | undefined => (app === 'summit-k12' || app === 'secure-sync' ? app : undefined);
