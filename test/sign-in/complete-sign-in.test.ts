// Ending a sign-in with a Clever that says what the test wants: states are used once, everybody who comes back gets the
// one answer, and a silent store is told as what it is.
import { createBeginSignIn } from '../../src/sign-in/begin-sign-in.ts';
import { type Callback, createCompleteSignIn, type Outcome } from '../../src/sign-in/complete-sign-in.ts';
import type { Claims, IdentityProvider, ProviderRefusal, Verified } from '../../src/sign-in/ports.ts';
import { createRepeatAnswer } from '../../src/sign-in/repeat-answer.ts';
import { createStates, type Start } from '../../src/sign-in/state.ts';
import { createStateClaims } from '../../src/sign-in/state-claims.ts';
import { type Store, StoreUnavailable } from '../../src/store/store.ts';
import type { Attempt } from '../../src/support/attempt.ts';
import { createClock, type MovableClock } from '../support/clock.ts';
import { feed, student, students } from '../support/feeds.ts';
import { furnish, type TestOffice } from '../support/office.ts';
import { engines, type Ground, type Place } from '../support/stores.ts';
import { claimsOf, createDecider, juniper, wexley } from './decider.ts';

type Exchange = () => Promise<Verified | ProviderRefusal>;

const verified =
  (claims: Claims): Exchange =>
  async () => ({ kind: 'verified', claims });

/** One server. `exchange` is what Clever answers to the next code. */
function createServer(office: TestOffice, store: Store = office.store) {
  const { vault, clock, registry, tokens, findLiveSession } = office;
  const states = createStates(vault, clock);
  const stateClaims = createStateClaims(store, vault, clock);
  const server = {
    exchange: verified(claimsOf()),
    exchanges: 0,
    recorded: [] as Omit<Attempt, 'reference'>[],
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
    decide: createDecider(office, { store }),
    tokens,
    registry,
    findLiveSession,
    repeatAnswer: createRepeatAnswer({ stateClaims, registry, findLiveSession, clock }),
    recordAttempt: async (attempt) => {
      server.recorded.push(attempt);
      return { reference: 'ABCD2345', kept: true };
    },
    clock,
  });
  return Object.assign(server, {
    complete,
    async begin(start: Start = 'login') {
      const begun = await begin({ app: 'summit-k12', start, returnTo: 'http://localhost:4000/here' });
      if (begun.kind === 'refused') throw new Error(begun.code);
      const state = new URL(begun.authorizationUrl).searchParams.get('state') ?? '';
      return (change: Partial<Callback> & { query?: Record<string, string> } = {}): Callback => ({
        app: 'summit-k12',
        parameters: new URLSearchParams({ state, code: 'code', ...change.query }),
        cookie: (attempt) => (attempt === begun.attempt ? begun.sealed : undefined),
        hasCookies: true,
        session: undefined,
        ...change,
      });
    },
  });
}

const sidOf = async (office: TestOffice, outcome: Outcome) =>
  outcome.kind === 'signed-in' ? (await office.tokens.verify(outcome.token))?.sid : undefined;

