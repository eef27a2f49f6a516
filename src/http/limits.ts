// Lets a school morning through and a flood not: counts the requests that begin or end a sign-in, by address. Thirty
// pupils a minute behind one address are normal, so the limit is far above them.
import type { RequestHandler } from 'express';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { sendRefusal } from './send-refusal.ts';

/** A portal launch takes two requests, a reload one more: this lets the promised 600 sign-ins a minute through. */
const requestsPerMinute = 2_000;

/**
 * @param paths what is counted; everything else passes
 * @param onLimited told of each request that is refused
 */
export function createLimit(paths: readonly string[], onLimited: () => void): RequestHandler {
  const limiter = new RateLimiterMemory({ points: requestsPerMinute, duration: 60 });
  return async (request, response, next) => {
    // Routers take /LOGIN and /login/ for /login as well.
    if (!paths.includes(request.path.toLowerCase().replace(/\/+$/, ''))) return next();
    try {
      await limiter.consume(request.ip ?? 'unknown');
      return next();
    } catch (result) {
      if (!(result instanceof RateLimiterRes)) throw result;
      onLimited();
      const refused = { kind: 'refused', code: 'rate_limited', audience: 'unknown' } as const;
      return sendRefusal(request, response, refused, { retryAfterSeconds: result.msBeforeNext / 1000 });
    }
  };
}
