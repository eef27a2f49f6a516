// Everything Clever can do wrong, in the middle of a real sign-in: ends as contract section 3 says, never as a 500.
import type { SwitchSettings } from '../../sandbox/clever/switches.ts';
import { engines, type Fixture, isAtProduct, startFixture } from '../helpers/bridge.ts';
import { type Answer, bodyOf, problemAccept } from '../helpers/bridge-client.ts';
import { type BridgeProcess, until } from '../helpers/bridge-process.ts';

interface Fault {
  readonly name: string;
  readonly switches: SwitchSettings;
  readonly code: 'clever_unavailable' | 'clever_rejected' | 'clever_misconfigured';
}

const statuses = { clever_unavailable: 503, clever_rejected: 502, clever_misconfigured: 502 };

const atToken: readonly Fault[] = [
  ...[500, 502, 503, 504].map((status): Fault => {
    return {
      name: `${status} for the code`,
      switches: { fail: { on: ['token'], status } },
      code: 'clever_unavailable',
    };
  }),
  { name: 'HTML for the code', switches: { html: { on: ['token'] } }, code: 'clever_unavailable' },
  { name: 'a closed connection for the code', switches: { drop: { on: ['token'] } }, code: 'clever_unavailable' },
  { name: '30 MB for the code', switches: { huge: { on: ['token'] } }, code: 'clever_unavailable' },
  { name: 'invalid_client', switches: { invalidClient: {} }, code: 'clever_misconfigured' },
  { name: 'Clever’s words for a used code', switches: { tokenError: { as: 'clever' } }, code: 'clever_rejected' },
  { name: 'the same as message', switches: { tokenError: { as: 'message' } }, code: 'clever_rejected' },
  { name: 'a page with 401', switches: { tokenError: { as: 'html' } }, code: 'clever_misconfigured' },
  { name: 'an error with 200', switches: { tokenError: { as: 'ok' } }, code: 'clever_rejected' },
  { name: 'no id_token', switches: { idToken: { forge: 'missing' } }, code: 'clever_misconfigured' },
  ...(
    [
      'wrong-nonce',
      'wrong-audience',
      'wrong-issuer',
      'bad-signature',
      'expired',
      'alg-none',
      'hs256-with-public-key',
    ] as const
  ).map(
    (forge): Fault => ({
      name: `an id_token with ${forge}`,
      switches: { idToken: { forge } },
      code: 'clever_rejected',
    }),
  ),
];

/** Well signed, and no identity of a person: never a 500. */
const oddClaims: readonly Fault[] = Object.entries({
  'a district that is an object': { district: { id: 'x' } },
  'a lone surrogate in the district': { district: '4f00\ud800' },
  'a lone surrogate in the subject': { sub: '5f00\ud800' },
  'a subject that is a list': { sub: ['5f00'] },
}).map(([name, claims]): Fault => ({ name, switches: { idToken: { claims } }, code: 'clever_rejected' }));

/** Metadata and keys are kept once loaded: each of these meets a bridge that has just started. */
const atStart: readonly Fault[] = (['discovery', 'jwks'] as const).flatMap((on): Fault[] => [
  { name: `503 for the ${on}`, switches: { fail: { on: [on] } }, code: 'clever_unavailable' },
  { name: `HTML for the ${on}`, switches: { html: { on: [on] } }, code: 'clever_unavailable' },
  { name: `a closed connection for the ${on}`, switches: { drop: { on: [on] } }, code: 'clever_unavailable' },
  { name: `30 MB for the ${on}`, switches: { huge: { on: [on] } }, code: 'clever_unavailable' },
]);

