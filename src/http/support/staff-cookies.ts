// The two cookies of a member of staff: an open sign-in, and a session. Owns names and attributes, not contents.
import type { CookieOptions, Request, Response } from 'express';
import { staffSessionSeconds, staffSignInSeconds } from '../../support/staff-sign-in.ts';
import { readOnce } from '../cookies.ts';

export interface StaffCookie {
  read(request: Request): string | undefined;
  set(response: Response, value: string): void;
  clear(response: Response): void;
}

const nameOf = (name: string, secure: boolean): string => `${secure ? '__Host-' : ''}${name}`;

/** Of the session's cookie, for the limits. */
export const staffCookieName = (secure: boolean): string => nameOf('summit_staff', secure);

/** @param secure on https: `__Host-`, bound to this host by the browser (RFC 6265bis section 4.1.3.2) */
export function createStaffCookies(secure: boolean): { readonly session: StaffCookie; readonly signIn: StaffCookie } {
  const options: CookieOptions = { httpOnly: true, secure, sameSite: 'lax', path: '/', encode: (value) => value };
  const cookie = (name: string, seconds: number): StaffCookie => {
    const full = nameOf(name, secure);
    return {
      read: (request) => readOnce(request.headers.cookie ?? '', full),
      set: (response, value) => void response.cookie(full, value, { ...options, maxAge: seconds * 1000 }),
      clear: (response) => void response.clearCookie(full, options),
    };
  };
  return {
    session: cookie('summit_staff', staffSessionSeconds),
    signIn: cookie('summit_staff_sign_in', staffSignInSeconds),
  };
}
