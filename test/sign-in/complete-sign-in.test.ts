// Completing a sign-in with a fake Clever: states are used once, every reload gets the
// same answer, and a silent store is reported as unavailable.
import { createBeginSignIn } from '../../src/sign-in/begin-sign-in.ts';
import { type Callback, createCompleteSignIn, type Outcome } from '../../src/sign-in/complete-sign-in.ts';
import { createKeptRefusals } from '../../src/sign-in/kept-refusals.ts';
import type { Claims, IdentityProvider, ProviderRefusal, Verified } from '../../src/sign-in/ports.ts';
import { createRepeatAnswer } from '../../src/sign-in/repeat-answer.ts';
import { createStates, type Start } from '../../src/sign-in/state.ts';
import { createStateClaims, type StateClaims } from '../../src/sign-in/state-claims.ts';
import { type Store, StoreUnavailable } from '../../src/store/store.ts';
import type { Attempt } from '../../src/support/attempt.ts';
import { until } from '../helpers/bridge-process.ts';
import { createClock, type MovableClock } from '../helpers/clock.ts';
import { feed, student, students } from '../helpers/feeds.ts';
import { createServices, type TestServices } from '../helpers/services.ts';
import { engines, type Place, type StoreFixture } from '../helpers/stores.ts';
import { claimsOf, createDecider, juniper, wexley } from './decider.ts';

type Exchange = () => Promise<Verified | ProviderRefusal>;

const verified =
  (claims: Claims): Exchange =>
  async () => ({ kind: 'verified', claims });

/** One server. `exchange` is what Clever answers to the next code. */
function createServer(services: TestServices, store: Store = services.store) {
  const { vault, clock, registry, tokens, findLiveSession } = services;
  const states = createStates(vault, clock);
  const keptRefusals = createKeptRefusals(vault, clock);
  const kept = createStateClaims(store, vault, clock);
  const stateClaims: StateClaims = {
    ...kept,
    read(state) {
      server.claimsRead += 1;
      return kept.read(state);
    },
  };
  const server = {
    exchange: verified(claimsOf()),
    exchanges: 0,
    recorded: [] as Omit<Attempt, 'reference'>[],
    underWay: 0,
    rejected: [] as string[],
    claimsRead: 0,
  };
  const provider: IdentityProvider = {
    createChecks: (state) => ({ state, nonce: 'nonce' }),
    authorizationUrl: async (_app, { state }) => new URL(`https://clever.example/authorize?state=${state}`),
    exchange: () => {
      server.exchanges += 1;
      return server.exchange();
    },
    health: () => 'up',
  };
  const begin = createBeginSignIn(provider, states, vault);
  const complete = createCompleteSignIn({
    provider,
    states,
    stateClaims,
    vault,
    decide: createDecider(services, { store }),
    tokens,
    registry,
    findLiveSession,
    keptRefusals,
    repeatAnswer: createRepeatAnswer({ stateClaims, registry, findLiveSession, clock }),
    recordAttempt: async (attempt) => {
      server.recorded.push(attempt);
      return { reference: 'ABCD2345', kept: true };
    },
    rejectedCodes: {
      isOver: async (address) => server.rejected.filter((one) => one === address).length >= 2,
      add: async (address) => void server.rejected.push(address),
    },
    async during(work) {
      server.underWay += 1;
      try {
        return await work;
      } finally {
        server.underWay -= 1;
      }
    },
    clock,
  });
  return Object.assign(server, {
    complete,
    keptRefusals,
    async begin(start: Start = 'login') {
      const begun = await begin({ app: 'summit-k12', start, returnTo: 'http://localhost:4000/here' });
      if (begun.kind === 'refused') throw new Error(begun.code);
      const state = new URL(begun.authorizationUrl).searchParams.get('state') ?? '';
      return (change: Partial<Callback> & { query?: Record<string, string> } = {}): Callback => ({
        app: 'summit-k12',
        parameters: new URLSearchParams({ state, code: 'code', ...change.query }),
        cookie: (attempt) => (attempt === begun.attempt ? begun.sealed : undefined),
        refusal: () => undefined,
        hasCookies: () => true,
        language: () => 'en',
        resume: (step) => step(),
        sessions: [],
        address: () => '192.0.2.1',
        ...change,
      });
    },
  });
}

