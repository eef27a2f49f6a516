// Sends pages in the visitor's language, and redirects; without caching, because they depend on who is signed in.
import type { Request, Response } from 'express';
import type { JSX } from 'preact';
import { renderToStaticMarkup } from 'preact-render-to-string';
import { type Language, texts } from '../../outcome/languages.ts';
import type { Frame } from '../pages/frame.ts';
import { chooseLanguage } from './language.ts';

export type Page = (frame: Frame) => JSX.Element;

/** The app setting that holds SUPPORT_CONTACT. */
export const supportContact = 'support contact';

export interface PageOptions {
  /** The URL of the page in another language, if different from the requested one. */
  readonly switchTo?: string;
}

export function sendPage(
  request: Request,
  response: Response,
  status: number,
  page: Page,
  { switchTo = switchOf(request) }: PageOptions = {},
): void {
  const language = prepare(request, response, status);
  const frame = { language, switchTo, contact: request.app.get(supportContact), now: Date.now() };
  response.type('html').send(`<!DOCTYPE html>${renderToStaticMarkup(page(frame))}`);
}

/** The URL of a callback is not repeated: it contains a code, and a second request may be refused. */
function switchOf({ method, path }: Request): string {
  if (path.startsWith('/oauth/')) return '/refused?';
  return method === 'GET' || method === 'HEAD' ? '?' : '/?';
}

/** RFC 9457. */
export function sendProblem(
  request: Request,
  response: Response,
  status: number,
  body: (language: Language) => object,
) {
  const language = prepare(request, response, status);
  response.type('application/problem+json').send(JSON.stringify(body(language)));
}

const routesForPrograms = /^\/(session|oauth\/(introspect|revoke)|districts|\.well-known)(\/|$)/;
const forPrograms = ['application/problem+json', 'application/json', 'text/html'];
const forBrowsers = ['text/html', 'application/problem+json', 'application/json'];

/**
 * The preferred content type (RFC 9110 section 12.5.1); for clients that accept anything, a page where browsers come
 * without a credential.
 */
export function prefersProblem(request: Request, response: Response): boolean {
  response.vary('Accept');
  const isProgram = routesForPrograms.test(request.path) || request.get('authorization') !== undefined;
  const preferred = request.accepts(isProgram ? forPrograms : forBrowsers);
  return preferred === 'application/problem+json' || preferred === 'application/json';
}

function prepare(request: Request, response: Response, status: number): Language {
  const language = chooseLanguage(request);
  response.vary('Accept-Language');
  response.status(status).set({ 'Cache-Control': 'no-store', 'Content-Language': texts[language].tag });
  return language;
}

/**
 * Without a body, which no browser shows and for which Express would negotiate a type.
 * @param status 302 to a URL at Clever, 303 after an action (RFC 9110 section 15.4.4), 308 to a normalized path
 */
export function sendRedirect(response: Response, status: 302 | 303 | 308, address: string): void {
  response.status(status).set('Cache-Control', 'no-store').location(address).end();
}
