// Whether a form of the bridge sent a request (CSRF). For the few routes with which a browser can change something.
import type { Request } from 'express';

/**
 * Fetch metadata decides if the browser sends it, else Origin. The bridge's pages disable the referrer, so older
 * browsers send "Origin: null" with its own forms (Fetch section 3.1): then a token in the form proves the origin. A
 * request with neither header comes from no browser and carries only its own cookies.
 */
export function isSameOrigin(request: Request, origin: string, hasFormToken: boolean): boolean {
  const site = request.get('sec-fetch-site');
  if (site !== undefined) return site === 'same-origin' || (site === 'none' && hasFormToken);
  const from = request.get('origin');
  return from === undefined || from === origin || hasFormToken;
}

/**
 * The token in the forms of a signed-in visitor, derived from the session id: proves that a form is the bridge's if the
 * browser sends no origin.
 */
export interface FormToken {
  make(sid: string): string;
  /** In constant time. */
  fits(token: string, sid: string): boolean;
}
