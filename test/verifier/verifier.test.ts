// The verifier for Node products, against the bridge's own routes: it takes a live session's token and nothing else.
import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import express from 'express';
import { close, listen } from '../../sandbox/listen.ts';
import { accountIdOf } from '../../src/roster/account.ts';
import { makeVectors } from '../../src/session/make-vectors.ts';
import { createVerifier, requireSession, type Verifier, type VerifierOptions } from '../../src/verifier/verifier.ts';
import { until } from '../helpers/bridge-process.ts';
import { feed, student } from '../helpers/feeds.ts';
import { type Programs, startPrograms } from '../helpers/program-server.ts';
import { audience, issuer } from '../helpers/services.ts';
import { embedded, type StoreFixture } from '../helpers/stores.ts';

const districtId = 'juniper-flats';

let storeFixture: StoreFixture;
let programs: Programs;
let product: { readonly id: string; readonly secret: string };
let aheadMs = 0;
/** What of the bridge does not answer. */
let broken: 'nothing' | 'keys' | 'revocations' = 'nothing';
const open: Verifier[] = [];

beforeAll(async () => {
  storeFixture = await embedded.start();
  programs = await startPrograms(await storeFixture.place().open());
  const { credential, secret } = await programs.services.credentials.create('product', 'verifier');
  product = { id: credential.id, secret };
  await programs.services.districts.put({ id: districtId, cleverId: 'c1', name: 'J', rostering: ['sftp'] });
  await programs.services.publisher.publish(districtId, 'sftp', feed(student({ sisId: '1' }), student({ sisId: '2' })));
});
beforeEach(() => {
  aheadMs = 0;
  broken = 'nothing';
});
afterEach(() => {
  for (const verifier of open.splice(0)) verifier.close();
});
afterAll(async () => {
  await programs.stop();
  await storeFixture.stop();
});

const toBridge: typeof fetch = async (address, init) => {
  if (String(address).endsWith('/jwks.json')) {
    if (broken === 'keys') throw new TypeError('fetch failed');
    return Response.json(await programs.services.keys.jwks());
  }
  if (broken === 'revocations') return new Response('down', { status: 503 });
  return fetch(address, init);
};

function verifier(change: Partial<VerifierOptions['revocations']> | 'offline' = {}): Verifier {
  const url = `${programs.url}/session/revocations`;
  const made = createVerifier({
    issuer,
    audience,
    clock: () => Date.now() + aheadMs,
    fetch: toBridge,
    ...(change === 'offline' ? {} : { revocations: { url, ...product, intervalSeconds: 3_600, ...change } }),
  });
  open.push(made);
  return made;
}

async function signIn(sisId = '1') {
  const { services } = programs;
  const iat = Math.floor(Date.now() / 1000);
  const claims = {
    sub: accountIdOf(services.vault, districtId, 'student', sisId),
    sid: randomUUID(),
    jti: randomUUID(),
    iat,
    exp: iat + 3600,
    district: districtId,
    role: 'student' as const,
    matched: { by: 'email' as const, roster: 'sftp' as const },
  };
  const { published } = await services.rosters.read(districtId, 0);
  const record = {
    sid: claims.sid,
    districtId,
    accountId: claims.sub,
    rosterVersion: published.version,
    issuedAt: iat,
    expiresAt: claims.exp,
    openedBy: 'state',
    returnTo: 'http://localhost:4000/',
  };
  await services.store.commit([], [services.registry.write(record)]);
  return { claims, token: await services.tokens.issue(claims) };
}

const codeOf = async (checked: Verifier, token: string | undefined) => {
  const result = await checked.verifySession(token);
  return result.kind === 'verified' ? 'verified' : result.code;
};

it('accepts a live session and returns its claims', async () => {
  const { claims, token } = await signIn();
  expect(await verifier().verifySession(token)).toEqual({ kind: 'verified', claims });
});

it('takes the good tokens of the kit and refuses each forged one', async () => {
  const kit = await makeVectors(programs.services.keys, { issuer, audience });
  const checked = verifier('offline');
  expect(kit.vectors.length).toBeGreaterThan(20);
  for (const { name, token, expect: wanted } of kit.vectors) {
    const { kind } = await checked.verifySession(token);
    expect([name, kind]).toEqual([name, wanted === 'accept' ? 'verified' : 'refused']);
  }
  const good = kit.vectors.filter(({ expect: wanted }) => wanted === 'accept');
  expect(good.map(({ name }) => name)).toEqual(['good', 'good, with a position']);
});

