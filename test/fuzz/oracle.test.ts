// The oracle of the fuzz run sees each kind of fault when there is one: a run without findings says something.
import { judge, type Known } from '../../bench/fuzz/oracle.ts';
import { judgeShape } from '../../bench/fuzz/raw-shapes.ts';
import { type FuzzRequest, makeRequests, routes } from '../../bench/fuzz/requests.ts';
import type { Seen } from '../../bench/fuzz/wire.ts';
import { openApi } from '../helpers/expect-openapi.ts';

const known: Known = {
  secrets: () => new Map([['s3cret-of-a-credential', 'credential of admin']]),
  personal: new Map([['nobody', ['ana@juniper.example']]]),
  redirects: ['http://localhost:4000'],
};
const asked: FuzzRequest = {
  route: 'GET /session',
  method: 'GET',
  target: '/session',
  headers: [['Host', 'x']],
  manner: 'whole',
};
const good: Seen = {
  status: 401,
  headers: {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    vary: 'Authorization, Cookie',
    'www-authenticate': 'Bearer realm="session"',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'content-security-policy': "default-src 'none'",
  },
  body: '{"active":false}',
  milliseconds: 1,
};
const withHeader = (headers: Seen['headers']) => ({ headers: { ...good.headers, ...headers } });
const judged = (seen: Partial<Seen>) => judge(known, { ...asked, asked }, { ...good, ...seen });

it('finds nothing where nothing is', () => {
  expect(judged({})).toEqual([]);
});

it('takes a token with the letters of LMDB for no path of ours, and a search that leads to its list for no way out', () => {
  expect(judged(withHeader({ 'x-a': 'b0LMDBf_lmdb9ECONN' }))).toEqual([]);
  const toList = judged(withHeader({ location: '/support/attempts?district=maple&from=2026-08-17' }));
  expect(toList.join()).not.toContain('leads to');
});

it.each<[string, Partial<Seen>, string]>([
  ['a 500', { status: 500 }, 'not promised'],
  ['a 503 of a store that is up', { status: 503, body: '{"code":"service_unavailable"}' }, 'not promised'],
  ['a stack', { body: 'TypeError: x\n    at f (/app/dist/src/http/app.js:1:1)' }, 'a stack'],
  ['a secret', { body: 's3cret-of-a-credential' }, 'a secret'],
  ['a secret in a header', withHeader({ 'x-a': 's3cret-of-a-credential' }), 'a secret'],
  ['another person', { body: '{"active":false,"email":"ana@juniper.example"}' }, 'a person'],
  ['markup', { body: '<p><script>zqxmark</script>', ...withHeader({ 'content-type': 'text/html' }) }, 'markup'],
  ['a page that may be kept', withHeader({ 'cache-control': 'max-age=60' }), 'may be kept'],
  ['a missing header', withHeader({ 'x-frame-options': undefined }), 'x-frame-options'],
  ['another origin', withHeader({ 'access-control-allow-origin': '*' }), 'other origins'],
  ['a redirect elsewhere', withHeader({ location: 'https://evil.example/' }), 'leads to'],
  ['a redirect without a scheme', withHeader({ location: '//evil.example/' }), 'leads to'],
  ['a redirect with what was looked for', withHeader({ location: '/support/attempts?email=ana' }), 'leads to'],
  ['a redirect with a user', withHeader({ location: 'http://localhost:4000@evil.example/' }), 'leads to'],
  ['what we sent, in a header', withHeader({ 'x-a': 'zqxmark' }), 'says what we sent'],
  ['a cookie a script may read', withHeader({ 'set-cookie': ['summit_session=a; Path=/'] }), 'a cookie'],
  ['a field that is not described', { body: '{"active":false,"a":1}' }, 'openapi.yaml'],
])('sees %s', (_what, seen, said) => {
  expect(judged(seen).join('\n')).toContain(said);
});

it('sees a second answer to one request', () => {
  const answer = 'HTTP/1.1 400 Bad Request\r\n\r\n';
  const shape = { name: 'a', text: 'b', maxAnswers: 1, isAmbiguous: true } as const;
  expect(judgeShape(shape, answer)).toEqual([]);
  expect(judgeShape(shape, answer + answer)).toEqual(['2 answers']);
  expect(judgeShape(shape, 'HTTP/1.1 200 OK\r\n\r\n')).toEqual(['is answered with 200']);
});

it('throws the same requests for the same seed, others for another, at every route of the public port', () => {
  expect(makeRequests(1, 0, 50)).toEqual(makeRequests(1, 0, 50));
  expect(makeRequests(1, 0, 50)).not.toEqual(makeRequests(2, 0, 50));
  const paths = Object.keys(openApi.paths).filter((path) => !/^\/(livez|readyz|metrics)$/.test(path));
  expect([...new Set(routes.map(({ path }) => path))].sort()).toEqual(paths.sort());
  expect(new Set(makeRequests(1, 0, 2_000).map(({ route }) => route)).size).toBe(routes.length);
});
