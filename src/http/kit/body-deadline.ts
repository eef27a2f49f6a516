// How long a request's body may take: a body that drips in holds a connection. Rosters may take as long as the server
// allows any request, but only for who has shown a credential.
import type { Request, RequestHandler } from 'express';

const deadlineMs = 30_000;

export interface BodyDeadline {
  readonly start: RequestHandler;
  /** Takes the deadline away from this request. */
  lift(request: Request): void;
}

export function createBodyDeadline(ms = deadlineMs): BodyDeadline {
  const timers = new WeakMap<Request, NodeJS.Timeout>();
  const lift = (request: Request) => clearTimeout(timers.get(request));
  return {
    start: (request, _response, next) => {
      if (request.headers['content-length'] !== undefined || request.headers['transfer-encoding'] !== undefined) {
        // A client that leaves after an early answer ends its request by no event; the process must not wait for it to stop.
        timers.set(request, setTimeout(() => request.destroy(), ms).unref());
        request.once('end', () => lift(request)).once('close', () => lift(request));
      }
      next();
    },
    lift,
  };
}
