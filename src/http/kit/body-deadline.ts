// Time limit for a request's body: a slow body occupies a connection. Rosters may take as long as the server allows any
// request, but only with a valid credential.
import type { Request, RequestHandler } from 'express';

const deadlineMs = 30_000;

export interface BodyDeadline {
  readonly start: RequestHandler;
  /** Removes the deadline of this request. */
  lift(request: Request): void;
}

export function createBodyDeadline(ms = deadlineMs): BodyDeadline {
  const timers = new WeakMap<Request, NodeJS.Timeout>();
  const lift = (request: Request) => clearTimeout(timers.get(request));
  return {
    start: (request, _response, next) => {
      if (request.headers['content-length'] !== undefined || request.headers['transfer-encoding'] !== undefined) {
        // After an early response, a disconnecting client causes no event; the timer must not keep the process alive.
        timers.set(request, setTimeout(() => request.destroy(), ms).unref());
        request.once('end', () => lift(request)).once('close', () => lift(request));
      }
      next();
    },
    lift,
  };
}
