// The bridge's cookies: their attributes, and that a browser has at most five open sign-ins.
import express from 'express';
import request from 'supertest';
import { type CookieSettings, createCookies, readOnce } from '../../../src/http/kit/cookies.ts';
import { isSameOrigin } from '../../../src/http/kit/csrf.ts';

/** A name as sign-in/state.ts makes them: the time, then random characters. */
const attempt = (time: number) => `${String(time).padStart(9, '0')}-_random`;

function serve(settings: CookieSettings) {
  const cookies = createCookies(settings);
  const app = express();
  app.get('/session', (incoming, response) => {
    cookies.setSession(incoming, response, 'token', 60);
    response.end();
  });
  app.get('/clear', (incoming, response) => {
    cookies.clearSession(incoming, response);
    response.end();
  });
  app.get('/clear-all', (incoming, response) => {
    cookies.clearAttempts(incoming, response);
    response.end();
  });
  app.get('/attempt/:name', (incoming, response) => {
    cookies.addAttempt(incoming, response, incoming.params.name, 'sealed');
    response.end();
  });
  app.get('/refuse/:name', (incoming, response) => {
    cookies.keepRefusal(incoming, response, incoming.params.name, 'kept');
    response.end();
  });
  app.get('/refusals', (incoming, response) => {
    response.send([...cookies.refusals(incoming).keys()].join());
  });
  app.get('/clear-refusals', (incoming, response) => {
    cookies.clearRefusals(incoming, response);
    response.end();
  });
  app.get('/has-any', (incoming, response) => {
    response.send(String(cookies.hasAny(incoming)));
  });
  app.get('/read', (incoming, response) => {
    response.json([cookies.sessions(incoming), cookies.attempt(incoming, attempt(1)), cookies.hasAny(incoming)]);
  });
  return {
    get: async (path: string, cookie = '') => {
      const answer = await request(app).get(path).set('Cookie', cookie);
      const set: unknown = answer.headers['set-cookie'];
      return { body: answer.body, text: answer.text, set: Array.isArray(set) ? set.map(String) : [] };
    },
  };
}

describe('the session cookie', () => {
  it.each<[string, CookieSettings, string]>([
    [
      'on https',
      { secure: true },
      '__Host-summit_session=token; Max-Age=60; Path=/; Expires=…; HttpOnly; Secure; SameSite=Lax',
    ],
    [
      'on http://localhost',
      { secure: false },
      'summit_session=token; Max-Age=60; Path=/; Expires=…; HttpOnly; SameSite=Lax',
    ],
    [
      'with a domain',
      { secure: true, sessionDomain: 'summit.example' },
      'summit_session=token; Max-Age=60; Domain=summit.example; Path=/; Expires=…; HttpOnly; Secure; SameSite=Lax',
    ],
  ])('%s', async (_name, settings, expected) => {
    const { set } = await serve(settings).get('/session');
    expect(set.map((each) => each.replace(/Expires=[^;]+/, 'Expires=…'))).toEqual([expected]);
  });

  it('is cleared with the attributes it was set with', async () => {
    const { set } = await serve({ secure: true, sessionDomain: 'summit.example' }).get('/clear');
    expect(set[0]).toMatch(/^summit_session=; Domain=summit\.example; Path=\/; Expires=Thu, 01 Jan 1970.*Secure/);
  });

  it('is read by its whole name only, and not decoded', async () => {
    const { get } = serve({ secure: true });
    expect((await get('/read', 'xsummit_session=x; summit_sessions=y')).body).toEqual([[], null, false]);
    expect((await get('/read', '__Host-summit_session=x%3D')).body).toEqual([['x%3D'], null, true]);
    expect((await get('/read', `__Host-summit_sign_in_${attempt(1)}=s`)).body).toEqual([[], 's', true]);
    expect((await get('/read', '__proto__=x; constructor=y')).body).toEqual([[], null, false]);
  });
});

