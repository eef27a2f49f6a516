// Traces, if OTEL_EXPORTER_OTLP_ENDPOINT is set; otherwise no part of the SDK is loaded.

import type { Config } from '../config/config.ts';
import { readTraceUrl } from '../config/tracing-settings.ts';
import type { Log } from '../ops/log.ts';
import type { Tracer } from '../trace/span.ts';

export interface Tracing {
  readonly tracer: Tracer | undefined;
  /** Sends the remaining spans, for at most two seconds. */
  close(): Promise<void>;
}

const maxFlushMs = 2_000;

export async function openTracing(config: Config, log: Log, version: string | undefined): Promise<Tracing> {
  const url = readTraceUrl(config);
  if (url === undefined) return { tracer: undefined, close: async () => undefined };
  const { openOpenTelemetry } = await import('../ops/open-telemetry.ts');
  const { tracer, close } = await openOpenTelemetry({
    url,
    version,
    headers: config.OTEL_EXPORTER_OTLP_TRACES_HEADERS ?? config.OTEL_EXPORTER_OTLP_HEADERS,
    protocol: config.OTEL_EXPORTER_OTLP_PROTOCOL === 'http/json' ? 'http/json' : 'http/protobuf',
    onChange: (state, reason) =>
      state === 'exported' ? log.info('traces-exported') : log.warn('traces-not-exported', { reason }),
  });
  return { tracer, close: () => close(maxFlushMs) };
}
