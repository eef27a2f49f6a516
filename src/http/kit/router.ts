// What public routers share: how paths match, paths with repeated slashes, methods that a path does not support, and
// the district of a route.
import { type Request, type RequestHandler, type Response, Router } from 'express';
import type { District } from '../../district/district.ts';
import { isDistrictId } from '../../district/read-district.ts';
import { sendApiProblem } from './api-response.ts';
import { sendRedirect } from './send-page.ts';

/** Case-sensitive: a proxy that blocks /support must not leave /Support open. A trailing slash is ignored. */
export const createRouter = (): Router => Router({ caseSensitive: true });

/**
 * Responds 405 to a known path with an unsupported method, with the supported ones in Allow (RFC 9110 section 15.5.6).
 * Mounted after all routers, so that it receives what none of them answered.
 * @param send sends the response; `Allow` is set
 */
export function createOtherMethods(routers: readonly Router[], send: RequestHandler): RequestHandler {
  const refusing = createRouter();
  // Several routes may match a path: one by name, one by a parameter.
  const allowed = new WeakMap<Response, Set<string>>();
  for (const [path, methods] of methodsByPath(routers))
    refusing.all(path, (_request, response, next) => {
      allowed.set(response, new Set([...methods, ...(allowed.get(response) ?? [])]));
      next();
    });
  refusing.use((request, response, next) => {
    const methods = allowed.get(response);
    if (methods === undefined) return next();
    response.set('Allow', [...methods].sort().join(', '));
    return send(request, response, next);
  });
  return refusing;
}

function methodsByPath(routers: readonly Router[]): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const { route } of routers.flatMap(({ stack }) => stack)) {
    if (route === undefined) continue;
    const methods = found.get(route.path) ?? new Set();
    for (const { method } of route.stack) methods.add(method.toUpperCase());
    found.set(route.path, methods);
  }
  for (const methods of found.values()) addHead(methods);
  return found;
}

/**
 * A GET route answers HEAD. Where HEAD has a route of its own, that refuses it: a callback, which would spend the code.
 */
function addHead(methods: Set<string>): void {
  if (methods.has('GET') && !methods.delete('HEAD')) methods.add('HEAD');
}

/**
 * Redirects to the path without repeated slashes, as portals and users concatenate URLs:
 * `https://sso.example//oauth/…`. Not rewritten internally: a proxy's rule for `/support` must hold for `//support`
 * too. The rest after the first slash is checked, since `//host` and `/\host` name another host to a browser.
 */
export const collapseSlashes: RequestHandler = (request, response, next) => {
  const [, path = '', query = ''] = /^([^?]*)(\?.*)?$/s.exec(request.url) ?? [];
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  const collapsed = path.replace(/\/{2,}/g, '/');
  if (!isRead || collapsed === path || !/^\/[\w.%~-]/.test(collapsed)) return next();
  return sendRedirect(response, 308, collapsed + query);
};

export type FindDistrict = (id: string) => Promise<District | undefined>;

/** The district of the path; responds 404 if there is none. */
export async function findDistrict(
  find: FindDistrict,
  request: Request,
  response: Response,
): Promise<District | undefined> {
  const id = idOf(request);
  const district = isDistrictId(id) ? await find(id) : undefined;
  if (district === undefined) sendApiProblem(response, 'district_unknown', 'No district of ours has this id.');
  return district;
}

export const idOf = ({ params }: Request): string => String(params['id'] ?? '');
