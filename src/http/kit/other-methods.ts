// A known path asked with a method that it does not have: 405 with those that it has (RFC 9110 section 15.5.6). Stands
// behind all routers, so that it sees what none of them answered.
import type { RequestHandler, Router } from 'express';
import { createRouter } from './create-router.ts';

/** @param send answers; `Allow` is set */
export function createOtherMethods(routers: readonly Router[], send: RequestHandler): RequestHandler {
  const refusing = createRouter();
  for (const [path, methods] of methodsByPath(routers)) {
    const allow = [...methods].sort().join(', ');
    refusing.all(path, (request, response, next) => {
      response.set('Allow', allow);
      return send(request, response, next);
    });
  }
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

/** A GET route answers HEAD. Where HEAD has a route of its own, that refuses it: a callback, which would spend the code. */
function addHead(methods: Set<string>): void {
  if (methods.has('GET') && !methods.delete('HEAD')) methods.add('HEAD');
}
