// Exports traces by OpenTelemetry's SDK, over OTLP/HTTP. Loaded only where a collector is set. What a span tells is decided by
// those who make it (trace/span.ts); no library is instrumented, so nothing of a request gets into a trace by itself.
import { hostname } from 'node:os';
import {
  type Context,
  ROOT_CONTEXT,
  type Span as SdkSpan,
  SpanKind as SdkSpanKind,
  type Tracer as SdkTracer,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { type ExportResult, ExportResultCode, parseKeyPairsIntoRecord } from '@opentelemetry/core';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
  serviceInstanceIdDetector,
} from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor, type SpanExporter } from '@opentelemetry/sdk-trace-base';
import type { Span, SpanKind, TraceParent, Tracer } from '../trace/span.ts';

export interface TraceExport {
  /** Where spans are posted to. */
  readonly url: string;
  /** As OTEL_EXPORTER_OTLP_HEADERS has them: `name=value`, comma separated, percent-encoded. May hold a secret. */
  readonly headers?: string | undefined;
  readonly protocol: 'http/protobuf' | 'http/json';
  /** Of the package. */
  readonly version?: string | undefined;
  /** Called when the collector stops taking spans, with one word why, and when it takes them again. */
  readonly onChange: (state: 'exported' | 'not-exported', reason: string) => void;
}

export interface OpenTelemetry {
  readonly tracer: Tracer;
  /** Sends what is left, for at most so long. Never rejects. */
  close(longestMs: number): Promise<void>;
}

/** Sampler, batches, timeouts, certificates and resource are the SDK's, by its own settings in the environment. */
export async function openOpenTelemetry(options: TraceExport): Promise<OpenTelemetry> {
  const exporter = reportChanges(await createExporter(options), options.onChange);
  const provider = new BasicTracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': 'sso-bridge', 'host.name': hostname(), ...versionOf(options) }))
      .merge(detectResources({ detectors: [serviceInstanceIdDetector, envDetector] })),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  const sdk = provider.getTracer('sso-bridge', options.version);
  return {
    tracer: { begin: (name, parent, kind) => startSpan(sdk, name, kind, contextOf(parent)) },
    async close(longestMs) {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, longestMs);
      });
      // What fails here was reported by its export.
      await Promise.race([provider.shutdown().catch(() => undefined), late]);
      clearTimeout(timer);
    },
  };
}

const versionOf = ({ version }: TraceExport) => (version === undefined ? {} : { 'service.version': version });

async function createExporter({ url, headers, protocol }: TraceExport): Promise<SpanExporter> {
  const { OTLPTraceExporter } =
    protocol === 'http/json'
      ? await import('@opentelemetry/exporter-trace-otlp-http')
      : await import('@opentelemetry/exporter-trace-otlp-proto');
  return new OTLPTraceExporter({ url, headers: parseKeyPairsIntoRecord(headers) });
}

function reportChanges(exporter: SpanExporter, onChange: TraceExport['onChange']): SpanExporter {
  let isWell = true;
  const report = ({ code, error }: ExportResult) => {
    const wasWell = isWell;
    isWell = code === ExportResultCode.SUCCESS;
    if (isWell !== wasWell) onChange(isWell ? 'exported' : 'not-exported', reasonOf(error));
  };
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        report(result);
        done(result);
      }),
    shutdown: () => exporter.shutdown(),
    forceFlush: async () => exporter.forceFlush?.(),
  };
}

/** The status that the collector answered, the code of a socket, or the error's name; a message may hold an address. */
const reasonOf = (error: unknown): string => {
  const { code, cause, name = 'unknown' } = Object(error);
  return `${code ?? Object(cause).code ?? name}`;
};

const contextOf = (parent: TraceParent | undefined): Context =>
  parent === undefined
    ? ROOT_CONTEXT
    : trace.setSpanContext(ROOT_CONTEXT, {
        traceId: parent.traceId,
        spanId: parent.spanId,
        traceFlags: Number.parseInt(parent.flags, 16),
        isRemote: true,
      });

const sdkKinds: Readonly<Record<SpanKind, SdkSpanKind>> = {
  server: SdkSpanKind.SERVER,
  client: SdkSpanKind.CLIENT,
  internal: SdkSpanKind.INTERNAL,
};

function startSpan(sdk: SdkTracer, name: string, kind: SpanKind, parent: Context): Span {
  const span = sdk.startSpan(name, { kind: sdkKinds[kind] }, parent);
  const { traceId, spanId, traceFlags } = span.spanContext();
  return {
    traceId,
    spanId,
    flags: traceFlags.toString(16).padStart(2, '0'),
    child(childName, facts, childKind) {
      const child = startSpan(sdk, childName, childKind, trace.setSpan(ROOT_CONTEXT, span));
      child.note(facts);
      return child;
    },
    rename: (text) => void span.updateName(text),
    note: (facts) => void span.setAttributes(facts),
    end: (failure) => endSpan(span, failure),
  };
}

function endSpan(span: SdkSpan, failure: string | undefined): void {
  if (failure !== undefined) {
    span.setAttribute('error.type', failure);
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end();
}
