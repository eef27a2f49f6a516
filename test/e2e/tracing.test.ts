// Traces of a running server as a collector gets them: what they contain and what not, and that no sign-in depends on one.
import { execFile } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { type IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { demoPeople } from '../../sandbox/clever/people.ts';
import { type Fixture, isAtProduct, startFixture } from '../helpers/bridge.ts';
import { findBuilt, root } from '../helpers/bridge-build.ts';
import type { Answer } from '../helpers/bridge-client.ts';
import { createLeakWatch } from '../helpers/bridge-leaks.ts';
import { type BridgeProcess, type Environment, readLine, until } from '../helpers/bridge-process.ts';
import { type OtlpReceiver, type ReceivedSpan, startOtlpReceiver } from '../helpers/otlp-receiver.ts';

const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
const caller = '00f067aa0ba902b7';

let fixture: Fixture;
let receiver: OtlpReceiver;
/** What reached the stand-in Clever. */
const atClever: IncomingHttpHeaders[] = [];
const see = (message: unknown) => {
  const { request } = Object(message);
  if (request instanceof IncomingMessage && request.headers.host === new URL(fixture.clever.url).host)
    atClever.push(request.headers);
};

beforeAll(async () => {
  fixture = await startFixture({ engine: 'embedded' });
  subscribe('http.server.request.start', see);
});
afterAll(async () => {
  unsubscribe('http.server.request.start', see);
  await fixture.stop();
});
beforeEach(async () => {
  receiver = await startOtlpReceiver();
});
afterEach(() => receiver.close());

/** Sends each span soon, as JSON. */
const exporting = (own: Environment = {}): Environment => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
  OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
  OTEL_BSP_SCHEDULE_DELAY: '50',
  ...own,
});

/** A whole sign-in that meets this bridge, whatever address the others give. */
async function signIn(bridge: BridgeProcess, person: string, seen: Answer[] = []): Promise<Answer> {
  const browser = fixture.browser({ seeAnswer: (answer) => void seen.push(answer) });
  const callback = await fixture.toCallback(browser, fixture.launchAddress(person));
  const headers = { traceparent: `00-${trace}-${caller}-01` };
  const answer = await browser.once(`${bridge.url}${callback.pathname}${callback.search}`, { headers });
  return answer.location ? browser.open(answer.location) : answer;
}

const find = (name: string) => receiver.spans.filter((span) => span.name === name);

async function found(name: string): Promise<ReceivedSpan> {
  await until(() => find(name).length > 0, `a span ${name}`);
  const [span] = find(name);
  if (span === undefined) throw new Error('no span');
  return span;
}

it('records a sign-in: the route, its outcome, the calls to Clever and to the store, in the trace of the caller', async () => {
  const bridge = await fixture.addBridge(exporting({ OTEL_SERVICE_NAME: 'bridge-of-a-test' }));
  atClever.length = 0;
  expect(isAtProduct(fixture, await signIn(bridge, 'student'))).toBe(true);
  const request = await found('GET /oauth/clever/callback');
  expect(request).toMatchObject({ traceId: trace, parentSpanId: caller, kind: 2, isError: false });
  expect(request.facts).toEqual({
    'http.request.method': 'GET',
    'http.route': '/oauth/clever/callback',
    'http.response.status_code': 303,
    'sso_bridge.app': 'summit-k12',
    'sso_bridge.outcome': 'signed_in',
  });
  expect(request.resource).toMatchObject({ 'service.name': 'bridge-of-a-test', 'telemetry.sdk.language': 'nodejs' });
  const token = await found('clever token');
  expect(token).toMatchObject({ traceId: trace, parentSpanId: request.spanId, kind: 3 });
  expect(token.facts).toMatchObject({ 'server.address': 'localhost', 'http.response.status_code': 200 });
  // Clever continues the trace below the span of the call to it.
  expect(atClever.map(({ traceparent }) => traceparent)).toContain(`00-${trace}-${token.spanId}-01`);
  expect(await found('store commit')).toMatchObject({ traceId: trace, parentSpanId: request.spanId, kind: 3 });
  await until(() => bridge.signIns().length > 0, 'the log line');
  expect(bridge.signIns()[0]).toMatchObject({ outcome: 'signed_in', trace_id: trace });
});

