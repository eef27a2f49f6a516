// The ids of a request: taken where they are plain, made where not, and kept across asynchronous calls.
import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate as turn } from 'node:timers/promises';
import { jest } from '@jest/globals';
import {
  carry,
  inSpan,
  inWork,
  isInRequest,
  keepContext,
  noteOnRequest,
  requestFields,
  runInRequest,
  runWithTracer,
  traceHeaders,
} from '../../src/trace/request-context.ts';
import { trace, tracerTo } from '../helpers/tracer.ts';

const traceParent = `00-${trace}-00f067aa0ba902b7-01`;

const within = (given: Parameters<typeof runInRequest>[0]) =>
  new Promise<{ id: string; fields: ReturnType<typeof requestFields>; headers: ReturnType<typeof traceHeaders> }>(
    (resolve) =>
      runInRequest(given, async (id, resume) => {
        await turn();
        resume(() => resolve({ id, fields: requestFields(), headers: traceHeaders() }));
      }),
  );

/** How often Node was asked to carry a context, and to stop. */
function watchNode() {
  const [run, disable] = (['run', 'disable'] as const).map((verb) => jest.spyOn(AsyncLocalStorage.prototype, verb));
  return () => [run?.mock.calls.length, disable?.mock.calls.length];
}
afterEach(() => jest.restoreAllMocks());

it('takes the ids that came, and gives each call to another service an id of its own', async () => {
  const { id, fields, headers } = await within({ requestId: 'req-1.a:b_2', traceParent });
  expect(id).toBe('req-1.a:b_2');
  expect(fields).toEqual({ request_id: id, trace_id: trace });
  expect(headers.traceparent).toMatch(new RegExp(`^00-${trace}-(?!00f067aa0ba902b7)[0-9a-f]{16}-01$`));
});

it.each(['', 'ann@juniper.example', 'two words', 'a\nb', 'x'.repeat(65), '<b>'])(
  'makes an id in place of %j',
  async (requestId) => {
    expect((await within({ requestId })).id).toMatch(/^[0-9a-f-]{36}$/);
  },
);

