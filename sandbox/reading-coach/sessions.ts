// The product's own sessions and open requests, by a random name in a cookie. In memory: a real product has its own way.
import { randomBytes } from 'node:crypto';
import { parseCookie } from 'cookie';
import type { CookieOptions, Request, Response } from 'express';

export interface Kept<Value> {
  /** Under a new name: one that was there before the sign-in is worth nothing after it. */
  start(response: Response, value: Value): void;
  find(request: Request): Value | undefined;
  replace(request: Request, value: Value): void;
  /** Finds and forgets. */
  take(request: Request, response: Response): Value | undefined;
  endWhere(isOver: (value: Value) => boolean): void;
}

export function createKept<Value>(cookie: string, lifeMs: number): Kept<Value> {
  const values = new Map<string, { readonly value: Value; readonly until: number }>();
  // `secure: true` beside them where the product has TLS, as any but a sandbox has.
  const options: CookieOptions = { httpOnly: true, sameSite: 'lax', path: '/' };
  const nameOf = (request: Request) => parseCookie(request.headers.cookie ?? '')[cookie] ?? '';

  function find(request: Request): Value | undefined {
    const kept = values.get(nameOf(request));
    return kept !== undefined && kept.until > Date.now() ? kept.value : undefined;
  }

  return {
    find,
    start(response, value) {
      for (const [name, { until }] of values) if (until <= Date.now()) values.delete(name);
      const name = randomBytes(32).toString('base64url');
      values.set(name, { value, until: Date.now() + lifeMs });
      response.cookie(cookie, name, { ...options, maxAge: lifeMs });
    },
    replace(request, value) {
      const kept = values.get(nameOf(request));
      if (kept !== undefined) values.set(nameOf(request), { ...kept, value });
    },
    take(request, response) {
      const value = find(request);
      values.delete(nameOf(request));
      response.clearCookie(cookie, options);
      return value;
    },
    endWhere(isOver) {
      for (const [name, { value }] of values) if (isOver(value)) values.delete(name);
    },
  };
}
