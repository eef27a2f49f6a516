// The cookies of a member of staff: one for each pending sign-in, and a session. Owns names and attributes, not
// contents.
import { parse } from 'cookie';
import type { CookieOptions, Request, Response } from 'express';
import { isStaffAttempt, staffSessionSeconds, staffSignInSeconds } from '../../staff/staff-sign-in.ts';
import { readOnce } from '../kit/cookies.ts';

export interface StaffCookie {
  read(request: Request): string | undefined;
  set(response: Response, value: string): void;
  clear(response: Response): void;
}

export interface StaffAttemptCookies {
  read(request: Request, attempt: string): string | undefined;
  /** Adds a pending sign-in and removes the oldest beyond three. */
  add(request: Request, response: Response, attempt: string, sealed: string): void;
  clear(response: Response, attempt: string): void;
}

/** Few, since they are sent with every request, beside those of visitors; the oldest is removed. */
const openAttempts = 3;
/** Keeps the response headers below 4,096 bytes. */
const maxCleared = 8;

const nameOf = (name: string, secure: boolean): string => `${secure ? '__Host-' : ''}${name}`;

/** The session cookie's name, for the limits. */
export const staffCookieName = (secure: boolean): string => nameOf('summit_staff', secure);

/** @param secure on https: `__Host-`, bound to this host by the browser (RFC 6265bis section 4.1.3.2) */
export function createStaffCookies(secure: boolean): {
  readonly session: StaffCookie;
  readonly signIn: StaffAttemptCookies;
} {
  const options: CookieOptions = { httpOnly: true, secure, sameSite: 'lax', path: '/', encode: (value) => value };
  const sessionName = staffCookieName(secure);
  const attemptPrefix = nameOf('summit_staff_sign_in_', secure);
  const read = (request: Request, name: string) => readOnce(request.headers.cookie ?? '', name);
  const keep = (response: Response, name: string, value: string, seconds: number) =>
    void response.cookie(name, value, { ...options, maxAge: seconds * 1000 });
  const clear = (response: Response, name: string) => void response.clearCookie(name, options);
  /** Oldest first: the name of an attempt begins with its time. */
  const attemptNames = (request: Request) =>
    Object.keys(parse(request.headers.cookie ?? '', { decode: (value) => value }))
      .filter((name) => name.startsWith(attemptPrefix) && isStaffAttempt(name.slice(attemptPrefix.length)))
      .sort();
  return {
    session: {
      read: (request) => read(request, sessionName),
      set: (response, value) => keep(response, sessionName, value, staffSessionSeconds),
      clear: (response) => clear(response, sessionName),
    },
    signIn: {
      read: (request, attempt) => read(request, attemptPrefix + attempt),
      add(request, response, attempt, sealed) {
        const names = attemptNames(request);
        const surplus = names.slice(0, Math.max(0, names.length - (openAttempts - 1)));
        for (const name of surplus.slice(0, maxCleared)) clear(response, name);
        keep(response, attemptPrefix + attempt, sealed, staffSignInSeconds);
      },
      clear: (response, attempt) => clear(response, attemptPrefix + attempt),
    },
  };
}
