// The bridge's cookies: one for the session, one for each pending sign-in, one that identifies the browser for the
// limits. Owns names and attributes, not contents.
import { randomUUID } from 'node:crypto';
import { parse } from 'cookie';
import type { CookieOptions, Request, Response } from 'express';
import { getDomain } from 'tldts';
import type { BrowserTokens } from '../../session/browser-sessions.ts';
import { signInSeconds } from '../../sign-in/state.ts';
import {
  readCookies,
  readEverySessionCookie,
  readSessionCookies,
  sessionCookieNames,
} from '../../verifier/session-cookies.ts';

/** Maximum of pending sign-ins per browser; the oldest is removed. */
const openAttempts = 5;
/**
 * Bytes of the cookies of pending sign-ins in a request: below 4,096 together with the session and the browser's name.
 */
const attemptBytes = 2_800;

/** Bytes of those and of the cookies of kept refusals together. */
const attemptAndRefusalBytes = 3_000;
/** Maximum of refusals per browser; the oldest is removed. */
const keptRefusals = 3;

/** Names from sign-in/state.ts. */
const attemptName = /^[0-9a-z]{9}[\w-]{8}$/;
/** One response clears at most this many, so that its headers stay below 4,096 bytes; the next one continues. */
const maxCleared = 8;

export interface Cookies {
  /** Tokens of all current and former names of the session cookie. */
  sessions(request: Request): BrowserTokens;
  /** The same without limit, for ending them: foreign cookies in front must hide none. */
  everySession(request: Request): BrowserTokens;
  /** Expires the browser's cookies of an earlier name or scope. */
  setSession(request: Request, response: Response, token: string, ttlSeconds: number): void;
  clearSession(request: Request, response: Response): void;
  attempt(request: Request, attempt: string): string | undefined;
  /** Adds a pending sign-in and removes the oldest beyond five; names a browser that has no name. */
  addAttempt(request: Request, response: Response, attempt: string, sealed: string): void;
  /** The random name that the browser was given, or one that it invented. */
  browser(request: Request): string | undefined;
  clearAttempt(response: Response, attempt: string): void;
  clearAttempts(request: Request, response: Response): void;
  /** Kept refusals by the name of their attempt, newest first. */
  refusals(request: Request): ReadonlyMap<string, string>;
  /** Replaces the cookie of the pending sign-in. */
  keepRefusal(request: Request, response: Response, attempt: string, sealed: string): void;
  clearRefusals(request: Request, response: Response): void;
  /** The browser sent at least one of the bridge's cookies. */
  hasAny(request: Request): boolean;
}

export interface CookieSettings {
  /** The bridge uses https: cookies are Secure, and have the `__Host-` prefix if they have no Domain (RFC 6265bis). */
  readonly secure: boolean;
  readonly sessionDomain?: string | undefined;
  /** The bridge's host: an earlier SESSION_COOKIE_DOMAIN was this or a parent domain. */
  readonly host?: string;
  /** Browsers get a name for rate limits. */
  readonly namesBrowsers?: boolean;
}

export function createCookies({ secure, sessionDomain, host = '', namesBrowsers = false }: CookieSettings): Cookies {
  const prefix = secure ? '__Host-' : '';
  const options: CookieOptions = { httpOnly: true, secure, sameSite: 'lax', path: '/', encode: (value) => value };
  const read = createReader();
  const attempts = createCookieFamily(`${prefix}summit_sign_in_`, options, read);
  const refusals = createCookieFamily(`${prefix}summit_refused_`, options, read);
  const browserName = `${prefix}summit_browser`;
  const browser = (request: Request): string | undefined => {
    const name = read(request)[browserName];
    return name !== undefined && /^[0-9a-f-]{36}$/.test(name) ? name : undefined;
  };

  return {
    ...createSessionCookies(sessionScopes(secure, sessionDomain, host, options)),
    attempt: attempts.find,
    addAttempt(request, response, attempt, sealed) {
      const own = attempts.sizeOf(attempt, sealed);
      const bytes = own + attempts.keepNewest(response, attempts.list(request), openAttempts - 1, attemptBytes - own);
      refusals.keepNewest(response, refusals.list(request), keptRefusals, attemptAndRefusalBytes - bytes);
      attempts.set(response, attempt, sealed);
      // Without an expiry, so that the browser deletes it when it closes: it must not identify a user later.
      if (namesBrowsers && browser(request) === undefined) response.cookie(browserName, randomUUID(), options);
    },
    browser,
    clearAttempt: attempts.clear,
    clearAttempts: attempts.clearAll,
    refusals: (request) => refusals.newest(request, keptRefusals),
    keepRefusal(request, response, attempt, sealed) {
      const own = refusals.sizeOf(attempt, sealed);
      attempts.clear(response, attempt);
      const bytes = own + totalOf(attempts.list(request, attempt));
      const others = refusals.list(request, attempt);
      refusals.keepNewest(response, others, keptRefusals - 1, attemptAndRefusalBytes - bytes);
      refusals.set(response, attempt, sealed);
    },
    clearRefusals: refusals.clearAll,
    hasAny: (request) =>
      readSessionCookies(request.headers.cookie).length > 0 ||
      attempts.list(request).length > 0 ||
      refusals.list(request).length > 0,
  };
}

type ReadCookies = (request: Request) => ReturnType<typeof parse>;

/** A callback reads its cookies three times. */
function createReader(): ReadCookies {
  const seen = new WeakMap<Request, ReturnType<typeof parse>>();
  return (request) => {
    const known = seen.get(request);
    if (known !== undefined) return known;
    const cookies = parse(request.headers.cookie ?? '', { decode: (value) => value });
    seen.set(request, cookies);
    return cookies;
  };
}