it('takes an issuer that ends in a slash, and asks at the addresses without it', async () => {
  const { claims, token } = await signIn();
  const asked: string[] = [];
  const checked = createVerifier({
    issuer: `${issuer}/`,
    audience,
    revocations: product,
    fetch: async (address, init) => {
      asked.push(String(address));
      return toBridge(String(address).replace(issuer, programs.url), init);
    },
  });
  open.push(checked);
  expect(await checked.verifySession(token)).toEqual({ kind: 'verified', claims });
  expect(new Set(asked.map((address) => address.split('?')[0]))).toEqual(
    new Set([`${issuer}/.well-known/jwks.json`, `${issuer}/session/revocations`]),
  );
});

it.each([
  ['nothing', undefined, 'token_missing'],
  ['an empty text', '', 'token_missing'],
  ['no token', 'nonsense', 'token_invalid'],
  ['a very long text', 'x'.repeat(100_000), 'token_invalid'],
])('says of %s: %s', async (_what, token, code) => {
  expect(await codeOf(verifier('offline'), token)).toBe(code);
});

it('says that a token has expired', async () => {
  const { token } = await signIn();
  aheadMs = 3_601_000;
  expect(await codeOf(verifier('offline'), token)).toBe('token_expired');
});

it('takes no token from the future', async () => {
  const { token } = await signIn();
  aheadMs = -120_000;
  expect(await codeOf(verifier('offline'), token)).toBe('token_invalid');
});

