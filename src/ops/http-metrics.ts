// Every response of the public port, by declared route and never by requested path, so that clients cannot create
// labels.
import type { RequestHandler } from 'express';
import { Histogram, type Registry } from 'prom-client';

export interface HttpMetrics {
  readonly handler: RequestHandler;
}

export function createHttpMetrics(registers: Registry[]): HttpMetrics {
  const seconds = new Histogram({
    name: 'sso_bridge_http_request_seconds',
    help: 'Answers of the public port, by route and status.',
    labelNames: ['route', 'status'],
    buckets: [0.005, 0.025, 0.1, 0.5, 2.5, 10],
    registers,
  });
  return {
    handler(request, response, next) {
      const end = seconds.startTimer();
      response.once('finish', () => {
        const path: unknown = request.route?.path;
        end({ route: typeof path === 'string' ? path : 'none', status: response.statusCode });
      });
      next();
    },
  };
}