interface Scope {
  readonly name: string;
  readonly options: CookieOptions;
}

/** The current name and attributes of the session cookie, and every one that an earlier configuration may have set. */
function sessionScopes(secure: boolean, sessionDomain: string | undefined, host: string, options: CookieOptions) {
  const [prefixedName, plainName] = sessionCookieNames;
  const current: Scope = {
    name: secure && sessionDomain === undefined ? prefixedName : plainName,
    options: sessionDomain === undefined ? options : { ...options, domain: sessionDomain },
  };
  const domains = [...(sessionDomain === undefined ? [] : [sessionDomain]), ...domainsOf(host)];
  const all: readonly Scope[] = [
    ...(secure ? [{ name: prefixedName, options }] : []),
    { name: plainName, options },
    ...[...new Set(domains)].map((domain) => ({ name: plainName, options: { ...options, domain } })),
  ];
  const earlier = all.filter((scope) => scope.name !== current.name || scope.options.domain !== current.options.domain);
  return { current, earlier };
}

type SessionCookies = Pick<Cookies, 'sessions' | 'everySession' | 'setSession' | 'clearSession'>;

function createSessionCookies({ current, earlier }: ReturnType<typeof sessionScopes>): SessionCookies {
  /** A browser does not send the scope of a cookie: every possible one is expired. */
  function clearEarlier(request: Request, response: Response): void {
    for (const { name, options } of earlier)
      if (readCookies(request.headers.cookie, name).length > 0) response.clearCookie(name, options);
  }
  return {
    sessions: (request) => readSessionCookies(request.headers.cookie),
    everySession: (request) => readEverySessionCookie(request.headers.cookie),
    setSession(request, response, token, ttlSeconds) {
      // Before the new one: some browsers keep one cookie for the host and for its domain.
      clearEarlier(request, response);
      response.cookie(current.name, token, { ...current.options, maxAge: ttlSeconds * 1000 });
    },
    clearSession(request, response) {
      clearEarlier(request, response);
      response.clearCookie(current.name, current.options);
    },
  };
}

/** Cookies whose names end in the name of a sign-in attempt. */
function createCookieFamily(prefix: string, options: CookieOptions, read: ReadCookies) {
  /**
   * Oldest first: the name of an attempt begins with its time. Names of another form are ignored: some are invalid in a
   * header, and clearing hundreds would make a response that no proxy accepts.
   */
  const namesOf = (request: Request): string[] =>
    Object.keys(read(request))
      .filter((name) => name.startsWith(prefix) && attemptName.test(name.slice(prefix.length)))
      .sort();
  const clear = (response: Response, name: string) => void response.clearCookie(name, options);

  return {
    find: (request: Request, attempt: string): string | undefined => read(request)[prefix + attempt],
    sizeOf: (attempt: string, value: string): number => sizeOf(prefix + attempt, value),
    list: (request: Request, except?: string): Sized[] =>
      namesOf(request)
        .filter((name) => except === undefined || name !== prefix + except)
        .map((name) => ({ name, bytes: sizeOf(name, read(request)[name]) })),
    /** Values by attempt, the newest first. */
    newest: (request: Request, most: number): ReadonlyMap<string, string> =>
      new Map(
        namesOf(request)
          .reverse()
          .slice(0, most)
          .map((name) => [name.slice(prefix.length), read(request)[name] ?? '']),
      ),
    set: (response: Response, attempt: string, value: string): void =>
      void response.cookie(prefix + attempt, value, { ...options, maxAge: signInSeconds * 1000 }),
    clear: (response: Response, attempt: string): void => clear(response, prefix + attempt),
    clearAll(request: Request, response: Response): void {
      for (const name of namesOf(request).slice(0, maxCleared)) clear(response, name);
    },
    /**
     * Clears the oldest, so that at most `most` stay, with at most `bytes` together.
     * @returns the total bytes of the cookies that are kept
     */
    keepNewest(response: Response, found: readonly Sized[], most: number, bytes: number): number {
      const fits = countThatFit(found.map((one) => one.bytes).reverse(), bytes);
      const kept = found.slice(found.length - Math.min(fits, Math.max(0, most)));
      for (const { name } of found.slice(0, found.length - kept.length).slice(0, maxCleared)) clear(response, name);
      return totalOf(kept);
    },
  };
}

interface Sized {
  readonly name: string;
  readonly bytes: number;
}

/** Its size in a Cookie header, with `=`, `;` and a space. */
const sizeOf = (name: string, value = ''): number => name.length + value.length + 3;

const totalOf = (sized: readonly Sized[]): number => sized.reduce((sum, { bytes }) => sum + bytes, 0);

/** How many of the first sizes add up to at most `most`. */
function countThatFit(sizes: readonly number[], most: number): number {
  let sum = 0;
  const first = sizes.findIndex((size) => {
    sum += size;
    return sum > most;
  });
  return first < 0 ? sizes.length : first;
}

/** Undefined also for two: one of them is foreign, and its sender chose the order. */
export function readOnce(header: string, name: string): string | undefined {
  const [value, second] = readCookies(header, name);
  return second === undefined ? value : undefined;
}

/** Widest first: response headers must not grow with the labels of a host. */
const maxDomains = 5;

/** The host and every parent domain for which a browser accepts a cookie. None for an IP address or `localhost`. */
function domainsOf(host: string): string[] {
  const registrable = getDomain(host, { allowPrivateDomains: true });
  if (registrable === null) return [];
  const labels = host.slice(0, -registrable.length).split('.').slice(0, -1);
  return [registrable, ...labels.map((_, index) => `${labels.slice(index).join('.')}.${registrable}`).reverse()].slice(
    0,
    maxDomains,
  );
}
