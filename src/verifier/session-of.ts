// The session of a request that passed a hook. Stored beside the request, not on it, so that no other plug-in can set
// the same property.
import type { VerifiedSession } from './read-session-claims.ts';

const sessions = new WeakMap<object, VerifiedSession>();

/** @param request the framework's argument to handlers: the request of Express and Fastify, the context of Hono */
export function keepSession(request: object, session: VerifiedSession): void {
  sessions.set(request, session);
}

/**
 * The claims of the session that a hook of this package accepted.
 * @param request the request of Express or Fastify, the context of Hono
 * @throws TypeError if the request passed no hook: the route is not guarded
 */
export function sessionOf(request: object): VerifiedSession {
  const session = sessions.get(request);
  if (session === undefined) throw new TypeError('no session was required on this route');
  return session;
}
