// The log: fields of a closed set, and never the words of a failure; the place of a failure; one line for a flood.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createLimitedLog, createLog, findSourcePlace } from '../../src/ops/log.ts';
import { StoreUnavailable } from '../../src/store/store.ts';
import { runInRequest } from '../../src/trace/request-context.ts';
import { withWallClock } from '../helpers/clock.ts';

function logged(write: (log: ReturnType<typeof createLog>) => void): Record<string, unknown>[] {
  const lines: string[] = [];
  write(createLog({ write: (line) => void lines.push(line) }));
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

it('names the place in our own code', () => {
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

it('a flood is a line at its first request and one every ten seconds', () => {
  let now = 0;
  const lines: unknown[] = [];
  const emit = createLimitedLog((rule: string, count) => lines.push([rule, count]), { clock: () => now });
  for (let second = 0; second <= 20; second += 1) {
    now = second * 1000;
    for (let count = 0; count < 100; count += 1) emit('address');
  }
  emit('browser');
  expect(lines).toEqual([
    ['address', 1],
    ['address', 1000],
    ['address', 1000],
    ['browser', 1],
  ]);
});

it('a flood is no second line when the clock of the machine is set', async () => {
  const lines: unknown[] = [];
  await withWallClock(async (advance) => {
    const emit = createLimitedLog((rule: string, count) => lines.push([rule, count]));
    emit('address');
    advance(3_600);
    emit('address');
  });
  expect(lines).toEqual([['address', 1]]);
});

describe('the place of a failure', () => {
  const stack = (...frames: string[]) => ['Error', ...frames.map((frame) => `    at ${frame}`)].join('\n');

  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sso-source-place-'));
    await mkdir(join(folder, 'bridge'));
    // Three generated lines: the first of a library, the second and third lines 1 and 2 of ours.
    const sources = ['../../node_modules/a/src/a.js', '../../src/roster/publish.ts'];
    const map = { version: 3, sources, names: [], mappings: 'AAAA;ACAA;AACA' };
    await writeFile(join(folder, 'bridge', 'chunk.js.map'), JSON.stringify(map));
    await writeFile(join(folder, 'bridge', 'broken.js.map'), '{');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const built = (file: string) => pathToFileURL(join(folder, 'bridge', file)).href;

  it('names the TypeScript file and line of what was built, past the frames of libraries', () => {
    const frames = [
      'read (node:fs:1:1)',
      'run (file:///app/node_modules/b/src/b.js:1:1)',
      `Object.a (${built('chunk.js')}:1:9)`,
      `async ${built('chunk.js')}:3:9`,
      `ours (${built('chunk.js')}:2:9)`,
    ];
    expect(findSourcePlace(stack(...frames))).toBe('src/roster/publish.ts:2');
  });

  it.each([
    ['is without a map', 'file:///app/dist/src/serve.js:12:3', 'src/serve.js:12'],
    ['was not built', '/app/src/serve.ts:12:3', 'src/serve.ts:12'],
  ])('names the file itself where it %s', (_, frame, place) => {
    expect(findSourcePlace(stack(`serve (${frame})`))).toBe(place);
  });

  it('names none where the map of a bundle cannot be read', () => {
    expect(findSourcePlace(stack(`run (${built('broken.js')}:1:1)`))).toBeUndefined();
  });

  it.each([
    ['no frame is ours', stack('read (node:fs:1:1)', 'file:///app/node_modules/b/b.js:1:1')],
    ['there is no stack', ''],
  ])('names none where %s', (_, text) => {
    expect(findSourcePlace(text)).toBeUndefined();
  });
});
