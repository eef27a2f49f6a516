// Whose session a request belongs to, once a hook has let it through. Kept beside the request, not on it: no name that
// another plug-in could set as well.
import type { VerifiedSession } from './read-session-claims.ts';

const sessions = new WeakMap<object, VerifiedSession>();

/** @param request what the framework hands to its handlers: the request of Express and Fastify, the context of Hono */
export function keepSession(request: object, session: VerifiedSession): void {
  sessions.set(request, session);
}

/**
 * The claims of the session that a hook of this package found good.
 * @param request the request of Express or Fastify, the context of Hono
 * @throws TypeError for a request that went through no hook: the route is not guarded
 */
export function sessionOf(request: object): VerifiedSession {
  const session = sessions.get(request);
  if (session === undefined) throw new TypeError('no session was required on this route');
  return session;
}
