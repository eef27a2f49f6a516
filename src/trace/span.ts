// Spans of a trace: a port, so that only its adapter (ops/open-telemetry.ts) depends on OpenTelemetry. Facts are
// routes, verbs, statuses and codes; never content of a request.

export type SpanFacts = Readonly<Record<string, string | number>>;

/** Of W3C Trace Context, `traceparent` version 00. */
export interface TraceParent {
  /** 32 hex digits. */
  readonly traceId: string;
  /** 16 hex digits. */
  readonly spanId: string;
  /** 2 hex digits: `01` if the trace is recorded. */
  readonly flags: string;
}

/**
 * OpenTelemetry's kinds: `server` handles a request, `client` calls another service or the store, `internal` is the
 * bridge's own work.
 */
export type SpanKind = 'server' | 'client' | 'internal';

export interface Span extends TraceParent {
  /** A child span for a call or a piece of work. */
  child(name: string, facts: SpanFacts, kind: SpanKind): Span;
  rename(name: string): void;
  note(facts: SpanFacts): void;
  /** @param failure one word, if it failed */
  end(failure?: string): void;
}

export interface Tracer {
  /**
   * The span of a request, or of background work.
   * @param parent the caller's, if it sent one
   */
  begin(name: string, parent: TraceParent | undefined, kind: SpanKind): Span;
}