describe('the session cookies of earlier scopes', () => {
  const [host, domain] = ['sso.k12.summit.example', 'k12.summit.example'];
  const expired = (set: readonly string[]) =>
    set
      .filter((each) => each.includes('1970'))
      .map((each) => `${each.split('=')[0]} ${/Domain=([^;]+)/.exec(each)?.[1] ?? 'host'}`);
  const plain = (...scopes: readonly string[]) => scopes.map((scope) => `summit_session ${scope}`);

  it.each<[string, CookieSettings, string, readonly string[]]>([
    [
      'a domain was set',
      { secure: true, sessionDomain: domain, host },
      '__Host-summit_session=a',
      ['__Host-summit_session host'],
    ],
    [
      'a domain was changed',
      { secure: true, sessionDomain: domain, host },
      'summit_session=a; summit_session=b',
      plain('host', 'summit.example', host),
    ],
    [
      'the domain was removed',
      { secure: true, host },
      'summit_session=a; __Host-summit_session=b',
      plain('host', 'summit.example', domain, host),
    ],
    ['nothing was changed', { secure: true, host }, '__Host-summit_session=b', []],
    ['the host is no domain', { secure: false, host: 'localhost' }, 'summit_session=a', []],
    ['the host is an address', { secure: false, host: '127.0.0.1' }, 'summit_session=a', []],
    ['another name has white space', { secure: true, host }, 'summit_session =a', []],
  ])('are expired in every scope they may have had: %s', async (_what, settings, cookie, gone) => {
    const { get } = serve(settings);
    const [signedIn, signedOut] = [await get('/session', cookie), await get('/clear', cookie)];
    expect(expired(signedIn.set)).toEqual(gone);
    // The new one comes last: some browsers keep one cookie for a host and its domain.
    expect(signedIn.set.at(-1)).toContain('summit_session=token');
    expect(expired(signedOut.set).slice(0, -1)).toEqual(gone);
    expect(signedOut.set.join().length).toBeLessThan(1_000);
  });

  it.each([
    ['summit_session=a; __Host-summit_session=b; summit_session=c', ['b', 'a', 'c']],
    ['summit_session =a; __Host-summit_session\t=b; \u00a0__Host-summit_session=c', []],
    ['summit_session=; x=y', []],
  ])('of %j are %j', async (cookie, tokens) => {
    expect((await serve({ secure: true }).get('/read', cookie)).body[0]).toEqual(tokens);
  });

  it('are no more than nine, however many a header has', async () => {
    const cookie = Array.from({ length: 300 }, (_, index) => `summit_session=${index}`).join('; ');
    expect((await serve({ secure: true }).get('/read', cookie)).body[0]).toHaveLength(9);
  });
});

it.each([
  ['a=1', '1'],
  ['b=2; a=1', '1'],
  ['a=1; a=2', undefined],
  ['a=1;a=1', undefined],
  ['b=a=1', undefined],
  ['a =1', undefined],
  ['a\t=1', undefined],
  ['\u00a0a=1', undefined],
  ['b=2;\ta= 1 ', '1'],
  ['', undefined],
])('of the header %j the cookie a is read as %j: two of one name count as none', (header, value) => {
  expect(readOnce(header, 'a')).toBe(value);
});

