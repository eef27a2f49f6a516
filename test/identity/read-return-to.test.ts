// Where a person may be sent: the product, or an allowed origin, and never a place that only looks like one.
import { readReturnTo } from '../../src/identity/return-to.ts';
import { sealAttempt } from '../../src/sign-in/sealed-attempt.ts';
import { createVault } from '../../src/store/vault.ts';

const product = new URL('https://app.summit.example/start');
const origins = ['https://app.summit.example', 'https://other.example'];
const read = (wanted: string | undefined) => readReturnTo(wanted, product, origins);

it.each([
  ['/lessons/7?x=1#y', 'https://app.summit.example/lessons/7?x=1#y'],
  ['https://app.summit.example/x', 'https://app.summit.example/x'],
  ['https://other.example/x', 'https://other.example/x'],
  ['HTTPS://Other.example/x', 'https://other.example/x'],
])('takes %s', (wanted, expected) => {
  expect(read(wanted)).toBe(expected);
});

it.each([
  undefined,
  '',
  '//evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  'https:evil.example',
  'https://evil.example',
  'https://app.summit.example.evil.example',
  'https://app.summit.example@evil.example',
  'https://user@other.example/',
  'https://app.summit.example:8443/',
  'http://app.summit.example/',
  'javascript:alert(1)',
  'data:text/html,x',
  'relative',
  'https://',
])('sends to the product for %j', (wanted) => {
  expect(read(wanted)).toBe(product.href);
});

it('keeps the attempt’s cookie below what a browser takes', () => {
  const longest = `/${'ä'.repeat(160)}`;
  const returnTo = read(longest);
  expect(returnTo).not.toBe(product.href);
  expect(read(`/${'ä'.repeat(170)}`)).toBe(product.href);
  expect(read(`/${'x'.repeat(4000)}`)).toBe(product.href);
  const state = 's'.repeat(70);
  const checks = { state, nonce: 'n'.repeat(43), codeVerifier: 'c'.repeat(43) };
  const sealed = sealAttempt(createVault(Buffer.alloc(32)), { app: 'secure-sync', checks, returnTo: 'r'.repeat(1024) });
  expect(sealed.length).toBeLessThan(2000);
});
