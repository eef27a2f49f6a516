// The hooks beside what frameworks do: the claims of a request, an answer of the product's own, a failure. In the real
// frameworks they are tried in package.test.ts.
import type { VerifiedSession } from '../../src/verifier/create-verifier.ts';
import {
  answerRefusal,
  type Refused,
  requireFastifySession,
  requireHonoSession,
  requireSession,
  sessionOf,
  type Verifier,
} from '../../src/verifier/verifier.ts';

const claims: VerifiedSession = {
  sub: 'a',
  sid: 's',
  jti: 'j',
  iat: 1,
  exp: 2,
  district: 'juniper-flats',
  role: 'teacher',
  matched: { by: 'email', roster: 'sftp' },
};
const judge: Pick<Verifier, 'verifySession'> = {
  async verifySession(token) {
    if (token === 'broken') throw new TypeError('broken');
    return token === 'good' ? { kind: 'verified', claims } : { kind: 'refused', code: 'token_expired' };
  },
};

/** What happens to a request in each framework: passed on, answered with, failed. */
const frameworks = {
  async express(authorization: string, onRefused?: (refusal: Refused) => string) {
    const request = { headers: { authorization } };
    const seen: string[] = [];
    const response = {
      locals: {} as Record<string, unknown>,
      statusCode: 200,
      setHeader: () => undefined,
      end: (body: string) => seen.push(`${response.statusCode} ${body}`),
    };
    const own = onRefused && {
      onRefused: (refusal: Refused, _request: unknown, answer: typeof response) => answer.end(onRefused(refusal)),
    };
    await requireSession<typeof request, typeof response>(judge, own)(request, response, (failure) => {
      seen.push(failure === undefined ? 'passed' : 'failed');
    });
    if (seen[0] === 'passed') expect(response.locals['session']).toBe(sessionOf(request));
    return { key: request, seen };
  },
  async fastify(authorization: string, onRefused?: (refusal: Refused) => string) {
    const request = { headers: { authorization } };
    const seen: string[] = [];
    let status = 200;
    const reply = {
      code: (given: number) => {
        status = given;
      },
      header: () => undefined,
      send: (body: string) => void seen.push(`${status} ${body}`),
    };
    const own = onRefused && {
      onRefused: (refusal: Refused, _request: unknown, answer: typeof reply) => answer.send(onRefused(refusal)),
    };
    const hook = requireFastifySession<typeof request, typeof reply>(judge, own);
    await hook(request, reply).then(
      // Fastify goes on after a hook that returns nothing.
      (returned) => returned === undefined && seen.push('passed'),
      () => seen.push('failed'),
    );
    return { key: request, seen };
  },
  async hono(authorization: string, onRefused?: (refusal: Refused) => string) {
    const context = { req: { header: (name: string) => (name === 'authorization' ? authorization : undefined) } };
    const seen: string[] = [];
    const own = onRefused && { onRefused: (refusal: Refused) => new Response(onRefused(refusal)) };
    const middleware = requireHonoSession<typeof context>(judge, own);
    try {
      const answer = await middleware(context, async () => void seen.push('passed'));
      if (answer !== undefined) seen.push(`${answer.status} ${await answer.text()}`);
    } catch {
      seen.push('failed');
    }
    return { key: context, seen };
  },
};

describe.each(Object.entries(frameworks))('the hook for %s', (_name, meet) => {
  it('passes a good session on, once, with its claims', async () => {
    const { key, seen } = await meet('Bearer good');
    expect([seen, sessionOf(key)]).toEqual([['passed'], claims]);
  });

  it('answers a refusal once, and keeps no claims', async () => {
    const { key, seen } = await meet('Bearer old');
    expect(seen).toEqual(['401 {"error":"token_expired"}']);
    expect(() => sessionOf(key)).toThrow(TypeError);
  });

  it('lets the product answer a refusal', async () => {
    const { key, seen } = await meet('Bearer old', ({ code }) => `see /login after ${code}`);
    expect(seen).toEqual(['200 see /login after token_expired']);
    expect(() => sessionOf(key)).toThrow(TypeError);
  });

  it('hands a failure on, and passes nothing', async () => {
    const { key, seen } = await meet('Bearer broken');
    expect(seen).toEqual(['failed']);
    expect(() => sessionOf(key)).toThrow(TypeError);
  });
});

it.each([
  ['token_missing', 401],
  ['token_invalid', 401],
  ['token_expired', 401],
  ['session_ended', 401],
  ['keys_unavailable', 503],
  ['revocations_stale', 503],
] as const)('%s is answered with %i', (code, status) => {
  const answer = answerRefusal({ kind: 'refused', code });
  expect([answer.status, JSON.parse(answer.body)]).toEqual([status, { error: code }]);
  expect(Object.keys(answer.headers).includes('www-authenticate')).toBe(status === 401);
});
