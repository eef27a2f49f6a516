// Redirects a browser, without caching.
import type { Response } from 'express';

/**
 * Without a body, which no browser shows and for which Express would negotiate a type.
 * @param status 302 to a URL at Clever, 303 after an action (RFC 9110 section 15.4.4), 308 to a normalized path
 */
export function sendRedirect(response: Response, status: 302 | 303 | 308, address: string): void {
  response.status(status).set('Cache-Control', 'no-store').location(address).end();
}
