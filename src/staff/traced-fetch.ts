// Traces calls to the staff's provider as parts of their request.
import type { CustomFetch } from 'openid-client';
import { inSpan, traceHeaders } from '../trace/request-context.ts';

/** Adds `traceparent` and, if traces are exported, a span without the URL's path and query. */
export const traceFetch =
  (fetch: CustomFetch): CustomFetch =>
  (url, options) => {
    const facts = { 'http.request.method': options.method, 'server.address': new URL(url).hostname };
    return inSpan('staff-provider', facts, async (note) => {
      const response = await fetch(url, { ...options, headers: { ...options.headers, ...traceHeaders() } });
      note({ 'http.response.status_code': response.status });
      return response;
    });
  };