describe('what ended', () => {
  const endings = [
    ['session', (sid: string) => programs.services.registry.end(districtId, sid)],
    ['account', (_sid: string, sub: string) => programs.services.endSessions.ofAccount(districtId, sub)],
    ['district', () => programs.services.endSessions.ofDistrict(districtId)],
  ] as const;

  it.each(endings)('by %s is refused from the next reading on, and a sign-in after it is taken', async (_kind, end) => {
    const checked = verifier();
    const { claims, token } = await signIn();
    expect(await codeOf(checked, token)).toBe('verified');
    await end(claims.sid, claims.sub);
    await checked.refreshRevocations();
    expect(await codeOf(checked, token)).toBe('session_ended');
    // `iat` is in whole seconds.
    await new Promise((resolve) => setTimeout(resolve, 1_050));
    expect(await codeOf(checked, (await signIn()).token)).toBe('verified');
  });

  it('before the verifier began is known before the first answer', async () => {
    const { claims, token } = await signIn('2');
    await programs.services.registry.end(districtId, claims.sid);
    expect(await codeOf(verifier(), token)).toBe('session_ended');
  });

  it('is seen without being asked for, within the interval', async () => {
    const checked = verifier({ intervalSeconds: 0.05 });
    const { claims, token } = await signIn('2');
    await new Promise((resolve) => setTimeout(resolve, 1_050));
    const fresh = (await signIn('2')).token;
    expect(await codeOf(checked, fresh)).toBe('verified');
    await programs.services.registry.end(districtId, claims.sid);
    await until(async () => (await codeOf(checked, token)) === 'session_ended', 'the ending to be read');
    expect(await codeOf(checked, fresh)).toBe('verified');
  });

  it('while the list cannot be read: no token is accepted once it is stale, unless the setting says so', async () => {
    const { token } = await signIn('2');
    const [strict, lenient] = [verifier({ staleSeconds: 60 }), verifier({ whenStale: 'accept' })];
    for (const one of [strict, lenient]) await one.refreshRevocations();
    broken = 'revocations';
    aheadMs = 59_000;
    expect([await codeOf(strict, token), await codeOf(lenient, token)]).toEqual(['verified', 'verified']);
    aheadMs = 61_000;
    expect([await codeOf(strict, token), await codeOf(lenient, token)]).toEqual(['revocations_stale', 'verified']);
    broken = 'nothing';
    await strict.refreshRevocations();
    expect(await codeOf(strict, token)).toBe('verified');
  });

  it.each(['refuse', 'accept'] as const)(
    'is read before a token is judged, where the process was suspended and its list is old: %s',
    async (whenStale) => {
      const { claims, token } = await signIn('2');
      const live = (await signIn('1')).token;
      const checked = verifier({ whenStale });
      await checked.refreshRevocations();
      await programs.services.registry.end(districtId, claims.sid);
      aheadMs = 61_000;
      expect(await Promise.all([codeOf(checked, token), codeOf(checked, live)])).toEqual(['session_ended', 'verified']);
    },
  );

  it('is read once more where what was being read when the process was suspended is as old, or fails', async () => {
    for (const isGood of [true, false]) {
      const { claims, token } = await signIn('2');
      aheadMs = 0;
      let letGo: () => void = () => undefined;
      let held: Promise<void> | undefined;
      const checked = createVerifier({
        issuer,
        audience,
        clock: () => Date.now() + aheadMs,
        fetch: async (address, init) => {
          const isHeld = held !== undefined && String(address).includes('/session/revocations');
          const answer = await toBridge(address, init);
          if (!isHeld) return answer;
          await held;
          if (!isGood) throw new TypeError('terminated');
          return answer;
        },
        revocations: { url: `${programs.url}/session/revocations`, ...product, intervalSeconds: 3_600 },
      });
      open.push(checked);
      await checked.refreshRevocations();
      held = new Promise((resolve) => {
        letGo = resolve;
      });
      const before = checked.refreshRevocations().catch(() => undefined);
      aheadMs = 61_000;
      await programs.services.registry.end(districtId, claims.sid);
      const judged = codeOf(checked, token);
      held = undefined;
      letGo();
      expect([isGood, await judged]).toEqual([isGood, 'session_ended']);
      await before;
    }
  });

  it('is waited for no longer than five seconds, and asked for once a second at most while the bridge fails', async () => {
    const { token } = await signIn('2');
    let asked = 0;
    const checked = createVerifier({
      issuer,
      audience,
      fetch: async (address, init) => {
        if (!String(address).includes('/session/revocations')) return toBridge(address, init);
        asked += 1;
        // What it is about, not the clock: the first fails at once, the others never answer.
        if (asked === 1) throw new TypeError('fetch failed');
        return new Promise((_resolve, reject) => {
          init?.signal?.addEventListener('abort', () => reject(init.signal?.reason));
        });
      },
      revocations: { url: 'http://localhost/session/revocations', ...product, intervalSeconds: 3_600 },
    });
    open.push(checked);
    const codes = await Promise.all(Array.from({ length: 50 }, () => codeOf(checked, token)));
    expect([new Set(codes), asked]).toEqual([new Set(['revocations_stale']), 2]);
  });

  it('cannot be read with a wrong secret: no token is accepted', async () => {
    const { token } = await signIn('2');
    expect(await codeOf(verifier({ secret: 'x'.repeat(43) }), token)).toBe('revocations_stale');
  });
});

it('says that the keys cannot be had, instead of calling the token bad', async () => {
  const { token } = await signIn('2');
  broken = 'keys';
  const checked = verifier('offline');
  expect(await codeOf(checked, token)).toBe('keys_unavailable');
  broken = 'nothing';
  expect(await codeOf(checked, token)).toBe('verified');
});

it('drops a compromised key, cached as it is, when it reads that the districts were ended', async () => {
  const checked = verifier();
  const stolen = await makeVectors(programs.services.keys, { issuer, audience });
  const good = stolen.vectors[0]?.token;
  expect(await codeOf(checked, good)).toBe('verified');
  await programs.services.recordedAccess.replaceCompromisedKeys('command');
  // Of no district that the list could name: only the key reveals it.
  expect(await codeOf(checked, good)).toBe('verified');
  await checked.refreshRevocations();
  await until(async () => (await codeOf(checked, good)) === 'token_invalid', 'the key to be dropped');
});

