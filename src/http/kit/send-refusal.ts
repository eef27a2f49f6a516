// Sends errors: a page for browsers, RFC 9457 for programs. The only place where a refusal, a missing page or an
// internal error leaves the process.
import type { Request, Response } from 'express';
import { h } from 'preact';
import { type Language, texts } from '../../outcome/languages.ts';
import type { App, Refused } from '../../outcome/outcome.ts';
import { outcomeCodes } from '../../outcome/outcome-codes.ts';
import { problemDocument } from '../../outcome/refusal-texts.ts';
import { noteOnRequest } from '../../trace/request-context.ts';
import { type DeadEndKind, DeadEndPage } from '../pages/dead-end-page.tsx';
import { InternalErrorPage } from '../pages/internal-error-page.tsx';
import { RefusalPage } from '../pages/refusal-page.tsx';
import { StartPage } from '../pages/start-page.tsx';
import { type Page, type PageOptions, prefersProblem, sendPage, sendProblem } from './send-page.ts';

interface RefusalOptions extends PageOptions {
  /** Whole seconds for Retry-After, if the caller has a better value than the table. */
  readonly retryAfterSeconds?: number;
}

export function sendRefusal(request: Request, response: Response, refused: Refused, options: RefusalOptions = {}) {
  const { status, retryAfterSeconds } = { ...outcomeCodes[refused.code], ...options };
  if (retryAfterSeconds !== undefined) response.set('Retry-After', String(Math.ceil(retryAfterSeconds)));
  noteOnRequest({ 'sso_bridge.outcome': refused.code });
  answer(request, response, status, {
    page: (frame) => h(RefusalPage, { refused, frame }),
    problem: (language) => problemDocument(refused, language),
    options,
  });
}

/** For a launch without state with CLEVER_STATELESS "reject"; for a program it is `sign_in_expired`. */
export function sendStart(request: Request, response: Response, app: App) {
  const refused: Refused = { kind: 'refused', code: 'sign_in_expired', audience: 'unknown', app };
  answer(request, response, 400, {
    page: (frame) => h(StartPage, { app, frame }),
    problem: (language) => problemDocument(refused, language),
  });
}

export function sendNotFound(request: Request, response: Response) {
  sendDeadEnd(request, response, 404, 'notFound');
}

/** RFC 9110 section 15.5.6: the caller sets `Allow` to the supported methods. */
export function sendMethodNotAllowed(request: Request, response: Response) {
  sendDeadEnd(request, response, 405, 'otherMethod');
}

/** For a form from another site: no outcome of a sign-in, so it has no code. */
export function sendForbidden(request: Request, response: Response) {
  sendDeadEnd(request, response, 403, 'forbidden');
}

/** Contains nothing about the error. */
export function sendInternalError(request: Request, response: Response) {
  answer(request, response, 500, {
    page: (frame) => h(InternalErrorPage, { frame }),
    problem: (language) => withoutCode(500, texts[language].codes.service_unavailable.adult),
  });
}

function sendDeadEnd(request: Request, response: Response, status: number, kind: DeadEndKind) {
  answer(request, response, status, {
    page: (frame) => h(DeadEndPage, { kind, frame }),
    problem: (language) => withoutCode(status, texts[language].pages[kind]),
  });
}

interface Answer {
  readonly page: Page;
  readonly problem: (language: Language) => object;
  readonly options?: PageOptions;
}

function answer(request: Request, response: Response, status: number, { page, problem, options }: Answer) {
  if (prefersProblem(request, response)) sendProblem(request, response, status, problem);
  else sendPage(request, response, status, page, options);
}

/** RFC 9457 section 4.2.1: a problem that the status alone describes. */
function withoutCode(status: number, texts: { readonly heading: string; readonly what: string }) {
  return { type: 'about:blank', title: texts.heading, status, detail: texts.what };
}
