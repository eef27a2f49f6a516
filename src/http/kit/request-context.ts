// The first middleware of a request: its ids, and its span if traces are exported.
import type { Request, RequestHandler, Response } from 'express';
import { carry, type Resume, runInRequest } from '../../trace/request-context.ts';
import type { Span, Tracer } from '../../trace/span.ts';

const contexts = new WeakMap<Response, Resume>();

/** Log lines and calls to other services during the request carry its ids; the response has the request's. */
export function createRequestContext(tracer: Tracer | undefined): RequestHandler {
  return (request, response, next) => {
    const given = { requestId: request.get('x-request-id'), traceParent: request.get('traceparent') };
    const answer = (requestId: string, resume: Resume, span?: Span) => {
      contexts.set(response, resume);
      response.setHeader('X-Request-Id', requestId);
      if (span !== undefined) endWithAnswer(span, request, response);
      next();
    };
    runInRequest(given, answer, tracer);
  };
}

/** Runs a step of answering the request after an `await`: its log lines and calls have the request's ids. */
export function inRequestOf<Value>(response: Response, step: () => Value): Value {
  const resume = contexts.get(response);
  return resume === undefined ? step() : resume(step);
}

/** Placed after an asynchronous handler: the following handlers begin with the request's ids. */
export const resumeContext: RequestHandler = (_request, response, next) => inRequestOf(response, next);

/** For rarely used routes: Node carries the request's ids through all their work until the response is sent. */
export const carryContext: RequestHandler = (_request, response, next) => {
  const answer = () =>
    new Promise<void>((resolve) => {
      response.once('close', resolve);
      next();
    });
  void inRequestOf(response, () => carry(answer));
};

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
