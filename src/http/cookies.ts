// The bridge's cookies: one for the session, one for each open sign-in, one that names the browser for the limits. Owns
// names and attributes, not contents.
import { randomUUID } from 'node:crypto';
import { parse } from 'cookie';
import type { CookieOptions, Request, Response } from 'express';
import { signInSeconds } from '../sign-in/state.ts';

/** A browser may have this many sign-ins open; the oldest gives way. */
const openAttempts = 5;

/** As sign-in/state.ts names them. */
const attemptName = /^[0-9a-z]{9}[\w-]{8}$/;
/** An answer lets go of no more than this many; a browser keeps few more than five. */
const mostCleared = 40;

export interface Cookies {
  session(request: Request): string | undefined;
  setSession(response: Response, token: string, ttlSeconds: number): void;
  clearSession(response: Response): void;
  attempt(request: Request, attempt: string): string | undefined;
  /** Keeps one more open sign-in and lets the oldest beyond five go; names a browser that has no name. */
  addAttempt(request: Request, response: Response, attempt: string, sealed: string): void;
  /** The random name that the browser was given, or one that it made up. */
  browser(request: Request): string | undefined;
  clearAttempt(response: Response, attempt: string): void;
  clearAttempts(request: Request, response: Response): void;
  /** The browser sent at least one cookie of ours. */
  hasAny(request: Request): boolean;
}

export interface CookieSettings {
  /** The bridge is on https: cookies are Secure, and have the `__Host-` prefix where they have no Domain (RFC 6265bis). */
  readonly secure: boolean;
  readonly sessionDomain?: string | undefined;
  /** Browsers get a name, to be counted by. */
  readonly namesBrowsers?: boolean;
}

export function createCookies({ secure, sessionDomain, namesBrowsers = false }: CookieSettings): Cookies {
  const prefix = secure ? '__Host-' : '';
  const sessionName = `${sessionDomain === undefined ? prefix : ''}summit_session`;
  const browserName = `${prefix}summit_browser`;
  const attemptPrefix = `${prefix}summit_sign_in_`;
  const options: CookieOptions = { httpOnly: true, secure, sameSite: 'lax', path: '/', encode: (value) => value };
  const sessionOptions = sessionDomain === undefined ? options : { ...options, domain: sessionDomain };

  // A callback asks for its cookies three times.
  const seen = new WeakMap<Request, ReturnType<typeof parse>>();
  function read(request: Request): ReturnType<typeof parse> {
    const known = seen.get(request);
    if (known !== undefined) return known;
    const cookies = parse(request.headers.cookie ?? '', { decode: (value) => value });
    seen.set(request, cookies);
    return cookies;
  }
  const clear = (response: Response, name: string, attributes: CookieOptions) => response.clearCookie(name, attributes);
  /**
   * Oldest first: the name of an attempt begins with its time. Names that are none of ours are whoever's: some no header
   * can hold, and hundreds would make an answer that no proxy takes.
   */
  const attemptNames = (request: Request) =>
    Object.keys(read(request))
      .filter((name) => name.startsWith(attemptPrefix) && attemptName.test(name.slice(attemptPrefix.length)))
      .sort()
      .slice(0, mostCleared);

  const browser = (request: Request): string | undefined => {
    const name = read(request)[browserName];
    return name !== undefined && /^[0-9a-f-]{36}$/.test(name) ? name : undefined;
  };

  return {
    session: (request) =>
      occursOnce(request.headers.cookie ?? '', sessionName) ? read(request)[sessionName] : undefined,
    setSession: (response, token, ttlSeconds) =>
      response.cookie(sessionName, token, { ...sessionOptions, maxAge: ttlSeconds * 1000 }),
    clearSession: (response) => clear(response, sessionName, sessionOptions),
    attempt: (request, attempt) => read(request)[attemptPrefix + attempt],
    addAttempt(request, response, attempt, sealed) {
      const names = attemptNames(request);
      for (const name of names.slice(0, Math.max(0, names.length - openAttempts + 1))) clear(response, name, options);
      response.cookie(attemptPrefix + attempt, sealed, { ...options, maxAge: signInSeconds * 1000 });
      // Until the browser is closed: nobody is to be known again by it.
      if (namesBrowsers && browser(request) === undefined) response.cookie(browserName, randomUUID(), options);
    },
    browser,
    clearAttempt: (response, attempt) => clear(response, attemptPrefix + attempt, options),
    clearAttempts(request, response) {
      for (const name of attemptNames(request)) clear(response, name, options);
    },
    hasAny: (request) => read(request)[sessionName] !== undefined || attemptNames(request).length > 0,
  };
}

/** Undefined also where there are two: they are not both ours, and whoever set the other chose which comes first. */
export const readOnce = (header: string, name: string): string | undefined =>
  occursOnce(header, name) ? parse(header, { decode: (value) => value })[name] : undefined;

const occursOnce = (header: string, name: string): boolean =>
  header.split(';').filter((pair) => pair.trim().startsWith(`${name}=`)).length === 1;