it('names a refusal by its code and a failure by its word, on the spans of the request and of the call', async () => {
  const bridge = await fixture.addBridge(
    exporting({
      CLEVER_ISSUER: 'http://127.0.0.1:1',
      STAFF_ISSUER: 'http://127.0.0.1:1',
      STAFF_CLIENT_ID: 'a',
      STAFF_CLIENT_SECRET: 'b',
      STAFF_ADMIN: '@summit.example',
    }),
  );
  await fetch(`${bridge.url}/login`);
  const login = await found('GET /login');
  expect(login.facts).toMatchObject({ 'sso_bridge.outcome': 'clever_unavailable', 'http.response.status_code': 503 });
  expect(login.isError).toBe(true);
  expect((await found('clever discovery')).facts['error.type']).toBe('refused-connection');
  await fetch(`${bridge.url}/support/login`, { redirect: 'manual' });
  expect(await found('staff-provider')).toMatchObject({ isError: true, facts: { 'server.address': '127.0.0.1' } });
  await fetch(`${bridge.url}/no-such-page/ann@juniper.example?code=x`);
  const missing = await found('GET');
  expect(missing.facts).toEqual({ 'http.request.method': 'GET', 'http.response.status_code': 404 });
});

it('records a roster by SFTP and the upkeep of sessions, in a trace each, without a span for each call of the store', async () => {
  const drop = join(fixture.storePath ?? '', '..', 'drop');
  const incoming = join(drop, 'juniper-flats', 'incoming');
  mkdirSync(join(drop, 'juniper-flats', 'outgoing'), { recursive: true });
  cpSync(join(root, 'sandbox/rosters/juniper-flats'), incoming, { recursive: true });
  writeFileSync(join(incoming, 'upload.done'), '');
  const bridge = await fixture.addBridge(exporting({ SFTP_DROP: drop }));
  const set = await found('drop set');
  expect(set).toMatchObject({ kind: 1, parentSpanId: undefined, isError: false, facts: {} });
  const publish = await found('roster publish');
  expect(publish).toMatchObject({ kind: 1, traceId: set.traceId, parentSpanId: set.spanId });
  expect(publish.facts).toEqual({ 'sso_bridge.method': 'sftp', 'sso_bridge.outcome': 'published' });
  const upkeep = await found('session upkeep');
  expect(upkeep).toMatchObject({ kind: 1, parentSpanId: undefined, isError: false });
  expect(receiver.spans.map(({ name }) => name).filter((name) => name.startsWith('store'))).toEqual([]);
  const lines = bridge.raw.map(readLine);
  expect(lines).toContainEqual(expect.objectContaining({ event: 'roster-published', trace_id: set.traceId }));
});

it('holds no address, name, token, code or query string in any span', async () => {
  const bridge = await fixture.addBridge(exporting());
  const leaks = createLeakWatch(demoPeople, fixture.env);
  const seen: Answer[] = [];
  for (const person of ['student', 'teacher', 'no-email']) await signIn(bridge, person, seen);
  for (const answer of seen) leaks.learn(answer);
  const session = seen.flatMap(({ headers }) => headers.getSetCookie()).join();
  expect(session).toContain('=eyJ');
  await fetch(`${bridge.url}/login?return_to=https://ann.juniper.example/&district_id=x`);
  await until(() => find('GET /oauth/clever/callback').length >= 3 && find('GET /login').length > 0, 'all spans');
  const reported = receiver.spans.map(({ name, facts }) => JSON.stringify([name, facts]));
  leaks.check(reported);
  expect(reported.join('\n')).not.toMatch(/[?@]|juniper|%/);
  const names = new Set(receiver.spans.flatMap(({ facts }) => Object.keys(facts)));
  expect([...names].filter((name) => !known.has(name))).toEqual([]);
});

/** Every attribute that a span may have. */
const known = new Set([
  'http.request.method',
  'http.route',
  'http.response.status_code',
  'server.address',
  'error.type',
  'db.operation.name',
  'sso_bridge.outcome',
  'sso_bridge.app',
  'sso_bridge.method',
]);

