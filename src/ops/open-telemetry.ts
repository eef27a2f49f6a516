// Exports traces with OpenTelemetry's SDK, over OTLP/HTTP. Loaded only if a collector is set. Spans contain only the
// facts that trace/span.ts allows; no library is instrumented, so no content of a request gets into a trace.
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
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
  serviceInstanceIdDetector,
} from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor, type SpanExporter } from '@opentelemetry/sdk-trace-base';
import type { Span, SpanKind, TraceParent, Tracer } from '../trace/span.ts';

interface TraceExport {
  /** The URL to which spans are posted. */
  readonly url: string;
  /** Format of OTEL_EXPORTER_OTLP_HEADERS: `name=value`, comma-separated, percent-encoded. May contain a secret. */
  readonly headers?: string | undefined;
  readonly protocol: 'http/protobuf' | 'http/json';
  /** Of the package. */
  readonly version?: string | undefined;
  /** Called when the collector stops accepting spans, with a one-word reason, and when it accepts them again. */
  readonly onChange: (state: 'exported' | 'not-exported', reason: string) => void;
}

export interface OpenTelemetry {
  readonly tracer: Tracer;
  /** Sends the remaining spans, up to the given time. Never rejects. */
  close(timeoutMs: number): Promise<void>;
}

/** The SDK's own environment settings configure sampler, batches, timeouts, certificates and resource. */
export async function openOpenTelemetry(options: TraceExport): Promise<OpenTelemetry> {
  const exporter = reportChanges(createExporter(options), options.onChange);
  const provider = new BasicTracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': 'sso-bridge', 'host.name': hostname(), ...versionOf(options) }))
      .merge(detectResources({ detectors: [serviceInstanceIdDetector, envDetector] })),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  const sdk = provider.getTracer('sso-bridge', options.version);
  return {
    tracer: { begin: (name, parent, kind) => startSpan(sdk, name, kind, contextOf(parent)) },
    async close(timeoutMs) {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, timeoutMs);
      });
      // A failed export was reported already.
      await Promise.race([provider.shutdown().catch(() => undefined), late]);
      clearTimeout(timer);
    },
  };
}

const versionOf = ({ version }: TraceExport) => (version === undefined ? {} : { 'service.version': version });

function createExporter({ url, headers, protocol }: TraceExport): SpanExporter {
  // Imported at the top: of a package in CommonJS, the bundle's `import()` has no named exports.
  const Exporter = protocol === 'http/json' ? JsonExporter : ProtobufExporter;
  return new Exporter({ url, headers: parseKeyPairsIntoRecord(headers) });
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

/** The collector's status, the socket's error code, or the error's name; a message may contain an address. */
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