describe.each(engines)('a fault of Clever, on the %s store', (engine) => {
  let fixture: Fixture;

  beforeAll(async () => {
    fixture = await startFixture({ engine });
    expect(isAtProduct(fixture, await fixture.browser().open(fixture.launchAddress('student')))).toBe(true);
  });
  afterEach(() => fixture.clever.switches.clear());
  afterAll(() => fixture.stop());

  function expectRefusal(answer: Answer | undefined, { code }: Pick<Fault, 'code'>): void {
    if (answer === undefined) throw new Error('there was no answer');
    expect([bodyOf(answer)['code'], answer.status]).toEqual([code, statuses[code]]);
    expect(answer.headers.get('retry-after') !== null).toBe(code === 'clever_unavailable');
    expect(answer.body).not.toMatch(/\bat \S+:\d+|node_modules|oauth4webapi|fetch failed/);
  }

  async function meet(switches: SwitchSettings): Promise<{ answer: Answer; line: unknown }> {
    const client = fixture.browser();
    const address = await fixture.toCallback(client, fixture.launchAddress('student'));
    fixture.clever.switches.set(switches);
    let answer: Answer | undefined;
    const [line, ...more] = await fixture.bridge.signInsDuring(async () => {
      answer = await client.once(address, { accept: problemAccept });
    });
    if (answer === undefined || more.length > 0) throw new Error('not exactly one sign-in was logged');
    return { answer, line };
  }

  it.each([...atToken, ...oddClaims])(
    'ends $name as $code, with a reference and a reason in the log',
    async ({ switches, code }) => {
      const { answer, line } = await meet(switches);
      expectRefusal(answer, { code });
      expect(bodyOf(answer)['reference']).toMatch(/^\S{4}-\S{4}-\S$/);
      expect(line).toMatchObject({
        outcome: code,
        reason: expect.stringMatching(/^[a-z0-9-]+$/),
        reference: expect.any(String),
      });
    },
  );

  it('ends an email that is an object as email_invalid', async () => {
    const { answer } = await meet({ idToken: { claims: { email: { address: 'a@b.example' } } } });
    expect(bodyOf(answer)['code']).toBe('email_invalid');
  });

  it('takes a name with a lone surrogate for no name', async () => {
    const { answer } = await meet({ idToken: { claims: { given_name: 'A\ud800' } } });
    expect(answer.status).toBe(303);
  });

  it('ends a code that Clever takes for used as clever_rejected', async () => {
    const client = fixture.browser();
    const address = await fixture.toCallback(client, fixture.launchAddress('student'));
    address.searchParams.set('code', 'a-code-that-clever-never-gave-out');
    const answer = await client.once(address, { accept: problemAccept });
    expectRefusal(answer, { code: 'clever_rejected' });
    const { json } = await fixture.command('attempts', '--reference', String(bodyOf(answer)['reference']));
    expect(json['attempts']).toEqual([
      expect.objectContaining({ code: 'clever_rejected', reason: expect.any(String) }),
    ]);
  });

  it('signs the next person in once Clever has recovered', async () => {
    expect(isAtProduct(fixture, await fixture.browser().open(fixture.launchAddress('teacher')))).toBe(true);
  });

  // Nothing is kept of people yet, so that there is nothing a store could do about it.
  if (engine === 'embedded') {
    describe('that a bridge meets before it knows Clever', () => {
      const bridges = new Map<string, BridgeProcess>();
      beforeAll(async () => {
        for (const [name, bridge] of await Promise.all(
          atStart.map(async ({ name }) => [name, await fixture.addBridge()] as const),
        ))
          bridges.set(name, bridge);
      });
      const bridgeOf = (name: string): BridgeProcess => {
        const bridge = bridges.get(name);
        if (bridge === undefined) throw new Error(`no bridge for ${name}`);
        return bridge;
      };

      it.each(atStart)('ends $name as $code, at whichever step it is met', async ({ name, switches, code }) => {
        fixture.clever.switches.set(switches);
        expectRefusal(await signInAt(bridgeOf(name), fixture.browser()), { code });
        await until(() => bridgeOf(name).signIns().length > 0, 'the log line');
        expect(bridgeOf(name).signIns()).toMatchObject([{ outcome: code, app: 'summit-k12' }]);
      });

      it.each(atStart)('is over for all users when $name is', async ({ name }) => {
        // With nothing to serve, a second passes between two tries.
        await until(
          async () => (await signInAt(bridgeOf(name), fixture.browser())).status === 303,
          'a sign-in after it',
        );
        expect(await bridgeOf(name).stop()).toBe(0);
      });
    });
  }

  /** Through this bridge, though Clever leads to the first one. */
  async function signInAt(bridge: BridgeProcess, client: ReturnType<Fixture['browser']>): Promise<Answer> {
    await client.open(`${fixture.clever.url}/portal/sign-in?person=student`);
    const began = await client.once(`${bridge.url}/login`, { accept: problemAccept });
    if (began.location === undefined) return began;
    const { pathname, search } = await fixture.toCallback(client, began.location);
    return client.once(bridge.url + pathname + search, { accept: problemAccept });
  }

  it('goes on when Clever changes its key in the middle of a sign-in', async () => {
    const bridge = await fixture.addBridge();
    expect((await signInAt(bridge, fixture.browser())).status).toBe(303);
    await fixture.clever.switches.rotateKey();
    expect((await signInAt(bridge, fixture.browser())).status).toBe(303);
    // Keys are fetched once a minute at most, however many forged tokens come.
    await fixture.clever.switches.rotateKey();
    expectRefusal(await signInAt(bridge, fixture.browser()), { code: 'clever_rejected' });
    await bridge.stop();
  });
});

describe('a Clever that answers too late', () => {
  it('ends after 10 s in all as clever_unavailable, and a reload that waits gets the same reference', async () => {
    const fixture = await startFixture({ engine: 'embedded', env: { CLEVER_TIMEOUT: '10s' } });
    try {
      const client = fixture.browser();
      const address = await fixture.toCallback(client, fixture.launchAddress('student'));
      fixture.clever.switches.set({ slow: { ms: 600_000, on: ['token'] } });
      const began = Date.now();
      const visit = { accept: problemAccept };
      const [first, reload] = await Promise.all([client.once(address, visit), client.once(address, visit)]);
      const seconds = (Date.now() - began) / 1000;
      expect([first.status, bodyOf(first)['code'], bodyOf(reload)]).toEqual([503, 'clever_unavailable', bodyOf(first)]);
      expect(first.headers.get('retry-after')).toMatch(/^\d+$/);
      expect(seconds).toBeGreaterThan(9);
      expect(fixture.tokenRequests()).toBe(1);
    } finally {
      await fixture.stop();
    }
  });

  it('is refused at once when nothing listens there', async () => {
    const fixture = await startFixture({ engine: 'embedded', rosters: 'none' });
    try {
      const bridge = await fixture.addBridge({ CLEVER_ISSUER: 'http://localhost:9' });
      const answer = await fixture.browser().once(`${bridge.url}/login`, { accept: problemAccept });
      expect([answer.status, bodyOf(answer)['code']]).toEqual([503, 'clever_unavailable']);
      expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
      await until(() => bridge.signIns().length > 0, 'the log line');
      expect(bridge.signIns()).toMatchObject([{ outcome: 'clever_unavailable', app: 'summit-k12' }]);
      const ready = await fetch(`${bridge.opsUrl}/readyz`);
      expect([ready.status, Object(await ready.json()).clever]).toEqual([200, 'down']);
    } finally {
      await fixture.stop();
    }
  });
});
