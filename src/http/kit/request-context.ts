// The first middleware of a request: its ids, and its span if traces are exported.
import type { Request, RequestHandler, Response } from 'express';
import { runInRequest } from '../../trace/request-context.ts';
import type { Span, Tracer } from '../../trace/span.ts';

/** Log lines and calls to other services during the request carry its ids; the response has the request's. */
export function createRequestContext(tracer: Tracer | undefined): RequestHandler {
  return (request, response, next) => {
    const given = { requestId: request.get('x-request-id'), traceParent: request.get('traceparent') };
    const answer = (requestId: string, span?: Span) => {
      response.setHeader('X-Request-Id', requestId);
      if (span !== undefined) endWithAnswer(span, request, response);
      next();
    };
    runInRequest(given, answer, tracer);
  };
}

/** The declared route, without anything of the requested path. */
export function routeOf(request: Request): string | undefined {
  const path: unknown = request.route?.path;
  return typeof path === 'string' ? path : undefined;
}

/** OpenTelemetry's semantic conventions for HTTP servers. */
function endWithAnswer(span: Span, request: Request, response: Response): void {
  const { method } = request;
  span.note({ 'http.request.method': method });
  // Also if the client disconnected before the response.
  response.once('close', () => {
    const route = routeOf(request);
    const status = response.statusCode;
    span.rename(route === undefined ? method : `${method} ${route}`);
    if (route !== undefined) span.note({ 'http.route': route });
    if (response.headersSent) span.note({ 'http.response.status_code': status });
    span.end(status >= 500 ? `${status}` : undefined);
  });
}
