// Spans of a trace, as the rest of the bridge sees them: a port, so that only its adapter (ops/open-telemetry.ts) knows
// OpenTelemetry. Facts are routes, verbs, statuses and codes; never anything that a request carried.

export type SpanFacts = Readonly<Record<string, string | number>>;

/** Of W3C Trace Context, `traceparent` version 00. */
export interface TraceParent {
  /** 32 hex signs. */
  readonly traceId: string;
  /** 16 hex signs. */
  readonly spanId: string;
  /** 2 hex signs: `01` where the trace is recorded. */
  readonly flags: string;
}

/** OpenTelemetry's kinds: `server` answers a request, `client` calls another service or the store, `internal` is work of our own. */
export type SpanKind = 'server' | 'client' | 'internal';

export interface Span extends TraceParent {
  /** A call or a piece of work, as a part of this. */
  child(name: string, facts: SpanFacts, kind: SpanKind): Span;
  rename(name: string): void;
  note(facts: SpanFacts): void;
  /** @param failure one word, where it failed */
  end(failure?: string): void;
}

export interface Tracer {
  /** The span of a request, or of background work. @param parent the caller's, if it sent one */
  begin(name: string, parent: TraceParent | undefined, kind: SpanKind): Span;
}
