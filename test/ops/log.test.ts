// The log: fields of a closed set, and never the words of a failure.

import { createLog } from '../../src/ops/log.ts';
import { StoreUnavailable } from '../../src/store/store.ts';
import { runInRequest } from '../../src/trace/request-context.ts';

function logged(tell: (log: ReturnType<typeof createLog>) => void): Record<string, unknown>[] {
  const lines: string[] = [];
  tell(createLog({ write: (line) => void lines.push(line) }));
  return lines.map((line) => JSON.parse(line));
}

const secret = 'ann@juniper.example';

class Named extends Error {
  readonly code = 'STORE_UNAVAILABLE';
  override readonly name = 'StoreUnavailable';
}

it('names in one word why the store does not answer', () => {
  const reply = Object.assign(new Error(`NOPERM ${secret}`), { name: 'ReplyError' });
  const lines = [reply, new Error(secret)].map((cause) => logged((log) => log.failure(new StoreUnavailable(cause)))[0]);
  expect(lines.map((line) => line?.['cause'])).toEqual(['ReplyError NOPERM', 'Error SILENT']);
  expect(JSON.stringify(lines)).not.toContain(secret);
});

it('records a failure with its kind, code, place and cause', () => {
  const [line] = logged((log) => log.failure(new Named(secret, { cause: new TypeError(secret) })));
  expect(line).toMatchObject({
    level: 'error',
    event: 'failure',
    failure: 'StoreUnavailable',
    code: 'STORE_UNAVAILABLE',
    cause: 'TypeError',
  });
  expect(Object.keys(line ?? {}).sort()).toEqual(['cause', 'code', 'event', 'failure', 'level', 'time']);
});

it.each([
  ['a message', new Error(secret)],
  [
    'a message of many lines that looks like a stack',
    new Error(`x\n    at src/${secret.replace('@', '/')}.ts:12\n    at src/ann/juniper:1:1`),
  ],
  ['a message that looks like a place', new Error('src/ann/juniper.ts:44')],
  ['a cause', new Error('x', { cause: new Error(secret, { cause: secret }) })],
  ['many causes', new AggregateError([new Error(secret)], secret)],
  ['a text', secret],
  ['an object', { message: secret, code: secret, stack: secret }],
  ['a code that is no text', Object.assign(new Error('x'), { code: { secret } })],
  ['nothing', undefined],
])('says nothing that %s holds', (_name, failure) => {
  const lines = logged((log) => log.failure(failure));
  expect(lines).toHaveLength(1);
  expect(JSON.stringify(lines)).not.toMatch(/ann|juniper/);
});

it('tells the place in our own code', () => {
  const failure = new Error('x');
  failure.stack = `Error: x\n    at read (node:fs:1:1)\n    at run (file:///srv/app/dist/src/roster/publish.js:12:3)`;
  expect(logged((log) => log.failure(failure))[0]).toMatchObject({ place: 'src/roster/publish.js:12' });
});

it('records a sign-in in one line, its time in whole milliseconds', () => {
  const [line, ...more] = logged((log) =>
    log.signIn({ outcome: 'not_rostered', app: 'summit-k12', reference: 'ABCD2345', durationMs: 12.7 }),
  );
  expect(line).toMatchObject({ event: 'sign-in', outcome: 'not_rostered', reference: 'ABCD2345', duration_ms: 13 });
  expect(more).toEqual([]);
});

it('leaves out what is less severe than its level', () => {
  const lines: string[] = [];
  const log = createLog({ write: (line) => void lines.push(line) }, 'warn');
  log.info('listening');
  log.warn('store-made');
  log.failure(new Error('x'));
  expect(lines.map((line) => JSON.parse(line).event)).toEqual(['store-made', 'failure']);
});

it('names the request that a line belongs to', async () => {
  const lines = await new Promise<Record<string, unknown>[]>((resolve) =>
    runInRequest({ requestId: 'r1' }, () => resolve(logged((log) => log.info('x')))),
  );
  expect(lines[0]).toMatchObject({ event: 'x', request_id: 'r1', trace_id: expect.any(String) });
});
