// The blind store after a busy day through the real use cases: nothing in it names a person, sealed values cannot be
// swapped, and everything still works after STORE_KEYS changed.
import { partitionOf } from '../../src/district/district.ts';
import { makeReference, showReference } from '../../src/outcome/reference.ts';
import { readShape } from '../../src/paged-table/pages.ts';
import { accountTables } from '../../src/roster/published-roster.ts';
import { createBeginSignIn } from '../../src/sign-in/begin-sign-in.ts';
import { createCompleteSignIn } from '../../src/sign-in/complete-sign-in.ts';
import { createKeptRefusals } from '../../src/sign-in/kept-refusals.ts';
import type { Claims, IdentityProvider } from '../../src/sign-in/ports.ts';
import { createRepeatAnswer } from '../../src/sign-in/repeat-answer.ts';
import { createStates } from '../../src/sign-in/state.ts';
import { createStateClaims } from '../../src/sign-in/state-claims.ts';
import { pageOf, pageRow } from '../../src/store/paged-table.ts';
import { dump, encodings, findTexts } from '../helpers/at-rest.ts';
import { enrollment, feed, school, section, staff, student, students, teachers } from '../helpers/feeds.ts';
import { createServices, storeKey, type TestServices } from '../helpers/services.ts';
import { engines, type Place, type StoreFixture } from '../helpers/stores.ts';
import { claimsOf, createDecider, juniper, wexley } from '../sign-in/decider.ts';

const reason = 'New student information system, asked for by the district office';

/** Every sign-in of the day is one person's click, by the same steps as over HTTP. */
function createSupportFixture(services: TestServices) {
  const { vault, store, clock, registry, tokens, findLiveSession, attempts } = services;
  const states = createStates(vault, clock);
  const stateClaims = createStateClaims(store, vault, clock);
  let claims: Claims = {};
  const provider: IdentityProvider = {
    createChecks: (state) => ({ state, nonce: `nonce-of-${state}`, codeVerifier: `verifier-of-${state}` }),
    authorizationUrl: async (_app, { state }) => new URL(`https://clever.example/authorize?state=${state}`),
    exchange: async () => ({ kind: 'verified', claims, accessToken: 'access-token-of-clever' }),
    health: () => 'up',
  };
  const begin = createBeginSignIn(provider, states, vault);
  const complete = createCompleteSignIn({
    provider,
    states,
    stateClaims,
    vault,
    decide: createDecider(services),
    tokens,
    registry,
    findLiveSession,
    keptRefusals: createKeptRefusals(vault, clock),
    repeatAnswer: createRepeatAnswer({ stateClaims, registry, findLiveSession, clock }),
    recordAttempt: async (attempt) => ({ reference: (await attempts.record(attempt)).reference, kept: true }),
    during: (work) => work,
    clock,
  });
  return async (person: Claims) => {
    claims = person;
    const begun = await begin({ app: 'summit-k12', start: 'login', returnTo: 'http://localhost:4000/lessons/7' });
    if (begun.kind === 'refused') throw new Error(begun.code);
    const state = new URL(begun.authorizationUrl).searchParams.get('state') ?? '';
    const code = `code-${state.slice(3, 12)}`;
    const outcome = await complete({
      app: 'summit-k12',
      parameters: new URLSearchParams({ state, code }),
      cookie: () => begun.sealed,
      refusal: () => undefined,
      hasCookies: () => true,
      language: () => 'en',
      sessions: [],
      address: () => '192.0.2.1',
      resume: (step) => step(),
    });
    return { outcome, secrets: [state, code, begun.sealed, `nonce-of-${state}`, `verifier-of-${state}`] };
  };
}

const person = (sisId: string, change: Record<string, unknown> = {}) =>
  claimsOf({
    sub: `5c1e0e00000000000000${sisId.padStart(4, '0')}`,
    email: `student.${sisId}@juniper.example`,
    ...change,
  });

async function liveThroughADay(services: TestServices) {
  const signIn = createSupportFixture(services);
  const secrets: string[] = [];
  await services.districts.put(juniper);
  await services.districts.put(wexley);
  const roster = (count: number) => [
    school('school-of-juniper'),
    ...students(count, (index) => ({ grade: 'grade-7', sisId: `s${index}` })),
    ...teachers(3),
    staff({ sisId: 'f0', role: 'administrator' }),
    section('section-algebra', ['t0', 't1']),
    enrollment('section-algebra', 's0'),
  ];
  await services.publisher.publish(juniper.id, 'sftp', feed(...roster(20)));
  await services.publisher.publish(juniper.id, 'sftp', feed(...roster(19)));
  await services.publisher.publish(juniper.id, 'sftp', feed(...roster(2)));
  await services.publisher.publish(juniper.id, 'manual', feed(student({ sisId: 'manual-one' })));
  await services.publisher.publish(
    wexley.id,
    'secure-sync',
    feed(student({ sisId: 'w0', email: undefined, cleverId: '5c1e0e0000000000wexley00' })),
  );
  const people = [
    person('s0'),
    person('s1'),
    person('s2', { email: 'Student.s2@juniper.example' }),
    person('s19'),
    person('s3', { email: undefined }),
    person('s4', { user_type: 'contact', email: 'guardian@home.example' }),
    person('s5', { district: 'ffffffffffffffffffffffff' }),
    person('s6', { email: 'two@at@signs.example' }),
    person('s7', { sub: '5c1e0e000000000000000000', email: 'student.s0@juniper.example' }),
    person('w0', { district: wexley.cleverId, sub: '5c1e0e0000000000wexley00', email: undefined }),
  ];
  const references: string[] = [];
  const accounts: string[] = [];
  for (const claims of people) {
    const { outcome, secrets: more } = await signIn(claims);
    secrets.push(...more);
    if (outcome.kind === 'signed-in') {
      const verified = await services.tokens.verify(outcome.token);
      secrets.push(outcome.token, verified?.sid ?? '', verified?.jti ?? '');
      accounts.push(verified?.sub ?? '');
    }
    if (outcome.kind === 'refused') references.push(outcome.reference ?? '');
  }
  await services.keys.rotate();
  await services.auditLog.record(juniper.id, { action: 'link_released', at: services.clock(), by: 'command', reason });
  return { people, references, accounts, secrets, signIn };
}

