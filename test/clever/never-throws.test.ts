// Whatever JSON Clever sends, from any endpoint and in any part of a token, ends as data: a refusal or verified claims.
import fc from 'fast-check';
import { type Endpoint, type FakeClever, metadataOf, sendJson, startFakeClever } from './support/fake-clever.ts';
import { exchange, openBench } from './support/sign-in.ts';

let clever: FakeClever;

beforeEach(async () => {
  clever = await startFakeClever();
});
afterEach(() => clever.close());

const codes = ['clever_unavailable', 'clever_misconfigured', 'clever_rejected'];

async function expectRefusal(): Promise<void> {
  const { provider } = openBench(clever);
  const answer = await exchange(provider);
  expect(answer.kind === 'refused' && codes.includes(answer.code)).toBe(true);
  await provider.close();
}

const part = (value: unknown) => Buffer.from(JSON.stringify(value) ?? '').toString('base64url');
const status = fc.constantFrom(200, 200, 400, 401, 500);

it.each<Endpoint>(['discovery', 'keys', 'token'])('any JSON from %s', async (endpoint) => {
  await clever.expect('NONCE-1');
  await fc.assert(
    fc.asyncProperty(status, fc.jsonValue(), async (code, body) => {
      clever.answer(endpoint, (_, response) => sendJson(response, code, body));
      await expectRefusal();
    }),
    { numRuns: 100 },
  );
});

const odd = fc.jsonValue();

it('metadata with one odd member', async () => {
  const members = Object.keys(metadataOf(clever.issuer)).slice(0, 4);
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...members), odd, async (member, value) => {
      clever.answer('discovery', (_, response) =>
        sendJson(response, 200, { ...metadataOf(clever.issuer), [member]: value }),
      );
      await expectRefusal();
    }),
    { numRuns: 100 },
  );
});

it.each(['kid', 'use', 'alg', 'n', 'e'])('a key whose %s cannot even be made a text', async (member) => {
  await clever.expect('NONCE-2');
  clever.answer('keys', (_, response) =>
    sendJson(response, 200, { keys: [{ ...clever.publicJwk(), [member]: { toString: false } }] }),
  );
  await expectRefusal();
});

it('a key with one odd member', async () => {
  await clever.expect('NONCE-2');
  const members = ['kty', 'kid', 'use', 'alg', 'key_ops', 'n', 'e', 'x5c', 'ext', 'crv'];
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...members), odd, async (member, value) => {
      clever.giveIdToken(`${(await clever.sign(clever.claims('NONCE-1'))).slice(0, -2)}AA`);
      clever.answer('keys', (_, response) =>
        sendJson(response, 200, { keys: [{ ...clever.publicJwk(), [member]: value }] }),
      );
      await expectRefusal();
    }),
    { numRuns: 100 },
  );
});

it('an id_token with an odd header or odd claims', async () => {
  const claims = ['iss', 'aud', 'azp', 'exp', 'iat', 'nbf', 'nonce', 'sub', 'auth_time'];
  const headers = ['alg', 'kid', 'typ', 'crit', 'jku', 'x5c', 'b64'];
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...claims), odd, fc.constantFrom(...headers), odd, async (c, x, h, y) => {
      const payload = part({ ...clever.claims('NONCE-1'), [c]: x });
      clever.giveIdToken(`${part({ alg: 'RS256', kid: 'key-1', [h]: y })}.${payload}.AAAA`);
      await expectRefusal();
    }),
    { numRuns: 200 },
  );
});