const tokensOf = (outcome: Outcome): string[] => (outcome.kind === 'signed-in' ? [outcome.token] : []);

const sidOf = async (services: TestServices, outcome: Outcome) =>
  outcome.kind === 'signed-in' ? (await services.tokens.verify(outcome.token))?.sid : undefined;

describe.each(engines)('ending a sign-in in $name', ({ start }) => {
  let storeFixture: StoreFixture;
  let place: Place;
  let clock: MovableClock;
  let services: TestServices;
  let server: ReturnType<typeof createServer>;

  beforeAll(async () => {
    storeFixture = await start();
  });
  beforeEach(async () => {
    clock = createClock();
    place = storeFixture.place();
    services = await createServices(await place.open(clock), clock);
    await services.districts.put(juniper);
    await services.publisher.publish(juniper.id, 'sftp', feed(...students(3)));
    server = createServer(services);
  });
  afterAll(() => storeFixture.stop());

  it('signs in to the requested address, and returns which attempt is used up', async () => {
    const callback = await server.begin();
    expect(await server.complete(callback())).toMatchObject({
      kind: 'signed-in',
      returnTo: 'http://localhost:4000/here',
      attempt: expect.stringMatching(/^[\w-]{17}$/),
      note: { district: juniper.id },
    });
  });

  it('exchanges the code of a state once, for any browser, on any server', async () => {
    const other = createServer(await createServices(await place.open(clock), clock));
    const callback = await server.begin();
    const outcomes = await Promise.all(
      Array.from({ length: 12 }, (_, index) => (index % 2 ? server : other).complete(callback())),
    );
    expect(server.exchanges + other.exchanges).toBe(1);
    const sids = await Promise.all(outcomes.map((outcome) => sidOf(services, outcome)));
    expect(new Set(sids).size).toBe(1);
    expect(sids[0]).toBeDefined();
    expect(outcomes.filter(({ repeated }) => repeated === true)).toHaveLength(11);
  });

  it('asks Clever about no more codes of an address whose codes it keeps rejecting, and about those of others', async () => {
    server.exchange = async () => ({ kind: 'refused', code: 'clever_rejected', reason: 'invalid-grant' });
    for (let code = 0; code < 2; code += 1)
      expect(await server.complete((await server.begin())())).toMatchObject({ code: 'clever_rejected' });
    const callback = await server.begin();
    expect(await server.complete(callback())).toMatchObject({ code: 'rate_limited' });
    expect(server.exchanges).toBe(2);
    server.exchange = verified(claimsOf());
    expect(await server.complete(callback({ address: () => '192.0.2.2' }))).toMatchObject({ kind: 'signed-in' });
  });

  it.each(['clever_unavailable', 'clever_misconfigured'] as const)(
    'takes %s for no fault of the address',
    async (code) => {
      server.exchange = async () => ({ kind: 'refused', code, reason: 'timeout' });
      await server.complete((await server.begin())());
      expect(server.rejected).toEqual([]);
    },
  );

  it('marks a callback without the cookie of its attempt as unidentified, and no other', async () => {
    const callback = await server.begin();
    expect(await server.complete(callback({ query: { state: 'made-up' } }))).toMatchObject({ isUnproven: true });
    expect(await server.complete(callback({ cookie: () => undefined }))).toMatchObject({ isUnproven: true });
    expect(await server.complete(callback())).not.toHaveProperty('isUnproven');
  });

  describe('many reloads that wait for one answer', () => {
    /** Holds Clever's answer to the first callback back, with that many reloads waiting for it. */
    async function wait(reloads: number) {
      let release = () => {};
      const held = new Promise<void>((resolve) => {
        release = resolve;
      });
      server.exchange = async () => {
        await held;
        return { kind: 'verified', claims: claimsOf() };
      };
      const callback = await server.begin();
      const first = server.complete(callback());
      await until(() => server.exchanges === 1, 'the exchange to begin');
      const outcomes = Array.from({ length: reloads }, () => server.complete(callback()));
      await until(() => server.claimsRead > 1 && server.underWay === 1, 'the reloads to wait');
      return { first, outcomes, release };
    }

    it('count as one sign-in that is being finished', async () => {
      const { first, outcomes, release } = await wait(20);
      expect(server.underWay).toBe(1);
      release();
      await Promise.all([first, ...outcomes]);
      expect(server.underWay).toBe(0);
    });

    it('ask the store together, not each for itself', async () => {
      const { first, outcomes, release } = await wait(20);
      const before = server.claimsRead;
      await until(() => server.claimsRead > before, 'the next question');
      expect(server.claimsRead).toBeLessThan(before + 20);
      release();
      expect((await Promise.all([first, ...outcomes])).map(({ kind }) => kind)).toEqual(
        Array.from({ length: 21 }, () => 'signed-in'),
      );
    });

    it('are at most 32 on one server; more are refused at once and keep their cookie', async () => {
      const { first, outcomes, release } = await wait(40);
      const refused: Outcome[] = [];
      for (const outcome of outcomes) {
        void outcome.then((one) => one.kind === 'refused' && refused.push(one));
      }
      await until(() => refused.length === 8, 'eight to be refused');
      expect(refused).toEqual(
        refused.map(() => ({ kind: 'refused', code: 'rate_limited', audience: 'unknown', app: 'summit-k12' })),
      );
      release();
      expect(await first).toMatchObject({ kind: 'signed-in' });
      expect((await Promise.all(outcomes)).filter(({ repeated }) => repeated === true)).toHaveLength(32);
    });
  });

  it('gives a reload the same refusal, with the same reference', async () => {
    server.exchange = verified(claimsOf({ email: 'nobody@nowhere.example', given_name: 'No' }));
    const callback = await server.begin();
    const [first, second] = [await server.complete(callback()), await server.complete(callback())];
    expect(first).toMatchObject({ code: 'not_rostered', reference: 'ABCD2345' });
    expect(second).toMatchObject({ code: 'not_rostered', reference: 'ABCD2345', repeated: true });
    expect(server.recorded).toHaveLength(1);
  });

  it.each([
    ['Student.s0@juniper.example', 'case', 'clever'],
    ['student.s0\u200b@juniper.example', 'unicode', 'clever'],
    ['student.s0@other.example', 'domain', undefined],
  ])(
    'says of %j where the person comes from, and which address is the unusual one',
    async (email, difference, side) => {
      server.exchange = verified(claimsOf({ email }));
      const refused = await server.complete((await server.begin())());
      expect(refused).toMatchObject({ code: 'email_mismatch', difference, districtName: juniper.name, at: clock() });
      expect(Object(refused).side).toBe(side);
    },
  );

  it('says in which time zone the district is, if it has one', async () => {
    await services.districts.put({ ...juniper, settings: { timeZone: 'America/Denver' } });
    server.exchange = verified(claimsOf({ email: 'no.such@juniper.example' }));
    expect(await server.complete((await server.begin())())).toMatchObject({ timeZone: 'America/Denver' });
  });

  describe('a callback whose cookie was used up by a refusal', () => {
    const unknown = claimsOf({ email: 'nobody@nowhere.example', given_name: 'No' });

    async function refuseOnce() {
      server.exchange = verified(unknown);
      const callback = await server.begin();
      const first = await server.complete(callback());
      if (first.kind !== 'refused' || first.attempt === undefined) throw new Error(first.kind);
      const sealed = server.keptRefusals.seal(first.attempt, first);
      return { callback, first, attempt: first.attempt, sealed };
    }

    it('gets the same refusal again for ten minutes, and nothing is asked, written or recorded', async () => {
      const { callback, first, attempt, sealed } = await refuseOnce();
      const again = callback({ cookie: () => undefined, refusal: (one) => (one === attempt ? sealed : undefined) });
      for (const seconds of [0, 61, 538]) {
        clock.advance(seconds);
        expect(await server.complete(again)).toMatchObject({
          kind: 'refused',
          code: 'not_rostered',
          reference: 'ABCD2345',
          attempt,
          repeated: true,
          at: first.kind === 'refused' ? first.at : 0,
        });
      }
      clock.advance(2);
      expect(await server.complete(again)).toMatchObject({ code: 'sign_in_expired' });
      expect([server.exchanges, server.recorded.length]).toEqual([1, 1]);
    });

    it('gets it while the store is silent', async () => {
      const { callback, attempt, sealed } = await refuseOnce();
      const again = callback({ cookie: () => undefined, refusal: (one) => (one === attempt ? sealed : undefined) });
      const silent: Store = { ...services.store, get: () => Promise.reject(new StoreUnavailable(new Error('silent'))) };
      expect(await createServer(services, silent).complete(again)).toMatchObject({ code: 'not_rostered' });
    });

    it('gets no refusal of another attempt, nor one that was made up', async () => {
      const { sealed } = await refuseOnce();
      const other = await server.begin();
      for (const refusal of [sealed, 'made-up'])
        expect(await server.complete(other({ cookie: () => undefined, refusal: () => refusal }))).toMatchObject({
          code: 'sign_in_expired',
        });
    });
  });

  it('says so to a user who is missing from a roster of Clever’s, also on a reload', async () => {
    await services.districts.put(wexley);
    await services.publisher.publish(wexley.id, 'secure-sync', feed(student({ sisId: 'other' })));
    server.exchange = verified(claimsOf({ district: wexley.cleverId, sub: 'x', email: 'nobody@nowhere.example' }));
    const callback = await server.begin();
    for (const outcome of [await server.complete(callback()), await server.complete(callback())]) {
      expect(outcome).toMatchObject({ code: 'not_rostered', rosterSource: 'clever' });
    }
  });

  it('answers a reload after a minute by the session the browser has from this very state, and no other', async () => {
    const callback = await server.begin();
    const outcome = await server.complete(callback());
    clock.advance(61);
    expect(await server.complete(callback({ sessions: tokensOf(outcome) }))).toEqual({
      kind: 'continue',
      returnTo: 'http://localhost:4000/here',
    });
    expect(await server.complete(callback())).toMatchObject({ code: 'sign_in_expired' });
    server.exchange = verified(claimsOf({ sub: 'clever-of-s1', email: 'student.s1@juniper.example' }));
    const other = await server.complete((await server.begin())());
    expect(await server.complete(callback({ sessions: tokensOf(other) }))).toMatchObject({ code: 'sign_in_expired' });
  });

  it('does not give the first answer to a browser where another person has signed in since', async () => {
    const callback = await server.begin();
    await server.complete(callback());
    server.exchange = verified(claimsOf({ sub: 'clever-of-s1', email: 'student.s1@juniper.example' }));
    const other = await server.complete((await server.begin())());
    expect(await server.complete(callback({ sessions: tokensOf(other) }))).toMatchObject({ code: 'sign_in_expired' });
  });

  it('ends the earlier session of the browser for any identified user, matched or not', async () => {
    const first = await server.complete((await server.begin())());
    const sessions = tokensOf(first);
    server.exchange = verified(claimsOf({ sub: 'x', email: 'nobody@nowhere.example', given_name: 'No' }));
    const refused = await server.complete((await server.begin())({ sessions }));
    expect(refused).toMatchObject({ code: 'not_rostered', endsSession: true });
    expect(await services.findLiveSession(sessions[0])).toBeUndefined();
  });

  async function signInAs(sisId: string): Promise<string> {
    server.exchange = verified(claimsOf({ sub: `clever-of-${sisId}`, email: `student.${sisId}@juniper.example` }));
    const [token = ''] = tokensOf(await server.complete((await server.begin())()));
    return token;
  }

  it('ends every session of the browser whose token verifies, beside others that do not', async () => {
    const sessions = ['forged', await signInAs('s0'), `${await signInAs('s2')}x`, await signInAs('s2')];
    const alive = async () =>
      Promise.all(sessions.map(async (one) => (await services.findLiveSession(one)) !== undefined));
    expect(await alive()).toEqual([false, true, false, true]);
    server.exchange = verified(claimsOf({ sub: 'clever-of-s1', email: 'student.s1@juniper.example' }));
    const outcome = await server.complete((await server.begin())({ sessions }));
    expect(outcome.kind).toBe('signed-in');
    expect(await alive()).toEqual([false, false, false, false]);
    expect(await services.findLiveSession(tokensOf(outcome)[0])).toBeDefined();
  });

  it('does not give the first answer to a browser that has another session as well', async () => {
    const callback = await server.begin();
    const own = tokensOf(await server.complete(callback()));
    const others = await signInAs('s1');
    expect(await server.complete(callback({ sessions: own }))).toMatchObject({ kind: 'signed-in' });
    expect(await server.complete(callback({ sessions: [...own, others] }))).toMatchObject({ code: 'sign_in_expired' });
  });

  it('goes on with one live session beside ended ones, and with neither of two', async () => {
    const callback = await server.begin();
    const [own = ''] = tokensOf(await server.complete(callback()));
    const [ended, others] = [await signInAs('s2'), await signInAs('s1')];
    const claims = await services.tokens.verify(ended);
    await services.registry.end(juniper.id, claims?.sid ?? '');
    clock.advance(61);
    expect(await server.complete(callback({ sessions: [ended, own] }))).toMatchObject({ kind: 'continue' });
    expect(await server.complete(callback({ sessions: [others, own] }))).toMatchObject({ code: 'sign_in_expired' });
    const many = Array.from({ length: 8 }, (_, index) => `forged-${index}`);
    expect(await server.complete(callback({ sessions: [own, ...many.slice(1)] }))).toMatchObject({ kind: 'continue' });
    expect(await server.complete(callback({ sessions: [own, ...many] }))).toMatchObject({ code: 'sign_in_expired' });
  });

  it.each<[string, Record<string, string>, string]>([
    ['an unknown state', { state: 'made-up' }, 'sign_in_expired'],
    ['an empty state', { state: '' }, 'sign_in_expired'],
    ['neither code nor error', { code: '' }, 'malformed_request'],
  ])('refuses %s without asking Clever', async (_name, query, code) => {
    const callback = await server.begin();
    const change = callback({ query });
    if (query['code'] === '') change.parameters.delete('code');
    expect(await server.complete(change)).toMatchObject({ kind: 'refused', code });
    expect(server.exchanges).toBe(0);
  });

  it('refuses a state whose signature was changed, with the cookie of its attempt and without one', async () => {
    const callback = await server.begin('portal');
    const state = callback().parameters.get('state') ?? '';
    const query = { state: state.slice(0, -1) + (state.endsWith('0') ? '1' : '0') };
    expect(await server.complete(callback({ query }))).toMatchObject({ code: 'sign_in_expired' });
    const without = { query, cookie: () => undefined, hasCookies: () => false };
    expect(await server.complete(callback(without))).toMatchObject({ code: 'sign_in_expired' });
    expect(server.exchanges).toBe(0);
  });

  it('refuses a cookie of another attempt under this name', async () => {
    const [callback, another] = [await server.begin(), await server.begin()];
    const foreign = another();
    const cookies = [...foreign.parameters.values()];
    expect(cookies).not.toHaveLength(0);
    const sealed = (attempt: string) => foreign.cookie(attempt) ?? 'x';
    expect(await server.complete(callback({ cookie: sealed }))).toMatchObject({ code: 'sign_in_expired' });
  });

  it('refuses a state of the one app at the path of the other, and one older than ten minutes', async () => {
    const callback = await server.begin();
    expect(await server.complete(callback({ app: 'secure-sync' }))).toMatchObject({ code: 'sign_in_expired' });
    clock.advance(600);
    expect(await server.complete(callback())).toMatchObject({ code: 'sign_in_expired' });
    expect(server.exchanges).toBe(0);
  });

  it.each<[Start, boolean, string]>([
    ['portal', false, 'cookies_blocked'],
    ['portal', true, 'sign_in_expired'],
    ['login', false, 'sign_in_expired'],
  ])('takes a missing cookie of a %s start (other cookies: %s) for %s', async (from, hasCookies, code) => {
    const callback = await server.begin(from);
    expect(await server.complete(callback({ cookie: () => undefined, hasCookies: () => hasCookies }))).toMatchObject({
      code,
    });
  });

  it('does not call cookies blocked where the state was used already', async () => {
    const callback = await server.begin('portal');
    await server.complete(callback());
    expect(await server.complete(callback({ cookie: () => undefined, hasCookies: () => false }))).toMatchObject({
      code: 'sign_in_expired',
    });
  });

  it.each([
    ['access_denied', 'clever_denied'],
    ['server_error', 'clever_denied'],
    ['unauthorized-user', 'app_not_shared'],
    ['unauthorized_user', 'app_not_shared'],
  ])('records error=%s as %s', async (error, code) => {
    const callback = await server.begin();
    const outcome = await server.complete(callback({ query: { error } }));
    expect(outcome).toMatchObject({ code, reference: 'ABCD2345' });
    expect(server.recorded).toMatchObject([{ code }]);
    expect(server.exchanges).toBe(0);
  });

  it.each(['clever_misconfigured', 'clever_rejected', 'clever_unavailable'] as const)(
    'records %s with its reason',
    async (code) => {
      server.exchange = async () => ({ kind: 'refused', code, reason: 'short_word' });
      const outcome = await server.complete((await server.begin())());
      expect(outcome).toMatchObject({ code, reference: 'ABCD2345', note: { reason: 'short_word' } });
    },
  );

  it('shows the own address masked and keeps it whole for support', async () => {
    server.exchange = verified(claimsOf({ email: 'Student.s0@juniper.example' }));
    const outcome = await server.complete((await server.begin())());
    expect(outcome).toMatchObject({ code: 'email_mismatch', difference: 'case', maskedEmail: 'S•••@j•••.example' });
    expect(JSON.stringify(outcome)).not.toMatch(/juniper\.example|student\.s0|Givens0/i);
    expect(server.recorded).toMatchObject([
      { clever: { email: 'Student.s0@juniper.example' }, about: [{ sis_id: 's0' }], district: juniper.id },
    ]);
  });

  it('keeps in which language the refusal was shown', async () => {
    server.exchange = verified(claimsOf({ email: 'Student.s0@juniper.example' }));
    await server.complete((await server.begin())({ language: () => 'ar' }));
    await server.complete((await server.begin())({ language: () => 'ht', query: { error: 'access_denied' } }));
    expect(server.recorded).toMatchObject([{ language: 'ar' }, { language: 'ht' }]);
  });

  it('rejects when the store is silent before Clever has identified a user', async () => {
    const silent: Store = { ...services.store, put: () => Promise.reject(new StoreUnavailable(new Error('silent'))) };
    const mute = createServer(services, silent);
    await expect(mute.complete((await mute.begin())())).rejects.toThrow(StoreUnavailable);
    expect(mute.exchanges).toBe(0);
  });

  it.each([
    ['who was signed in before', true],
    ['who was not', false],
  ])('refuses one %s with a reference when the store falls silent at any step after that', async (_name, isAgain) => {
    let reached = 0;
    for (let left = 0; ; left += 1) {
      const handle = await place.open(clock);
      let budget = Number.POSITIVE_INFINITY;
      const counted = new Proxy(handle, {
        get(target, name) {
          const verb: unknown = Reflect.get(target, name);
          if (typeof verb !== 'function') return verb;
          const count =
            (ask: (...args: unknown[]) => unknown) =>
            (...args: unknown[]) => {
              budget -= 1;
              return budget < 0 ? Promise.reject(new StoreUnavailable(new Error('silent'))) : ask(...args);
            };
          // The one verb that asks nothing itself: what it answers does.
          if (name === 'replicaWait') return (...args: unknown[]) => count(verb(...args));
          return count((...args) => verb(...args));
        },
      });
      const shaky = await createServices(counted, clock);
      const supportPages = createServer(shaky);
      const earlier = await supportPages.complete((await supportPages.begin())());
      const sessions = isAgain ? tokensOf(earlier) : [];
      const callback = await supportPages.begin();
      // Nothing cached: every step asks the store.
      clock.advance(5);
      supportPages.exchange = async () => {
        budget = left;
        return { kind: 'verified', claims: claimsOf() };
      };
      const outcome = await supportPages.complete(callback({ sessions }));
      budget = Number.POSITIVE_INFINITY;
      if (outcome.kind === 'signed-in') break;
      reached += 1;
      expect(outcome).toMatchObject({
        code: 'service_unavailable',
        reference: 'ABCD2345',
        maskedEmail: 's•••@j•••.example',
      });
      expect(supportPages.recorded).toMatchObject([
        { code: 'service_unavailable', clever: { clever_id: 'clever-of-s0' } },
      ]);
    }
    expect(reached).toBeGreaterThan(3);
  });
});
