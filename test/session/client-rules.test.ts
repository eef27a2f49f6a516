import { areClientUris, isClientId, isClientUri, readClientScopes } from '../../src/session/client-rules.ts';

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
