// Sends a browser elsewhere, and no cache keeps the address.
import type { Response } from 'express';

/**
 * Without a body, which no browser shows and Express would negotiate a type for.
 * @param status 302 to an address at Clever, 303 after something was done (RFC 9110 section 15.4.4), 308 to a better spelling
 */
export function sendRedirect(response: Response, status: 302 | 303 | 308, address: string): void {
  response.status(status).set('Cache-Control', 'no-store').location(address).end();
}