it('sends what is left while it stops, and secret headers from a file', async () => {
  const file = join(fixture.storePath ?? '', '..', 'headers');
  writeFileSync(file, 'authorization=Bearer%20of-a-test,x-tenant=district-office\n');
  const bridge = await fixture.addBridge(
    exporting({ OTEL_BSP_SCHEDULE_DELAY: '3600000', OTEL_EXPORTER_OTLP_HEADERS_FILE: file }),
  );
  await fetch(`${bridge.url}/`);
  expect(receiver.requests).toEqual([]);
  expect(await bridge.stop()).toBe(0);
  expect(find('GET /').length).toBe(1);
  expect(receiver.requests[0]).toMatchObject({
    path: '/v1/traces',
    headers: { authorization: 'Bearer of-a-test', 'x-tenant': 'district-office' },
  });
  expect(bridge.raw.join('\n')).not.toContain('of-a-test');
});

it('speaks protobuf where nothing else is asked for, to the address for traces where there is one', async () => {
  const bridge = await fixture.addBridge({
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1',
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${receiver.url}/otlp/own`,
    OTEL_BSP_SCHEDULE_DELAY: '50',
  });
  await fetch(`${bridge.url}/`);
  await until(() => receiver.requests.length > 0, 'an export');
  expect(receiver.requests[0]).toMatchObject({
    path: '/otlp/own',
    headers: { 'content-type': 'application/x-protobuf' },
  });
  expect(receiver.requests[0]?.body.includes('GET /')).toBe(true);
});

it('samples as the setting of the SDK says, and logs the trace all the same', async () => {
  const bridge = await fixture.addBridge(exporting({ OTEL_TRACES_SAMPLER: 'always_off' }));
  expect(isAtProduct(fixture, await signIn(bridge, 'student'))).toBe(true);
  await until(() => bridge.signIns().length > 0, 'the log line');
  expect(bridge.signIns()[0]).toMatchObject({ trace_id: trace });
  expect(await bridge.stop()).toBe(0);
  expect(receiver.requests).toEqual([]);
});

it('signs in beside a collector that is down, and says so once', async () => {
  const bridge = await fixture.addBridge(
    exporting({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1', OTEL_EXPORTER_OTLP_TIMEOUT: '200' }),
  );
  const reported = () => bridge.raw.map(readLine).filter(({ event }) => event === 'traces-not-exported');
  expect(isAtProduct(fixture, await signIn(bridge, 'student'))).toBe(true);
  await until(() => reported().length > 0, 'a word on the collector');
  expect(reported()[0]).toMatchObject({ level: 'warn', reason: 'ECONNREFUSED' });
  expect(isAtProduct(fixture, await signIn(bridge, 'teacher'))).toBe(true);
  expect(await bridge.stop()).toBe(0);
  expect(reported()).toHaveLength(1);
});

it('neither waits for a collector that never answers nor is kept from ending by it', async () => {
  const silent = await startOtlpReceiver('silent');
  const bridge = await fixture.addBridge(
    exporting({ OTEL_EXPORTER_OTLP_ENDPOINT: silent.url, OTEL_EXPORTER_OTLP_TIMEOUT: '3600000' }),
  );
  expect(isAtProduct(fixture, await signIn(bridge, 'student'))).toBe(true);
  await until(() => silent.requests.length > 0, 'an export');
  expect(isAtProduct(fixture, await signIn(bridge, 'teacher'))).toBe(true);
  // Killed after a minute, it would have no exit code.
  expect(await bridge.stop()).toBe(0);
  await silent.close();
});

it('loads no part of the SDK where no collector is set', async () => {
  const script = `
    const { openTracing } = await import(${JSON.stringify(pathToFileURL(findBuilt('src/compose/tracing.js')).href)});
    const loaded = () => Object.keys(process.getBuiltinModule('module')._cache).some((path) => path.includes('sdk-trace'));
    const log = { info() {}, warn() {} };
    await openTracing({}, log);
    const without = loaded();
    await openTracing({ OTEL_EXPORTER_OTLP_ENDPOINT: new URL('http://127.0.0.1:1') }, log);
    console.log(JSON.stringify({ without, with: loaded() }));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
  expect(JSON.parse(stdout)).toEqual({ without: false, with: true });
});
