// Requests that no client library sends: two lengths, half a chunk, a second request inside the first, other protocols.
import { mark } from './values.ts';

export interface RawShape {
  readonly name: string;
  readonly text: string;
  /** How many answers may come back: one for each request a careful reader sees. */
  readonly maxAnswers: number;
  /** Where two readers may see different requests the only safe answer is 400 and the end of the connection. */
  readonly isAmbiguous?: true;
}

const inner = `GET /${mark} HTTP/1.1\r\nHost: x\r\n\r\n`;
const post = (headers: string, body: string) =>
  `POST /oauth/introspect HTTP/1.1\r\nHost: {{host}}\r\nContent-Type: application/x-www-form-urlencoded\r\n${headers}\r\n\r\n${body}`;
const get = (line: string, headers = '') => `${line}\r\nHost: {{host}}\r\n${headers}\r\n`;
const ambiguous = (name: string, text: string): RawShape => ({ name, text, maxAnswers: 1, isAmbiguous: true });
const shape = (name: string, text: string, maxAnswers = 1): RawShape => ({ name, text, maxAnswers });

export const rawShapes: readonly RawShape[] = [
  ambiguous(
    'Content-Length and Transfer-Encoding',
    post('Content-Length: 6\r\nTransfer-Encoding: chunked', `0\r\n\r\n${inner}`),
  ),
  ambiguous(
    'Transfer-Encoding and Content-Length',
    post('Transfer-Encoding: chunked\r\nContent-Length: 4', `5c\r\n${inner}\r\n0\r\n\r\n`),
  ),
  ambiguous('two Content-Lengths', post(`Content-Length: 0\r\nContent-Length: ${inner.length}`, inner)),
  ambiguous('a list of Content-Lengths', post(`Content-Length: 0, ${inner.length}`, inner)),
  ambiguous('a Content-Length with a sign', post('Content-Length: +0', inner)),
  ambiguous('a negative Content-Length', post('Content-Length: -1', inner)),
  ambiguous('a Content-Length in hexadecimal', post('Content-Length: 0x10', inner)),
  shape('an unknown Transfer-Encoding', post('Transfer-Encoding: xchunked', `0\r\n\r\n${inner}`)),
  ambiguous('chunked not last', post('Transfer-Encoding: chunked, identity', `0\r\n\r\n${inner}`)),
  ambiguous('a space before the colon', post('Transfer-Encoding : chunked', `0\r\n\r\n${inner}`)),
  ambiguous('a control in Transfer-Encoding', post('Transfer-Encoding: \u000bchunked', `0\r\n\r\n${inner}`)),
  ambiguous('a folded header', post('Transfer-Encoding:\r\n chunked', `0\r\n\r\n${inner}`)),
  shape('a chunk size that is none', post('Transfer-Encoding: chunked', `zz\r\n${inner}`)),
  shape('a chunk size too large', post('Transfer-Encoding: chunked', `fffffffffffffffff\r\n${inner}`)),
  shape('a chunk that ends in a line feed', post('Transfer-Encoding: chunked', `5\nabcde\n0\n\n${inner}`)),
  ambiguous('a NUL in a header', get('GET /session HTTP/1.1', `X-A: a\u0000b\r\n`)),
  ambiguous('a bare carriage return', get('GET /session HTTP/1.1', `X-A: a\rX-B: ${mark}\r\n`)),
  ambiguous('a header without a colon', get('GET /session HTTP/1.1', `${mark}\r\n`)),
  ambiguous('a space in the target', get(`GET /session x${mark} HTTP/1.1`)),
  ambiguous('no Host', 'GET /session HTTP/1.1\r\n\r\n'),
  ambiguous('an unknown method', get(`${mark.toUpperCase()} /session HTTP/1.1`)),
  ambiguous('another protocol', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  ambiguous('a TLS greeting', '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001'),
  shape('two Hosts', get('GET /login HTTP/1.1', 'Host: evil.invalid\r\nConnection: close\r\n')),
  shape('CONNECT', get('CONNECT evil.invalid:443 HTTP/1.1')),
  shape('an absolute target', get('GET http://evil.invalid/login HTTP/1.1', 'Connection: close\r\n')),
  shape('an old protocol', 'GET / HTTP/1.0\r\n\r\n'),
  shape('an unknown expectation', get('GET /session HTTP/1.1', `Expect: ${mark}\r\nConnection: close\r\n`)),
  shape('thousands of headers', get('GET /session HTTP/1.1', `${'A: b\r\n'.repeat(3_000)}Connection: close\r\n`)),
  shape('a header of 40,000 characters', get('GET /session HTTP/1.1', `X-A: ${'a'.repeat(40_000)}\r\n`)),
  shape(
    'an upgrade',
    get('GET /session HTTP/1.1', 'Connection: Upgrade\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n'),
  ),
  shape(
    'eight requests at once',
    get('GET /session HTTP/1.1').repeat(7) + get('GET /session HTTP/1.1', 'Connection: close\r\n'),
    8,
  ),
  shape(
    'a body to GET and a request behind it',
    `${get('GET /session HTTP/1.1', `Content-Length: ${inner.length}\r\nConnection: close\r\n`)}${inner}`,
  ),
  shape('half a request', 'GET /session HT'),
  shape('half a body', post('Content-Length: 100', 'token=')),
];

/** What is wrong with what came back, besides what must hold for every answer. */
export function judgeShape({ maxAnswers, isAmbiguous }: RawShape, raw: string): string[] {
  const statuses = [...raw.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => status);
  const found: string[] = [];
  if (statuses.length > maxAnswers) found.push(`${statuses.length} answers`);
  if (raw.includes(mark)) found.push('says what we sent');
  if (isAmbiguous && statuses.some((status) => status !== '400')) found.push(`is answered with ${statuses.join(', ')}`);
  return found;
}
