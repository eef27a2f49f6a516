// Which request a log line belongs to: its id (X-Request-Id) and its trace (W3C Trace Context, traceparent), carried
// through asynchronous calls by Node. Both come from outside or are made here; neither says who asked.
import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes, randomUUID } from 'node:crypto';

interface RequestContext {
  readonly requestId: string;
  readonly traceId: string;
  /** `01` where the caller records this trace, else `00`. */
  readonly flags: string;
}

const contexts = new AsyncLocalStorage<RequestContext>();

/** Letters, digits and a few signs, so that no address, name or line end comes into the log. */
const plainId = /^[\w.:-]{1,64}$/;
const version00 = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/**
 * @param given the request's headers X-Request-Id and traceparent
 * @param answer is called within the request's context
 */
export function runInRequest(
  given: { readonly requestId?: string | undefined; readonly traceParent?: string | undefined },
  answer: (requestId: string) => void,
): void {
  const requestId = given.requestId && plainId.test(given.requestId) ? given.requestId : randomUUID();
  contexts.run({ requestId, ...readTraceParent(given.traceParent) }, () => answer(requestId));
}

/** Trace Context section 3.2: what cannot be read starts a new trace. */
function readTraceParent(header = ''): Pick<RequestContext, 'traceId' | 'flags'> {
  const [, traceId = '', spanId = '', flags = ''] = version00.exec(header) ?? [];
  const isGiven = /[^0]/.test(traceId) && /[^0]/.test(spanId);
  return isGiven ? { traceId, flags } : { traceId: randomBytes(16).toString('hex'), flags: '00' };
}

/** Of the request that is being answered; empty outside of one. */
export function requestFields(): { readonly request_id?: string; readonly trace_id?: string } {
  const context = contexts.getStore();
  return context === undefined ? {} : { request_id: context.requestId, trace_id: context.traceId };
}

/** For a call to another service: the trace of the request, with an id of its own for the call. */
export function traceHeaders(): { readonly traceparent?: string } {
  const context = contexts.getStore();
  if (context === undefined) return {};
  return { traceparent: `00-${context.traceId}-${randomBytes(8).toString('hex')}-${context.flags}` };
}
