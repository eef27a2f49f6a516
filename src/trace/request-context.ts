// The request that a log line belongs to: its id (X-Request-Id) and its trace (W3C Trace Context, traceparent). Both come
// from the request or are generated here; neither identifies the user. With traces exported, also the current span;
// background work then has a trace but no request.
//
// Node carries a context through asynchronous calls, but on Node 20 and 22 by hooks that make every promise of the process
// several times as expensive. It is used where traces are exported, and for rare work (`carry`). Elsewhere the code that
// answers a request resumes its context where a step logs or calls another service: docs/adr/0055.
import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import type { Span, SpanFacts, TraceParent, Tracer } from './span.ts';

interface TraceContext {
  /** Absent in background work. */
  readonly requestId?: string;
  readonly traceId: string;
  /** `01` if the trace is recorded, by the caller or here; else `00`. */
  readonly flags: string;
  /** The span of the whole request. */
  readonly requestSpan?: Span;
  /** The span of the current call or work within it, else of the request. */
  readonly span?: Span;
}

const contexts = new AsyncLocalStorage<TraceContext>();
/** The context of the synchronous step that runs now. */
let current: TraceContext | undefined;
const contextNow = (): TraceContext | undefined => current ?? contexts.getStore();
/** The tracer with which background work outside of a request begins its traces. */
const tracers = new AsyncLocalStorage<Tracer>();

/** Letters, digits and a few more characters, so that no address, name or line break gets into the log. */
const plainId = /^[\w.:-]{1,64}$/;
const version00 = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/** Runs a step of the request: its log lines and calls have the request's ids, until its first `await`. */
export type Resume = <Value>(step: () => Value) => Value;

/**
 * @param given the request's headers X-Request-Id and traceparent
 * @param answer is called within the request's context, which lasts until its first `await`; with a tracer it lasts beyond,
 *   and has the request's span
 */
export function runInRequest(
  given: { readonly requestId?: string | undefined; readonly traceParent?: string | undefined },
  answer: (requestId: string, resume: Resume, span?: Span) => void,
  tracer?: Tracer,
): void {
  const requestId = given.requestId && plainId.test(given.requestId) ? given.requestId : randomUUID();
  const parent = readTraceParent(given.traceParent);
  const span = tracer?.begin('request', parent, 'server');
  const { traceId, flags } = span ?? parent ?? { traceId: makeTraceId(), flags: '00' };
  if (span === undefined) {
    const context = { requestId, traceId, flags };
    const resume: Resume = (step) => runStep(context, step);
    resume(() => answer(requestId, resume));
    return;
  }
  contexts.run({ requestId, traceId, flags, requestSpan: span, span }, () => answer(requestId, stay, span));
}

const stay: Resume = (step) => step();

function runStep<Value>(context: TraceContext | undefined, step: () => Value): Value {
  const before = current;
  current = context;
  try {
    return step();
  } finally {
    current = before;
  }
}

/** Captures the current context, to resume it after an `await`. */
export function keepContext(): Resume {
  const context = current;
  return context === undefined ? stay : (step) => runStep(context, step);
}

/** Number of `carry` calls in progress. */
let carried = 0;

/** For rare work: all its log lines and calls, also after an `await`, have the ids of the current context. */
export async function carry<Value>(work: () => Promise<Value>): Promise<Value> {
  const context = current;
  if (context === undefined) return work();
  carried += 1;
  try {
    return await contexts.run(context, () => runStep(undefined, work));
  } finally {
    carried -= 1;
    // Otherwise Node's hooks would stay on and slow down every request.
    if (carried === 0) contexts.disable();
  }
}

/**
 * 122 random bits as 32 hex digits, from Node's pool for UUIDs: reading 16 bytes from the system costs more than
 * everything else here.
 */
const makeTraceId = (): string => randomUUID().replaceAll('-', '');

/** Trace Context section 3.2: undefined if invalid. */
function readTraceParent(header = ''): TraceParent | undefined {
  const [, traceId = '', spanId = '', flags = ''] = version00.exec(header) ?? [];
  const isGiven = /[^0]/.test(traceId) && /[^0]/.test(spanId);
  return isGiven ? { traceId, spanId, flags } : undefined;
}

/**
 * Work started within `start` is traced ({@link inWork}), including work that continues on a timer.
 * @param tracer without it, only starts
 */
export function runWithTracer(tracer: Tracer | undefined, start: () => void): void {
  if (tracer === undefined) start();
  else tracers.run(tracer, start);
}

/** The fields of the current request or traced background work; empty outside of both. */
export function requestFields(): { readonly request_id?: string; readonly trace_id?: string } {
  const { requestId, traceId } = contextNow() ?? {};
  return {
    ...(requestId === undefined ? {} : { request_id: requestId }),
    ...(traceId === undefined ? {} : { trace_id: traceId }),
  };
}

export const isInRequest = (): boolean => contextNow()?.requestId !== undefined;

/** Headers for a call to another service: its trace, and the id of the call's span or a new one. */
export function traceHeaders(): { readonly traceparent?: string } {
  const context = contextNow();
  if (context === undefined) return {};
  const spanId = context.span?.spanId ?? makeTraceId().slice(16);
  return { traceparent: `00-${context.traceId}-${spanId}-${context.flags}` };
}

/**
 * Makes a call as a span of its own. Outside of a request or traced work, or without a tracer, only makes the call.
 * @param failureOf one word for the error
 */
export function inSpan<Value>(
  name: string,
  facts: SpanFacts,
  call: (note: Span['note']) => Promise<Value>,
  failureOf: (failure: unknown) => string = nameOf,
): Promise<Value> {
  const context = contextNow();
  // Most servers export no traces, and each store call passes here: no extra promise.
  if (context?.span === undefined) return call(ignore);
  return runIn({ ...context, span: context.span.child(name, facts, 'client') }, call, failureOf);
}

/**
 * Runs work as a span of its own: a child within a request or other work, otherwise a new trace. Without a tracer only
 * runs the work.
 */
export async function inWork<Value>(name: string, work: (note: Span['note']) => Promise<Value>): Promise<Value> {
  const context = contextNow();
  if (context !== undefined) {
    const span = context.span?.child(name, {}, 'internal');
    return span === undefined ? work(ignore) : runIn({ ...context, span }, work, nameOf);
  }
  const span = tracers.getStore()?.begin(name, undefined, 'internal');
  if (span === undefined) return work(ignore);
  return runIn({ traceId: span.traceId, flags: span.flags, span }, work, nameOf);
}

async function runIn<Value>(
  context: TraceContext & { readonly span: Span },
  work: (note: Span['note']) => Promise<Value>,
  failureOf: (failure: unknown) => string,
): Promise<Value> {
  const { span } = context;
  try {
    const value = await contexts.run(context, () => work(span.note));
    span.end();
    return value;
  } catch (failure) {
    span.end(failureOf(failure));
    throw failure;
  }
}

/** Adds facts to the span of the whole request, if there is one. */
export function noteOnRequest(facts: SpanFacts): void {
  contextNow()?.requestSpan?.note(facts);
}

const ignore = (): void => undefined;
const nameOf = (failure: unknown): string => (failure instanceof Error ? failure.name : typeof failure);
