// Settings of OpenTelemetry: where spans go, and what is refused where they go anywhere.
import { readConfig } from '../../src/config/config.ts';
import { readTraceUrl } from '../../src/config/tracing-settings.ts';

const least = {
  CLEVER_CLIENT_ID: 'a',
  CLEVER_CLIENT_SECRET: 'b',
  PRODUCT_URL: 'http://localhost:4000/',
  PUBLIC_URL: 'http://localhost:1',
  CLEVER_ISSUER: 'http://127.0.0.1:1',
  CLEVER_API_URL: 'http://127.0.0.1:1',
  PORT: '0',
  OPS_PORT: '0',
  STORE_URL: 'embedded:x',
  SESSION_TTL: '8h',
  ATTEMPT_RETENTION: '1d',
  CLEVER_STATELESS: 'restart',
  CLEVER_PKCE: 'on',
  SYNC_AT: '10:00',
  LIMITS: 'on',
};
const read = (settings: Readonly<Record<string, string>>) => readConfig({ ...least, ...settings }, []);
const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector.example:4318' };

function urlOf(settings: Readonly<Record<string, string>>): string | undefined {
  const found = read(settings);
  if (found.kind === 'problems') throw new Error(JSON.stringify(found.problems));
  return readTraceUrl(found.config);
}

it.each([
  [{}, undefined],
  [endpoint, 'http://collector.example:4318/v1/traces'],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'https://c.example/otlp/' }, 'https://c.example/otlp/v1/traces'],
  [{ ...endpoint, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://t.example/own' }, 'https://t.example/own'],
  [{ ...endpoint, OTEL_SDK_DISABLED: 'true' }, undefined],
  [{ ...endpoint, OTEL_TRACES_EXPORTER: 'none' }, undefined],
])('%j sends spans to %s', (settings, url) => {
  expect(urlOf(settings)).toBe(url);
});

it.each([
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' }, 'OTEL_EXPORTER_OTLP_ENDPOINT'],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://user:password@c.example' }, 'OTEL_EXPORTER_OTLP_ENDPOINT'],
  [{ ...endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, 'OTEL_EXPORTER_OTLP_PROTOCOL'],
  [{ ...endpoint, OTEL_TRACES_EXPORTER: 'zipkin' }, 'OTEL_TRACES_EXPORTER'],
  [{ ...endpoint, OTEL_TRACES_SAMPLER: 'always' }, 'OTEL_TRACES_SAMPLER'],
  [{ ...endpoint, OTEL_EXPORTER_OTLP_HEADERS: 'a-secret' }, 'OTEL_EXPORTER_OTLP_HEADERS'],
])('%j is refused at %s', (settings, name) => {
  const found = read(settings);
  expect(found.kind === 'problems' && found.problems.map(({ setting }) => setting)).toEqual([name]);
});

it('accepts settings for other programs, while no collector is set', () => {
  expect(read({ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc', OTEL_TRACES_SAMPLER: 'xray' }).kind).toBe('config');
});

it('shows headers in the audit log only as set', () => {
  const found = read({ ...endpoint, OTEL_EXPORTER_OTLP_HEADERS: 'authorization=a-secret' });
  expect(found.kind === 'config' && found.shown['OTEL_EXPORTER_OTLP_HEADERS']).toBe('set');
});