describe('open sign-ins', () => {
  const named = (count: number) =>
    Array.from({ length: count }, (_, index) => `summit_sign_in_${attempt(index)}=s`)
      .reverse()
      .join('; ');

  it.each([
    [4, [] as number[]],
    [5, [0]],
    [7, [0, 1, 2]],
  ])('beside %i the oldest give way: %j', async (count, gone) => {
    const { set } = await serve({ secure: false }).get(`/attempt/${attempt(9)}`, named(count));
    const cleared = set.filter((each) => each.includes('1970')).map((each) => each.split('=')[0]);
    expect(cleared).toEqual(gone.map((time) => `summit_sign_in_${attempt(time)}`));
    expect(set.at(-1)).toMatch(
      /^summit_sign_in_000000009-_random=sealed; Max-Age=600; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/,
    );
  });

  it('leave the cookies of others alone', async () => {
    const { set } = await serve({ secure: false }).get(`/attempt/${attempt(9)}`, `other_a=1; ${named(5)}; zz=2`);
    expect(set.join()).not.toMatch(/other_a|zz/);
  });

  it('are distinguished from foreign cookies of similar names, whatever characters they have and however many', async () => {
    const { get } = serve({ secure: false });
    const tossed = ['a b', '(', 'é', 'X'.repeat(17), '0'.repeat(16)].map((name) => `summit_sign_in_${name}=1`);
    expect((await get('/clear-all', tossed.join('; '))).set).toEqual([]);
    expect((await get('/clear-all', `${tossed.join('; ')}; ${named(2)}`)).set).toHaveLength(2);
    expect((await get('/clear-all', named(500))).set.length).toBeLessThanOrEqual(8);
  });
});

describe('kept refusals', () => {
  const sealed = 's'.repeat(600);
  const refused = (count: number) =>
    Array.from({ length: count }, (_, index) => `summit_refused_${attempt(index)}=${sealed}`).join('; ');
  const clearedIn = (set: readonly string[]) =>
    set.filter((each) => each.includes('1970')).map((each) => each.split('=')[0]);

  it('take the place of their open sign-in, and the oldest beyond three give way', async () => {
    const { set } = await serve({ secure: false }).get(`/refuse/${attempt(9)}`, refused(4));
    expect(clearedIn(set)).toEqual([
      `summit_sign_in_${attempt(9)}`,
      `summit_refused_${attempt(0)}`,
      `summit_refused_${attempt(1)}`,
    ]);
    expect(set.at(-1)).toMatch(
      /^summit_refused_000000009-_random=kept; Max-Age=600; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/,
    );
  });

  it('leave room for open sign-ins', async () => {
    const open = Array.from({ length: 4 }, (_, index) => `summit_sign_in_${attempt(index)}=${'s'.repeat(450)}`);
    const { set } = await serve({ secure: false }).get(`/attempt/${attempt(9)}`, `${refused(3)}; ${open.join('; ')}`);
    expect(clearedIn(set)).toEqual([`summit_refused_${attempt(0)}`, `summit_refused_${attempt(1)}`]);
  });

  it('are read newest first, three at most, and go all at once', async () => {
    const { get } = serve({ secure: false });
    expect((await get('/refusals', refused(5))).text).toBe([4, 3, 2].map(attempt).join());
    expect(clearedIn((await get('/clear-refusals', refused(2))).set)).toHaveLength(2);
    expect((await get('/has-any', refused(1))).text).toBe('true');
  });
});

describe('a form comes from us', () => {
  const origin = 'https://sso.summit.example';
  it.each<[Record<string, string>, boolean, boolean]>([
    [{ 'sec-fetch-site': 'same-origin' }, false, true],
    [{ 'sec-fetch-site': 'same-site' }, true, false],
    [{ 'sec-fetch-site': 'cross-site' }, true, false],
    [{ 'sec-fetch-site': 'cross-site', origin }, true, false],
    [{ 'sec-fetch-site': 'none' }, false, false],
    [{ 'sec-fetch-site': 'none' }, true, true],
    [{ origin }, false, true],
    [{ origin: 'https://evil.example' }, false, false],
    [{ origin: 'null' }, false, false],
    [{ origin: 'null' }, true, true],
    [{ origin: `${origin}.evil.example` }, false, false],
    [{}, false, true],
  ])('with the headers %j and a form token (%s): %s', async (headers, hasFormToken, isOurs) => {
    const app = express().post('/', (incoming, response) => {
      response.json(isSameOrigin(incoming, origin, hasFormToken));
    });
    expect((await request(app).post('/').set(headers)).body).toBe(isOurs);
  });
});
