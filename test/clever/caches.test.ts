// How long Clever's metadata and keys are used, and how often they are asked for.
import { decodeProtectedHeader } from 'jose';
import { until } from '../helpers/bridge-process.ts';
import { type FakeClever, sendJson, startFakeClever } from './support/fake-clever.ts';
import { type Bench, exchange, openBench } from './support/sign-in.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** The clock advances while a test works, on a busy machine by seconds. */
const SLACK_MS = 20_000;

let clever: FakeClever;
let bench: Bench;

beforeEach(async () => {
  clever = await startFakeClever();
  bench = openBench(clever);
});
afterEach(async () => {
  await bench.provider.close();
  await clever.close();
});

/** A sign-in whose id_token is good at the moved time. */
let ahead = 0;
beforeEach(() => {
  ahead = 0;
});
function forward(ms: number): void {
  ahead += ms;
  bench.forward(ms);
}
async function signIn(header?: { kid: string }): Promise<string> {
  const exp = Math.floor((Date.now() + ahead) / 1000) + 3600;
  clever.giveIdToken(await clever.sign(clever.claims('NONCE-1', { exp }), header));
  const answer = await exchange(bench.provider);
  return answer.kind === 'verified' ? 'verified' : answer.reason;
}
const down = (endpoint: 'discovery' | 'keys') =>
  clever.answer(endpoint, (_, response) => void response.writeHead(503).end());

describe('the metadata', () => {
  it('is refreshed after an hour', async () => {
    await signIn();
    forward(HOUR_MS - SLACK_MS);
    await signIn();
    expect(clever.count('discovery')).toBe(1);
    forward(SLACK_MS + 1_000);
    await signIn();
    expect(clever.count('discovery')).toBe(2);
  });

  it('is used for a day while Clever does not answer, asked for once a minute, and no longer', async () => {
    await signIn();
    down('discovery');
    forward(HOUR_MS + 1_000);
    expect(await signIn()).toBe('verified');
    expect(await signIn()).toBe('verified');
    expect(clever.count('discovery')).toBe(2);
    forward(MINUTE_MS);
    expect(await signIn()).toBe('verified');
    expect(clever.count('discovery')).toBe(3);
    forward(22 * HOUR_MS);
    expect(await signIn()).toBe('verified');
    forward(HOUR_MS);
    expect(await signIn()).toBe('status-5xx');
  });

  it('is not waited for long when there is an older one', async () => {
    await signIn();
    let answerLate = () => {};
    clever.answer('discovery', (_, response) => {
      answerLate = () => void response.writeHead(503).end();
    });
    forward(HOUR_MS + 1_000);
    // Clever never answers, and the deadline is a minute: who is signed in did not wait for either.
    expect(await signIn()).toBe('verified');
    expect(await signIn()).toBe('verified');
    expect(clever.count('discovery')).toBe(2);
    answerLate();
  });

  it('moves the endpoints when Clever moves them', async () => {
    await signIn();
    const moved = { issuer: clever.issuer, jwks_uri: `${clever.issuer}/oauth/certs` };
    const endpoints = {
      authorization_endpoint: `${clever.issuer}/new/authorize`,
      token_endpoint: `${clever.issuer}/new/tokens`,
    };
    clever.answer('discovery', (_, response) => sendJson(response, 200, { ...moved, ...endpoints }));
    forward(HOUR_MS + 1_000);
    const pathOf = async () =>
      Object(await bench.provider.authorizationUrl('summit-k12', bench.provider.createChecks('s'))).pathname;
    // The first is not kept waiting for long: on a busy machine the next has it.
    await until(async () => (await pathOf()) === '/new/authorize', 'the new address');
  });
});