describe('the middleware for Express', () => {
  let server: Server;
  let url: string;
  let middle: Verifier;

  beforeAll(async () => {
    const app = express();
    app.use((request, response, next) => requireSession(middle)(request, response, next));
    app.get('/', (_request, response) => response.json(response.locals['session']));
    server = createServer(app);
    url = `http://localhost:${await listen(server, 0)}`;
    // Past the second in which the district was ended above.
    await new Promise((resolve) => setTimeout(resolve, 1_050));
  });
  beforeEach(() => {
    middle = verifier();
  });
  afterAll(() => close(server));

  it.each(['cookie', '__Host- cookie', 'bearer'])('lets a live session through, by %s', async (by) => {
    const { claims, token } = await signIn('2');
    const cookie = by.startsWith('__Host-') ? `a=b; __Host-summit_session=${token}` : `summit_session=${token}; a=b`;
    const headers = by === 'bearer' ? { authorization: `Bearer ${token}` } : { cookie };
    const answer = await fetch(url, { headers });
    expect([answer.status, await answer.json()]).toEqual([200, claims]);
  });

  it.each(['Basic c3RhZ2luZzpwYXNz', 'Negotiate YII=', 'Digest username="x", realm="y"'])(
    'takes the cookie beside credentials of a proxy before the product: %s',
    async (authorization) => {
      const { claims, token } = await signIn('2');
      const answer = await fetch(url, { headers: { authorization, cookie: `summit_session=${token}` } });
      expect([answer.status, await answer.json()]).toEqual([200, claims]);
    },
  );

  it.each(['Bearer x', 'bearer', 'Bearer', 'Bearer a b', 'eyJ.a.b', 'Basic'])(
    'takes no cookie beside a bearer token that is bad, or a header that is no credentials: %s',
    async (authorization) => {
      const { token } = await signIn('2');
      const answer = await fetch(url, { headers: { authorization, cookie: `summit_session=${token}` } });
      expect([answer.status, await answer.json()]).toEqual([401, { error: 'token_invalid' }]);
    },
  );

  it('accepts neither of two cookies of one name, in either order: a neighbouring host may have set one of them', async () => {
    const [one, other] = [await signIn('1'), await signIn('2')];
    for (const [first, second] of [
      [one, other],
      [other, one],
    ] as const) {
      const cookie = `summit_session=${first.token}; a=b; summit_session=${second.token}`;
      const answer = await fetch(url, { headers: { cookie } });
      expect([answer.status, await answer.json()]).toEqual([401, { error: 'token_invalid' }]);
    }
  });

  it('takes the cookies of the kit that hold one good token, and no others', async () => {
    const kit = await makeVectors(programs.services.keys, { issuer, audience });
    middle = verifier('offline');
    expect(kit.cookies.length).toBeGreaterThan(15);
    for (const { name, header, expect: wanted } of kit.cookies) {
      const { status } = await fetch(url, { headers: { cookie: header } });
      expect([name, status]).toEqual([name, wanted === 'accept' ? 200 : 401]);
    }
  });

  it('takes the session that lives beside one of an earlier scope that ended', async () => {
    const [earlier, now] = [await signIn('1'), await signIn('2')];
    await programs.services.registry.end(districtId, earlier.claims.sid);
    for (const cookie of [
      `summit_session=${earlier.token}; __Host-summit_session=${now.token}`,
      `summit_session=${now.token}; summit_session=${earlier.token}`,
    ]) {
      const answer = await fetch(url, { headers: { cookie } });
      expect([answer.status, await answer.json()]).toEqual([200, now.claims]);
    }
  });

  it('accepts neither of two while it cannot know whether the other session is live', async () => {
    const [one, other] = [await signIn('1'), await signIn('2')];
    broken = 'revocations';
    middle = verifier();
    const cookie = `summit_session=${one.token}; summit_session=${other.token}`;
    expect((await fetch(url, { headers: { cookie } })).status).toBe(503);
  });

  it.each([
    ['no token', {}, 401, 'token_missing', 'Bearer realm="session"'],
    [
      'a bad token',
      { authorization: 'Bearer x' },
      401,
      'token_invalid',
      'Bearer realm="session", error="invalid_token"',
    ],
    [
      'another scheme',
      { authorization: 'Basic eDp5' },
      401,
      'token_invalid',
      'Bearer realm="session", error="invalid_token"',
    ],
  ] as const)('answers %s with a challenge', async (_what, headers, status, code, challenge) => {
    const answer = await fetch(url, { headers });
    expect([answer.status, await answer.json()]).toEqual([status, { error: code }]);
    expect(answer.headers.get('www-authenticate')).toBe(challenge);
  });

  it('answers 503 where the bridge cannot be asked', async () => {
    broken = 'keys';
    const { token } = await signIn('2');
    middle = verifier();
    const answer = await fetch(url, { headers: { cookie: `summit_session=${token}` } });
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
  });
});
