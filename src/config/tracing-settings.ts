// Settings of OpenTelemetry, with OpenTelemetry's names. The SDK reads its own settings from the environment.
import type * as z from 'zod';
import type { ConfigProblem } from './gather-settings.ts';
import { setting, text } from './setting.ts';

/** Collectors run in the operator's own network, so `http:` is allowed for every host. */
const collector = setting('an http or https address, without user, query or fragment', (value) => {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || url.username || url.password || url.search || url.hash) return undefined;
  return /^https?:$/.test(url.protocol) ? url : undefined;
});

const namedValues = /^\s*[^\s=,]+\s*=[^,]*(,\s*[^\s=,]+\s*=[^,]*)*$/;

export const tracingSettings = {
  OTEL_EXPORTER_OTLP_ENDPOINT: collector.optional(),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: collector.optional(),
  OTEL_EXPORTER_OTLP_HEADERS: text.optional(),
  OTEL_EXPORTER_OTLP_TRACES_HEADERS: text.optional(),
  OTEL_EXPORTER_OTLP_PROTOCOL: text.optional(),
  OTEL_SDK_DISABLED: text.optional(),
  OTEL_TRACES_EXPORTER: text.optional(),
} as const;

type TracingSettings = z.infer<z.ZodObject<typeof tracingSettings>>;

/** Read by the SDK from the environment only; setting them in config/ has no effect. */
export const sdkSettingNames: readonly string[] = [
  'OTEL_SERVICE_NAME',
  'OTEL_RESOURCE_ATTRIBUTES',
  'OTEL_TRACES_SAMPLER',
  'OTEL_TRACES_SAMPLER_ARG',
  ...['SCHEDULE_DELAY', 'EXPORT_TIMEOUT', 'MAX_QUEUE_SIZE', 'MAX_EXPORT_BATCH_SIZE'].map((name) => `OTEL_BSP_${name}`),
  ...['OTEL_EXPORTER_OTLP_', 'OTEL_EXPORTER_OTLP_TRACES_'].flatMap((prefix) =>
    ['TIMEOUT', 'COMPRESSION', 'CERTIFICATE', 'CLIENT_CERTIFICATE', 'CLIENT_KEY'].map((name) => `${prefix}${name}`),
  ),
  'OTEL_ATTRIBUTE_COUNT_LIMIT',
  'OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT',
  'OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT',
  'OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT',
];

const samplers = ['always_on', 'always_off', 'traceidratio'].flatMap((name) => [name, `parentbased_${name}`]);

/**
 * The URL to which spans are posted; undefined if tracing is off. OTLP exporter specification, "Endpoint URLs for
 * OTLP/HTTP".
 */
export function readTraceUrl(settings: Partial<TracingSettings>): string | undefined {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: all, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: traces } = settings;
  if (settings.OTEL_SDK_DISABLED?.toLowerCase() === 'true' || settings.OTEL_TRACES_EXPORTER === 'none')
    return undefined;
  return traces?.href ?? (all && `${all.href.replace(/\/$/, '')}/v1/traces`);
}

/** Only if tracing is on: the same names may be set for other programs of the machine. */
export function tracingProblems(
  settings: Partial<TracingSettings>,
  values: Readonly<Record<string, string>>,
): ConfigProblem[] {
  if (readTraceUrl(settings) === undefined) return [];
  const among = (name: string, words: readonly string[]): ConfigProblem[] =>
    values[name] === undefined || words.includes(values[name])
      ? []
      : [{ setting: name, message: `must be one of ${words.join(', ')}` }];
  const headers = ['OTEL_EXPORTER_OTLP_HEADERS', 'OTEL_EXPORTER_OTLP_TRACES_HEADERS'].filter(
    (name) => values[name] !== undefined && !namedValues.test(values[name]),
  );
  return [
    ...headers.map((name) => ({ setting: name, message: 'must be name=value pairs, comma separated' })),
    ...among('OTEL_EXPORTER_OTLP_PROTOCOL', ['http/protobuf', 'http/json']),
    ...among('OTEL_TRACES_EXPORTER', ['otlp', 'none']),
    ...among('OTEL_TRACES_SAMPLER', samplers),
  ];
}
