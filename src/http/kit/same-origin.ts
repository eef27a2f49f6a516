// Did a form of ours send this request? For the few routes that a browser may change something with.
import type { Request } from 'express';

/**
 * Fetch metadata decides where the browser sends it, else Origin. Our pages ask for no referrer, so older browsers send
 * "Origin: null" with our own forms (Fetch section 3.1): a token in the form then shows where it came from. A request
 * with neither header comes from no browser and carries only its own cookies.
 */
export function isSameOrigin(request: Request, origin: string, hasFormToken: boolean): boolean {
  const site = request.get('sec-fetch-site');
  if (site !== undefined) return site === 'same-origin' || (site === 'none' && hasFormToken);
  const from = request.get('origin');
  return from === undefined || from === origin || hasFormToken;
}