const names = (of: string, count: number) =>
  Array.from({ length: count }, (_, i) => [`Given${of}${i}`, `Family${of}${i}`]).flat();

const forbidden = ({ people, references, secrets }: Awaited<ReturnType<typeof liveThroughADay>>): string[] => [
  ...Array.from({ length: 20 }, (_, index) => `student.s${index}@juniper.example`),
  ...names('s', 20),
  ...names('t', 3),
  'teacher.t0@juniper.example',
  'staff.f0@juniper.example',
  'manual-one',
  'juniper.example',
  'school-of-juniper',
  'section-algebra',
  'grade-7',
  'students.csv',
  juniper.id,
  juniper.cleverId,
  juniper.name,
  wexley.id,
  wexley.cleverId,
  wexley.name,
  'guardian@home.example',
  'two@at@signs.example',
  'lessons/7',
  'access-token-of-clever',
  reason,
  ...people.map(({ sub }) => String(sub)),
  ...references,
  ...references.map(showReference),
  ...secrets,
];

describe.each(engines)('the blind store in $name', ({ start }) => {
  let storeFixture: StoreFixture;
  let place: Place;
  let services: TestServices;
  let day: Awaited<ReturnType<typeof liveThroughADay>>;

  beforeAll(async () => {
    storeFixture = await start();
    place = storeFixture.place();
    services = await createServices(await place.open());
    day = await liveThroughADay(services);
  }, 300_000);
  afterAll(() => storeFixture.stop());

  it('has lived: sign-ins, refusals with references, a held roster', async () => {
    expect(day.accounts).toHaveLength(3);
    expect(day.references).toHaveLength(7);
    expect((await services.rosters.read(juniper.id, 0)).published.feeds.sftp?.held).toBeDefined();
    expect((await dump(services.store)).length).toBeGreaterThan(150);
  });

  it('holds no personal data and nothing readable, in any common encoding', async () => {
    const entries = await dump(services.store);
    const everything = Buffer.concat(entries.flatMap(([key, value]) => [key, Buffer.of(0), value, Buffer.of(0)]));
    expect(findTexts(everything, forbidden(day))).toEqual([]);
  });

  it('is searched in a way that would find them', () => {
    const text = 'student.s0@juniper.example';
    for (const [encoding, bytes] of encodings(text)) {
      expect([
        encoding,
        findTexts(Buffer.concat([Buffer.from('xx'), bytes, Buffer.from('yy')]), [text]).length > 0,
      ]).toEqual([encoding, true]);
    }
    for (let shift = 0; shift < 6; shift += 1) {
      const base64 = Buffer.from(`${'{'.repeat(shift)}${text}"}`).toString('base64');
      expect(findTexts(Buffer.from(base64), [text])).not.toEqual([]);
    }
  });

  it('gives no page of accounts for another', async () => {
    const partition = partitionOf(services.vault, juniper.id);
    const roster = await services.rosters.read(juniper.id, 0);
    const find = () => services.directory.findByEmail(roster, 'student.s0@juniper.example');
    const accountId = (await find())[0]?.accountId ?? '';
    // The page with the student in this roster and in the one before.
    const pageIn = async (which: 'active' | 'former') => {
      const table = accountTables(roster.published, which)[0]?.table ?? '';
      const shape = await readShape({ ...services, partition }, table);
      if (shape === undefined) throw new Error('no pages');
      return { partition, table, id: pageRow(pageOf(accountId.replaceAll('-', ''), shape)) };
    };
    const [first, second] = [await pageIn('active'), await pageIn('former')];
    const [a, b] = await services.store.get([first, second]);
    if (a === undefined || b === undefined) throw new Error('no pages');
    await services.store.put(first, b);
    await services.store.put(second, a);
    await expect(find()).rejects.toMatchObject({ code: 'SEAL_BROKEN' });
    await services.store.put(first, a);
    await services.store.put(second, b);
    expect(await find()).toHaveLength(1);
  });

  it('works on after STORE_KEYS changed: the same accounts, links and attempts', async () => {
    await createServices(await place.open(), Date.now, [storeKey('two'), storeKey('one')]);
    const after = await createServices(await place.open(), Date.now, [storeKey('two')]);
    const signIn = createSupportFixture(after);
    const { outcome } = await signIn(person('s0'));
    expect(outcome).toMatchObject({ kind: 'signed-in' });
    const token = outcome.kind === 'signed-in' ? outcome.token : '';
    expect((await after.tokens.verify(token))?.sub).toBe(day.accounts[0]);
    expect((await signIn(person('s0', { sub: 'somebody-else' }))).outcome).toMatchObject({ code: 'identity_changed' });
    for (const reference of day.references) expect(await after.attempts.find(reference)).toMatchObject({ reference });
    expect((await after.attempts.search({ email: 'Student.s2@juniper.example' })).attempts).toHaveLength(1);
    expect(await after.auditLog.list(juniper.id, 5)).toMatchObject([{ reason }]);
    const next = await after.publisher.publish(juniper.id, 'sftp', feed(...students(18), ...teachers(3)));
    expect(next.report.changes.student).toMatchObject({ new: 0, removed: 1 });
    expect(await after.attempts.find(makeReference())).toBeUndefined();
  });
});
