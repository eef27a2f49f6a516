import {
  areClientUris,
  isClientId,
  isClientUri,
  isRegisteredUri,
  readClientScopes,
} from '../../src/session/client-rules.ts';

it.each([
  'https://coach.example/callback',
  'https://coach.example',
  'https://coach.example/',
  'https://coach.example:8443/a/b?tenant=1',
  'http://localhost:3000/callback',
  'http://127.0.0.1:9/cb',
  'http://[::1]:9/cb',
])('takes %s as an address', (uri) => {
  expect(isClientUri(uri)).toBe(true);
});

it.each([
  ['not an address', 'coach'],
  ['without TLS', 'http://coach.example/callback'],
  ['a host that only begins like the own machine', 'http://localhost.evil.example/'],
  ['another scheme', 'javascript:alert(1)'],
  ['a scheme of an app', 'com.example.coach:/callback'],
  ['a data address', 'data:text/html,x'],
  ['with a fragment', 'https://coach.example/#x'],
  ['with an empty fragment', 'https://coach.example/#'],
  ['with a user', 'https://coach@evil.example/'],
  ['with a password', 'https://a:b@coach.example/'],
  ['with a pattern', 'https://*.example/'],
  ['with a backslash', 'https://coach.example\\@evil.example/'],
  ['with a line end', 'https://coach.example/\n'],
  ['with a space', 'https://coach.example/a b'],
  ['not as a browser writes it: capitals', 'https://Coach.example/'],
  ['not as a browser writes it: dots', 'https://coach.example/a/../b'],
  ['not as a browser writes it: the default port', 'https://coach.example:443/'],
  ['too long', `https://coach.example/${'a'.repeat(400)}`],
])('takes no address that is %s', (_what, uri) => {
  expect(isClientUri(uri)).toBe(false);
});

it('takes at most 20 addresses, each once', () => {
  const many = Array.from({ length: 21 }, (_, index) => `https://coach.example/${index}`);
  expect([
    areClientUris(many.slice(1)),
    areClientUris(many),
    areClientUris(['https://a.example/', 'https://a.example/']),
  ]).toEqual([true, false, false]);
});

it.each([
  ['coach', true],
  ['Reading.Coach_2-b', true],
  ['', false],
  ['-coach', false],
  ['a/b', false],
  ['a'.repeat(65), false],
])('takes the id %j: %s', (id, isGood) => {
  expect(isClientId(id)).toBe(isGood);
});

it('always has openid, in the order of the standard, and no unknown scope', () => {
  expect(readClientScopes(['email', 'profile'])).toEqual(['openid', 'profile', 'email']);
  expect(readClientScopes([])).toEqual(['openid']);
  expect(readClientScopes(['profile', 'phone'])).toBeUndefined();
});

describe('an address of a public client on a person’s own machine (RFC 8252 section 7.3)', () => {
  const registered = ['http://127.0.0.1/callback', 'http://[::1]:4000/callback', 'http://localhost:4000/callback'];

  it.each([
    'http://127.0.0.1/callback',
    'http://127.0.0.1:51004/callback',
    'http://[::1]:51004/callback',
    'http://localhost:4000/callback',
  ])('%s is one of the registered ones', (uri) => {
    expect(isRegisteredUri(uri, registered, true)).toBe(true);
  });

  it.each([
    'http://127.0.0.1:51004/other',
    'http://127.0.0.1:51004/callback?a=1',
    'http://127.0.0.1:51004/callback#a',
    'http://127.0.0.1:51004/a/../callback',
    'http://user@127.0.0.1:51004/callback',
    'http://127.0.0.1.evil.example:51004/callback',
    'http://127.0.0.1:99999/callback',
    'http://127.1:51004/callback',
    'https://127.0.0.1:51004/callback',
    // A name, which may lead elsewhere.
    'http://localhost:51004/callback',
    'com.example.coach:/callback',
  ])('%s is none', (uri) => {
    expect(isRegisteredUri(uri, registered, true)).toBe(false);
  });

  it('the port of a client with a secret is part of its address', () => {
    expect(isRegisteredUri('http://127.0.0.1:51004/callback', registered, false)).toBe(false);
    expect(isRegisteredUri('https://coach.example:8443/a', ['https://coach.example/a'], true)).toBe(false);
  });
});
