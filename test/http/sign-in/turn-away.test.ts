// The answer of an overloaded server to the start of a sign-in, and that other requests are not affected.
import type { Express } from 'express';
import request from 'supertest';
import { createApp } from '../../../src/http/app.ts';
import { createCookies } from '../../../src/http/kit/cookies.ts';
import { createHomeRoutes } from '../../../src/http/sign-in/home-routes.ts';
import { createSignInRoutes, type SignInRoutesNeeds } from '../../../src/http/sign-in/routes.ts';
import type { SignInEvent } from '../../../src/sign-in/sign-in-event.ts';

const events: SignInEvent[] = [];
beforeEach(() => {
  events.length = 0;
});

function createFullApp(): Express {
  const unasked = async () => {
    throw new TypeError('must not be called');
  };
  const cookies = createCookies({ secure: false });
  const productUrl = new URL('http://localhost:4000');
  const needs: SignInRoutesNeeds = {
    begin: unasked,
    complete: async () => ({ kind: 'continue', returnTo: 'http://localhost:4000/' }),
    admission: { takes: () => false },
    cookies,
    keptRefusals: { seal: () => '', openLatest: () => undefined },
    report: (event) => events.push(event),
    productUrl,
    returnOrigins: ['http://localhost:4000'],
    stateless: 'restart',
  };
  const home = createHomeRoutes({
    cookies,
    productUrl,
    publicUrl: new URL('http://localhost:3000'),
    findLiveSession: async () => undefined,
    tokens: { verify: async () => undefined },
    registry: { end: unasked },
    formToken: { make: () => '', fits: () => false },
    isDistrictVisitor: async () => false,
  });
  return createApp({
    routers: [createSignInRoutes(needs), home],
    https: false,
    onFailure: () => undefined,
    isStoreSilent: () => false,
  });
}

describe.each([
  '/login',
  '/login?app=secure-sync&return_to=http://localhost:4000/a',
  '/oauth/clever/callback?code=of-the-portal',
  '/oauth/clever/secure-sync/callback?code=of-the-portal',
])('a start at %s', (path) => {
  it('is answered with a page that says to come back, in some five to fifteen seconds', async () => {
    const times = new Set<number>();
    for (let one = 0; one < 30; one += 1) {
      const answer = await request(createFullApp()).get(path).set('Accept', 'text/html');
      expect([answer.status, answer.type]).toEqual([503, 'text/html']);
      expect(answer.headers['set-cookie']).toBeUndefined();
      times.add(Number(answer.headers['retry-after']));
    }
    expect(Math.min(...times)).toBeGreaterThanOrEqual(5);
    expect(Math.max(...times)).toBeLessThanOrEqual(15);
    expect(times.size).toBeGreaterThan(1);
  });

  it('is a problem to a program, and no line in the log', async () => {
    const answer = await request(createFullApp()).get(path).set('Accept', 'application/json');
    expect(answer.status).toBe(503);
    expect(answer.body).toMatchObject({ code: 'service_unavailable', owner: 'summit', retryable: true });
    expect(events).toEqual([]);
  });
});

describe('meanwhile', () => {
  it('a callback is finished', async () => {
    const answer = await request(createFullApp()).get('/oauth/clever/callback?code=c&state=s');
    expect([answer.status, answer.headers['location']]).toEqual([303, 'http://localhost:4000/']);
  });

  it.each([
    ['/', 200],
    ['/signed-out', 200],
    ['/login?app=unknown', 400],
    ['/oauth/clever/callback?error=access_denied', 403],
  ])('%s is answered with %i as ever', async (path, status) => {
    expect((await request(createFullApp()).get(path)).status).toBe(status);
  });
});
