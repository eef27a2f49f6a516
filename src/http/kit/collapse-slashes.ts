// Addresses that portals and people put together by hand: `https://sso.example//oauth/…`.
import type { RequestHandler } from 'express';
import { sendRedirect } from './send-redirect.ts';

/**
 * Sends a browser from a path with several slashes in a row to the one without. Redirected and not rewritten: a rule of a
 * proxy about `/support` must hold for `//support` too. What would follow the first slash is checked, since `//host` and
 * `/\host` name another host to a browser.
 */
export const collapseSlashes: RequestHandler = (request, response, next) => {
  const [, path = '', query = ''] = /^([^?]*)(\?.*)?$/s.exec(request.url) ?? [];
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  const collapsed = path.replace(/\/{2,}/g, '/');
  if (!isRead || collapsed === path || !/^\/[\w.%~-]/.test(collapsed)) return next();
  return sendRedirect(response, 308, collapsed + query);
};
