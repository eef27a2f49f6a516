// Selects a visitor's language: `?lang=`, then the cookie set by it, then Accept-Language, then English.
import { parse } from 'cookie';
import type { Request, RequestHandler } from 'express';
import { isLanguage, type Language, languages } from '../../outcome/languages.ts';

const name = 'lang';
const yearMs = 365 * 86_400_000;

export function chooseLanguage(request: Request): Language {
  const kept = parse(request.headers.cookie ?? '')[name];
  return languageInQuery(request) ?? (kept !== undefined && isLanguage(kept) ? kept : languageOfBrowser(request));
}

/** Stores the choice of a page's language switch, also across the redirect to Clever and back. */
export function createKeepLanguage(secure: boolean): RequestHandler {
  return (request, response, next) => {
    const chosen = request.method === 'GET' ? languageInQuery(request) : undefined;
    if (chosen !== undefined)
      response.cookie(name, chosen, { httpOnly: true, secure, sameSite: 'lax', path: '/', maxAge: yearMs });
    next();
  };
}

/** Undefined if it is not supported, or occurs twice. */
function languageInQuery(request: Request): Language | undefined {
  const query = request.originalUrl.indexOf('?');
  const [asked, second] = query < 0 ? [] : new URLSearchParams(request.originalUrl.slice(query)).getAll(name);
  return asked !== undefined && second === undefined && isLanguage(asked) ? asked : undefined;
}

/** RFC 9110 section 12.5.4, also for regional tags such as es-MX; English if none is supported. */
function languageOfBrowser(request: Request): Language {
  const preferred = request.acceptsLanguages(...languages);
  return languages.find((language) => language === preferred) ?? 'en';
}