describe.each(engines)('ending a sign-in in $name', ({ start }) => {
  let ground: Ground;
  let place: Place;
  let clock: MovableClock;
  let office: TestOffice;
  let server: ReturnType<typeof createServer>;

  beforeAll(async () => {
    ground = await start();
  });
  beforeEach(async () => {
    clock = createClock();
    place = ground.place();
    office = await furnish(await place.open(clock), clock);
    await office.districts.put(juniper);
    await office.publisher.publish(juniper.id, 'sftp', feed(...students(3)));
    server = createServer(office);
  });
  afterAll(() => ground.stop());

  it('signs in where the person was going, and tells which attempt is used up', async () => {
    const callback = await server.begin();
    expect(await server.complete(callback())).toMatchObject({
      kind: 'signed-in',
      returnTo: 'http://localhost:4000/here',
      attempt: expect.stringMatching(/^[\w-]{17}$/),
      note: { district: juniper.id },
    });
  });

  it('exchanges the code of a state once, whoever comes with it, on whichever server', async () => {
    const other = createServer(await furnish(await place.open(clock), clock));
    const callback = await server.begin();
    const outcomes = await Promise.all(
      Array.from({ length: 12 }, (_, index) => (index % 2 ? server : other).complete(callback())),
    );
    expect(server.exchanges + other.exchanges).toBe(1);
    const sids = await Promise.all(outcomes.map((outcome) => sidOf(office, outcome)));
    expect(new Set(sids).size).toBe(1);
    expect(sids[0]).toBeDefined();
    expect(outcomes.filter(({ repeated }) => repeated === true)).toHaveLength(11);
  });

  it('gives a reload the same refusal, with the same reference', async () => {
    server.exchange = verified(claimsOf({ email: 'nobody@nowhere.example', given_name: 'No' }));
    const callback = await server.begin();
    const [first, second] = [await server.complete(callback()), await server.complete(callback())];
    expect(first).toMatchObject({ code: 'not_rostered', reference: 'ABCD2345' });
    expect(second).toMatchObject({ code: 'not_rostered', reference: 'ABCD2345', repeated: true });
    expect(server.recorded).toHaveLength(1);
  });

  it('tells who is missing from a roster of Clever’s so, and a reload as well', async () => {
    await office.districts.put(wexley);
    await office.publisher.publish(wexley.id, 'secure-sync', feed(student({ sisId: 'other' })));
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
    const session = outcome.kind === 'signed-in' ? outcome.token : undefined;
    expect(await server.complete(callback({ session }))).toEqual({
      kind: 'continue',
      returnTo: 'http://localhost:4000/here',
    });
    expect(await server.complete(callback())).toMatchObject({ code: 'sign_in_expired' });
    server.exchange = verified(claimsOf({ sub: 'clever-of-s1', email: 'student.s1@juniper.example' }));
    const other = await server.complete((await server.begin())());
    const others = other.kind === 'signed-in' ? other.token : undefined;
    expect(await server.complete(callback({ session: others }))).toMatchObject({ code: 'sign_in_expired' });
  });

  it('does not give the first answer to a browser where somebody else has signed in since', async () => {
    const callback = await server.begin();
    await server.complete(callback());
    server.exchange = verified(claimsOf({ sub: 'clever-of-s1', email: 'student.s1@juniper.example' }));
    const other = await server.complete((await server.begin())());
    const session = other.kind === 'signed-in' ? other.token : undefined;
    expect(await server.complete(callback({ session }))).toMatchObject({ code: 'sign_in_expired' });
  });

  it('ends the earlier session of the browser, whoever comes now, matched or not', async () => {
    const first = await server.complete((await server.begin())());
    const session = first.kind === 'signed-in' ? first.token : undefined;
    server.exchange = verified(claimsOf({ sub: 'x', email: 'nobody@nowhere.example', given_name: 'No' }));
    const refused = await server.complete((await server.begin())({ session }));
    expect(refused).toMatchObject({ code: 'not_rostered', endsSession: true });
    expect(await office.findLiveSession(session)).toBeUndefined();
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
    expect(await server.complete(callback({ cookie: () => undefined, hasCookies }))).toMatchObject({ code });
  });

  it('does not call cookies blocked where the state was used already', async () => {
    const callback = await server.begin('portal');
    await server.complete(callback());
    expect(await server.complete(callback({ cookie: () => undefined, hasCookies: false }))).toMatchObject({
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

  it('rejects when the store is silent before Clever has vouched for anybody', async () => {
    const silent: Store = { ...office.store, put: () => Promise.reject(new StoreUnavailable(new Error('silent'))) };
    const mute = createServer(office, silent);
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
          if (name === 'settling') return (...args: unknown[]) => count(verb(...args));
          return count((...args) => verb(...args));
        },
      });
      const shaky = await furnish(counted, clock);
      const desk = createServer(shaky);
      const earlier = await desk.complete((await desk.begin())());
      const session = isAgain && earlier.kind === 'signed-in' ? earlier.token : undefined;
      const callback = await desk.begin();
      // Nothing cached: every step asks the store.
      clock.advance(5);
      desk.exchange = async () => {
        budget = left;
        return { kind: 'verified', claims: claimsOf() };
      };
      const outcome = await desk.complete(callback({ session }));
      budget = Number.POSITIVE_INFINITY;
      if (outcome.kind === 'signed-in') break;
      reached += 1;
      expect(outcome).toMatchObject({
        code: 'service_unavailable',
        reference: 'ABCD2345',
        maskedEmail: 's•••@j•••.example',
      });
      expect(desk.recorded).toMatchObject([{ code: 'service_unavailable', clever: { clever_id: 'clever-of-s0' } }]);
    }
    expect(reached).toBeGreaterThan(3);
  });
});
