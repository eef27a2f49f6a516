// Normalizes URLs with repeated slashes, as portals and users concatenate them: `https://sso.example//oauth/…`.
import type { RequestHandler } from 'express';
import { sendRedirect } from './send-redirect.ts';

/**
 * Redirects to the path without repeated slashes. Not rewritten internally: a proxy's rule for `/support` must hold for
 * `//support` too. The rest after the first slash is checked, since `//host` and `/\host` name another host to a
 * browser.
 */
export const collapseSlashes: RequestHandler = (request, response, next) => {
  const [, path = '', query = ''] = /^([^?]*)(\?.*)?$/s.exec(request.url) ?? [];
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  const collapsed = path.replace(/\/{2,}/g, '/');
  if (!isRead || collapsed === path || !/^\/[\w.%~-]/.test(collapsed)) return next();
  return sendRedirect(response, 308, collapsed + query);
};