it.each([
  undefined,
  '',
  'x',
  `01-${trace}-00f067aa0ba902b7-01`,
  `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
  `00-${trace}-${'0'.repeat(16)}-01`,
  traceParent.toUpperCase(),
  `${traceParent}-more`,
])('starts a new trace, which is not recorded, for %j', async (given) => {
  const { fields, headers } = await within({ traceParent: given });
  expect(fields.trace_id).toMatch(/^[0-9a-f]{32}$/);
  expect(fields.trace_id).not.toBe(trace);
  expect(headers.traceparent).toBe(headers.traceparent?.replace(/-\w\w$/, '-00'));
});

it('keeps requests apart, and has nothing outside of one', async () => {
  const [first, second] = await Promise.all([within({ requestId: 'a' }), within({ requestId: 'b' })]);
  expect([first.fields.request_id, second.fields.request_id]).toEqual(['a', 'b']);
  expect(requestFields()).toEqual({});
  expect(traceHeaders()).toEqual({});
});

it('has the ids of a request where its work is resumed, and lets Node carry nothing for it', async () => {
  const recorded = watchNode();
  const seen: unknown[] = [];
  await new Promise<void>((done) =>
    runInRequest({ requestId: 'a' }, async () => {
      const resume = keepContext();
      seen.push(requestFields().request_id, isInRequest());
      await turn();
      seen.push(requestFields().request_id, isInRequest());
      expect(() => resume(() => seen.push(requestFields().request_id) && JSON.parse('{'))).toThrow(SyntaxError);
      seen.push(requestFields().request_id);
      done();
    }),
  );
  expect(seen).toEqual(['a', true, undefined, false, 'a', undefined]);
  expect(recorded()).toEqual([0, 0]);
});

it('carries the ids through work that says so, and lets Node carry nothing any more when all of it is done', async () => {
  const recorded = watchNode();
  const seen = await new Promise<unknown>((resolve) =>
    runInRequest({ requestId: 'a' }, () => {
      const work = carry(async () => {
        await turn();
        const outer = requestFields().request_id;
        const inner = await new Promise<unknown>((inside) =>
          runInRequest({ requestId: 'b' }, () => inside(requestFields().request_id)),
        );
        return [outer, inner, requestFields().request_id];
      });
      const failing = carry(() => turn().then(() => Promise.reject(new RangeError('x'))));
      resolve(Promise.all([work, failing.catch((failure) => failure.name)]));
    }),
  );
  expect(seen).toEqual([['a', 'b', 'a'], 'RangeError']);
  expect(recorded()).toEqual([2, 1]);
  expect(await carry(async () => requestFields())).toEqual({});
});

it('makes calls of a request spans of it, and gives their ids to the services called', async () => {
  const recorded: string[] = [];
  const headers = await new Promise<(string | undefined)[]>((resolve, reject) =>
    runInRequest(
      { traceParent },
      async () => {
        const inner = await inSpan('outer', {}, async (note) => {
          note({ a: 1 });
          const within = await inSpan('inner', { b: 'c' }, async () => traceHeaders().traceparent);
          noteOnRequest({ outcome: 'x' });
          return within;
        });
        const failed = inSpan('late', {}, () => Promise.reject(new RangeError('x')));
        await failed.then(reject, () => undefined);
        resolve([inner, traceHeaders().traceparent]);
      },
      tracerTo(recorded),
    ),
  );
  expect(headers).toEqual([`00-${trace}-${'3'.repeat(16)}-01`, `00-${trace}-${'1'.repeat(16)}-01`]);
  expect(recorded).toEqual([
    'request under 00f067aa0ba902b7',
    `outer under ${'1'.repeat(16)}`,
    'outer {}',
    'outer {"a":1}',
    `inner under ${'2'.repeat(16)}`,
    'inner {"b":"c"}',
    'inner ends',
    'request {"outcome":"x"}',
    'outer ends',
    `late under ${'1'.repeat(16)}`,
    'late {}',
    'late ends RangeError',
  ]);
});

it('makes each piece of background work a trace of its own, also what a timer starts later, and log lines have it', async () => {
  const recorded: string[] = [];
  const work = () =>
    inWork('nightly', async (note) => {
      note({ a: 1 });
      const within = await inWork('publish', async () => [traceHeaders().traceparent, isInRequest()]);
      await inWork('late', () => Promise.reject(new RangeError('x'))).catch(() => undefined);
      return [...within, requestFields()];
    });
  const result = await new Promise((resolve) =>
    runWithTracer(tracerTo(recorded), () => void setTimeout(() => resolve(work()), 0)),
  );
  expect(result).toEqual([`00-${trace}-${'2'.repeat(16)}-01`, false, { trace_id: trace }]);
  expect(recorded).toEqual([
    'nightly under none',
    'nightly {"a":1}',
    `publish under ${'1'.repeat(16)}`,
    'publish {}',
    'publish ends',
    `late under ${'1'.repeat(16)}`,
    'late {}',
    'late ends RangeError',
    'nightly ends',
  ]);
});

it('makes work of a request a part of it', async () => {
  const recorded: string[] = [];
  await new Promise<void>((resolve) =>
    runInRequest(
      {},
      () => resolve(inWork('publish', async () => expect(isInRequest()).toBe(true))),
      tracerTo(recorded),
    ),
  );
  expect(recorded).toEqual(['request under none', `publish under ${'1'.repeat(16)}`, 'publish {}', 'publish ends']);
});

it('makes calls and does work as they are where nothing is traced', async () => {
  await expect(inWork('x', async () => [5, requestFields(), traceHeaders()])).resolves.toEqual([5, {}, {}]);
  runWithTracer(undefined, () => expect(inWork('x', () => Promise.reject(new RangeError('y')))).rejects.toThrow());
  await expect(inSpan('x', {}, async () => 5)).resolves.toBe(5);
  await expect(inSpan('x', {}, () => Promise.reject(new RangeError('y')))).rejects.toThrow(RangeError);
  noteOnRequest({ a: 1 });
  const { fields } = await within({ traceParent });
  expect(fields.trace_id).toBe(trace);
});