describe('the keys', () => {
  it('are taken again after a rotation, without a failed sign-in', async () => {
    await signIn();
    await clever.rotate();
    expect(await signIn()).toBe('verified');
    expect(clever.count('keys')).toBe(2);
  });

  it('are asked for again for an unknown key id at most once a minute, however many ask', async () => {
    await signIn();
    const storm = () => Promise.all(Array.from({ length: 30 }, (_, i) => signIn({ kid: `made-up-${i}` })));
    expect(new Set(await storm())).toEqual(new Set(['unknown-key']));
    await storm();
    expect(clever.count('keys')).toBe(2);
    forward(MINUTE_MS - SLACK_MS);
    await storm();
    expect(clever.count('keys')).toBe(2);
    forward(SLACK_MS);
    await storm();
    expect(clever.count('keys')).toBe(3);
  });

  it.each(['RS256', 'ES256'])('are taken again when a new one, for %s, has the old id', async (alg) => {
    await signIn();
    await clever.replaceKey(alg);
    expect(await signIn()).toBe('verified');
    expect(clever.count('keys')).toBe(2);
  });

  it('are asked for again after signatures that fail at most once a minute, however many fail', async () => {
    await signIn();
    const forged = `${(await clever.sign(clever.claims('NONCE-1'))).slice(0, -8)}AAAAAAAA`;
    const storm = () =>
      Promise.all(
        Array.from({ length: 30 }, async () => {
          clever.giveIdToken(forged);
          const answer = await exchange(bench.provider);
          return answer.kind === 'refused' ? answer.reason : answer.kind;
        }),
      );
    expect(new Set([...(await storm()), ...(await storm())])).toEqual(new Set(['bad-signature']));
    expect(clever.count('keys')).toBe(2);
    forward(MINUTE_MS + 1);
    await storm();
    expect(clever.count('keys')).toBe(3);
  });

  it('are one where a key is listed twice', async () => {
    const { kid: _, ...unnamed } = clever.publicJwk();
    const copies = [
      clever.publicJwk(),
      { ...clever.publicJwk(), use: undefined },
      unnamed,
      { ...unnamed, x5t: 'AAAA' },
    ];
    clever.answer('keys', (_, response) => sendJson(response, 200, { keys: copies }));
    expect(await signIn()).toBe('verified');
    expect(await signInWithoutKid()).toBe('verified');
  });

  it('are ambiguous where two different ones have one id', async () => {
    const first = clever.publicJwk();
    await clever.replaceKey();
    clever.answer('keys', (_, response) => sendJson(response, 200, { keys: [first, clever.publicJwk()] }));
    expect(await signIn()).toBe('unknown-key');
  });

  async function signInWithoutKid(): Promise<string> {
    const token = await clever.sign(clever.claims('NONCE-1'), { kid: null });
    expect(decodeProtectedHeader(token)).not.toHaveProperty('kid');
    clever.giveIdToken(token);
    const answer = await exchange(bench.provider);
    return answer.kind === 'verified' ? 'verified' : answer.reason;
  }

  it('are asked for once when the storm comes first', async () => {
    await Promise.all(Array.from({ length: 30 }, () => signIn({ kid: 'made-up' })));
    expect(clever.count('keys')).toBe(1);
  });

  it('keep the pause when the search failed, and say so', async () => {
    await signIn();
    down('keys');
    const storm = () => Promise.all(Array.from({ length: 30 }, () => signIn({ kid: 'made-up' })));
    expect(new Set([...(await storm()), ...(await storm())])).toEqual(new Set(['status-5xx']));
    expect(clever.count('keys')).toBe(2);
    expect(await signIn()).toBe('verified');
    forward(MINUTE_MS + 1);
    clever.answer('keys', undefined);
    expect(await signIn({ kid: 'made-up' })).toBe('unknown-key');
    expect(clever.count('keys')).toBe(3);
  });

  it('are taken again after five minutes: a withdrawn key does not stay good', async () => {
    await signIn();
    clever.answer('keys', (_, response) => sendJson(response, 200, { keys: [] }));
    forward(5 * MINUTE_MS + 1_000);
    expect(await signIn()).toBe('unknown-key');
  });

  it('are used for a day while Clever does not answer, and no longer', async () => {
    await signIn();
    down('keys');
    for (let hour = 0; hour < 23; hour += 1) {
      forward(HOUR_MS);
      expect(await signIn()).toBe('verified');
    }
    expect(bench.events).toContainEqual({ kind: 'kept', endpoint: 'keys', reason: 'status-5xx', ageSeconds: 3_600 });
    forward(HOUR_MS + 1_000);
    expect(await signIn()).toBe('status-5xx');
    clever.answer('keys', undefined);
    forward(2_000);
    expect(await signIn()).toBe('verified');
  });
});
