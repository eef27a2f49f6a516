// One browser, several tabs, reloads, old addresses, other people: the promises of contract sections 3 and 4.
// Two bridges share the store and the address, and every second request goes to the other one.
import { demoPerson } from '../../sandbox/clever/people.ts';
import { engines, type Fixture, isAtProduct, startFixture } from '../helpers/bridge.ts';
import { type Answer, bodyOf, type Client, problemAccept } from '../helpers/bridge-client.ts';

const json = { accept: problemAccept };

describe.each(engines)('one browser, on the %s store', (engine) => {
  let fixture: Fixture;

  beforeAll(async () => {
    fixture = await startFixture({ engine, bridges: 2 });
  });
  afterEach(() => fixture.clever.switches.clear());
  afterAll(() => fixture.stop());

  const begin = (client: Client, person: string) => fixture.toCallback(client, fixture.launchAddress(person));
  const signIn = async (client: Client, person: string) => {
    const answer = await client.open(fixture.launchAddress(person));
    return { answer, token: client.cookie('summit_session') ?? '' };
  };
  const codeOf = (answer: Answer) => [answer.status, bodyOf(answer)['code']];
  const atOther = (url: URL) => new URL(url.pathname + url.search, fixture.bridges[1]?.url);
  const whoIs = async (token: string) => {
    const response = await fetch(`${fixture.publicUrl}/session`, { headers: { authorization: `Bearer ${token}` } });
    const { account } = Object(await response.json());
    return response.status === 200 ? account.given_name : response.status;
  };
  const expired = [400, 'sign_in_expired'];

  describe('several tabs', () => {
    it('ends each of five sign-ins that were open at once', async () => {
      const client = fixture.browser();
      const tabs: URL[] = [];
      for (let tab = 0; tab < 5; tab += 1) tabs.push(await begin(client, 'student'));
      for (const address of tabs.reverse()) expect(isAtProduct(fixture, await client.open(address))).toBe(true);
    });

    it('lets the oldest go when a sixth is opened', async () => {
      const client = fixture.browser();
      const tabs: URL[] = [];
      for (let tab = 0; tab < 6; tab += 1) tabs.push(await begin(client, 'student'));
      const [oldest = new URL('about:blank'), ...others] = tabs;
      expect(client.cookieNames().filter((name) => name.startsWith('summit_sign_in_'))).toHaveLength(5);
      expect(codeOf(await client.once(oldest, json))).toEqual(expired);
      for (const address of others) expect(isAtProduct(fixture, await client.open(address))).toBe(true);
    });
  });

  describe('a reload or the back button', () => {
    it.each(['the same server', 'another server'])('after success leads to the product again, at %s', async (where) => {
      const client = fixture.browser();
      const address = await begin(client, 'student');
      expect(isAtProduct(fixture, await client.open(address))).toBe(true);
      const token = client.cookie('summit_session');
      const before = fixture.tokenRequests();
      const again = await client.once(where === 'another server' ? atOther(address) : address);
      expect([again.status, again.location?.origin]).toEqual([303, fixture.productUrl]);
      expect([client.cookie('summit_session'), fixture.tokenRequests()]).toEqual([token, before]);
    });

    it('keeps leading to the page that was asked for', async () => {
      const client = fixture.browser();
      await client.open(`${fixture.clever.url}/portal/sign-in?person=student`);
      const wanted = `${fixture.productUrl}/lessons/7`;
      const address = await fixture.toCallback(client, `${fixture.publicUrl}/login?return_to=${wanted}`);
      await client.once(address);
      expect((await client.once(address)).location?.href).toBe(wanted);
    });

    it.each([
      ['the same server', 'student'],
      ['another server', 'student'],
      ['another server', 'capital'],
    ])(
      'while the first exchange still runs gets the same answer and exchanges nothing, at %s, as %s',
      async (where, person) => {
        const client = fixture.browser();
        const address = await begin(client, person);
        const reload = client.clone();
        fixture.clever.switches.set({ slow: { ms: 600, on: ['token'] } });
        const before = fixture.tokenRequests();
        const [first, second] = await Promise.all([
          client.once(address, json),
          reload.once(where === 'another server' ? atOther(address) : address, json),
        ]);
        expect(fixture.tokenRequests()).toBe(before + 1);
        expect([second.status, second.location?.href, second.body]).toEqual([
          first.status,
          first.location?.href,
          first.body,
        ]);
        if (person === 'student') {
          expect(await whoIs(client.cookie('summit_session') ?? '')).toBe('Marisol');
          expect(await whoIs(reload.cookie('summit_session') ?? '')).toBe('Marisol');
        }
      },
    );

    it('of ten at once on two servers exchanges the code once', async () => {
      const client = fixture.browser();
      const address = await begin(client, 'teacher');
      const before = fixture.tokenRequests();
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, tab) => client.clone().once(tab % 2 === 0 ? address : atOther(address))),
      );
      expect(new Set(answers.map(({ status, location }) => `${status} ${location?.origin}`))).toEqual(
        new Set([`303 ${fixture.productUrl}`]),
      );
      expect(fixture.tokenRequests()).toBe(before + 1);
    });

    it('of a refusal says nothing new and leaves no second attempt', async () => {
      const client = fixture.browser();
      const address = await begin(client, 'not-plain');
      const kept = client.clone();
      const first = await client.once(address, json);
      const second = await kept.once(address, json);
      expect(bodyOf(second)).toEqual(bodyOf(first));
      expect(bodyOf(await client.once(address, json))).toEqual(bodyOf(first));
    });
  });

  describe('an address that is not this browser’s', () => {
    it('expires for a browser that never began it, and costs its owner nothing', async () => {
      const owner = fixture.browser();
      const address = await begin(owner, 'student');
      const stranger = fixture.browser();
      await begin(stranger, 'teacher');
      expect(codeOf(await stranger.once(address, json))).toEqual(expired);
      expect(isAtProduct(fixture, await owner.open(address))).toBe(true);
    });

    it('expires when its cookie belongs to another sign-in', async () => {
      const client = fixture.browser();
      const [first, second] = [await begin(client, 'student'), await begin(client, 'student')];
      const [one = '', other = ''] = client.cookieNames().filter((name) => name.startsWith('summit_sign_in_'));
      const [ofOne = '', ofOther = ''] = [client.cookie(one), client.cookie(other)];
      client.setCookie(one, ofOther);
      client.setCookie(other, ofOne);
      for (const address of [first, second]) expect(codeOf(await client.once(address, json))).toEqual(expired);
    });

    it('expires when it comes back to the other app', async () => {
      const client = fixture.browser();
      const address = await begin(client, 'student');
      const swapped = new URL(`/oauth/clever/secure-sync/callback${address.search}`, address);
      expect(codeOf(await client.once(swapped, json))).toEqual(expired);
    });

    it('expires as a bookmark of a signed-out day', async () => {
      const client = fixture.browser();
      const address = await begin(client, 'student');
      await client.open(address);
      client.forgetCookies();
      expect(codeOf(await client.once(address, json))).toEqual(expired);
    });

    it('expires once its session was signed out, even after another sign-in', async () => {
      const client = fixture.browser();
      const address = await begin(client, 'student');
      await client.open(address);
      const out = await client.once(`${fixture.publicUrl}/logout`, {
        method: 'POST',
        headers: { origin: fixture.publicUrl },
      });
      expect(out.status).toBe(303);
      expect(codeOf(await client.once(address, json))).toEqual(expired);
      await signIn(client, 'teacher');
      expect(codeOf(await client.once(address, json))).toEqual(expired);
    });

    it('expires while another person is signed in, and never opens their product', async () => {
      const client = fixture.browser();
      const address = await begin(client, 'student');
      await client.open(address);
      const { token } = await signIn(client, 'teacher');
      expect(codeOf(await client.once(address, json))).toEqual(expired);
      expect(codeOf(await client.once(atOther(address), json))).toEqual(expired);
      expect(await whoIs(token)).toBe('Desmond');
    });

    it('expires for another person, even with the cookie of the attempt still set', async () => {
      const client = fixture.browser();
      const address = await begin(client, 'student');
      const kept = client.clone();
      await client.open(address);
      const { token } = await signIn(client, 'teacher');
      kept.setCookie('summit_session', token);
      expect(codeOf(await kept.once(address, json))).toEqual(expired);
    });
  });

  describe('a second person', () => {
    it('replaces the first and ends their session', async () => {
      const client = fixture.browser();
      const first = await signIn(client, 'student');
      const second = await signIn(client, 'teacher');
      expect(second.answer.body).toContain('Hello, Desmond');
      expect([await whoIs(first.token), await whoIs(second.token)]).toEqual([401, 'Desmond']);
    });

    it('ends the first session at both servers, also when the second sign-in came to the other', async () => {
      const client = fixture.browser();
      const first = await signIn(client, 'student');
      const address = await begin(client, 'teacher');
      await client.once(atOther(address));
      expect(await whoIs(first.token)).toBe(401);
      expect(await whoIs(client.cookie('summit_session') ?? '')).toBe('Desmond');
    });

    it('who is refused ends the first session too', async () => {
      const client = fixture.browser();
      const first = await signIn(client, 'student');
      const { answer } = await signIn(client, 'not-rostered');
      expect(answer.status).toBe(403);
      expect([client.cookie('summit_session'), await whoIs(first.token)]).toEqual([undefined, 401]);
    });

    it('who left a sign-in open before the other signed in replaces them when it ends', async () => {
      const client = fixture.browser();
      const leftOpen = await begin(client, 'student');
      const between = await signIn(client, 'teacher');
      expect(await whoIs(between.token)).toBe('Desmond');
      const answer = await client.open(leftOpen);
      expect(answer.body).toContain(demoPerson('student').givenName);
      expect(await whoIs(between.token)).toBe(401);
    });

    it('who only cancels at Clever ends no session', async () => {
      const client = fixture.browser();
      const first = await signIn(client, 'student');
      const { answer } = await signIn(client, 'cancels');
      expect(answer.status).toBe(403);
      expect(await whoIs(first.token)).toBe('Marisol');
    });
  });

  describe('a refusal', () => {
    const referenceIn = ({ body }: Answer) => /class="sign"[^>]*>([\w-]+)</.exec(body)?.[1];

    it('has an address of its own with nothing in it, and is there again after reload, back and a dropped tab', async () => {
      const client = fixture.browser();
      const address = await begin(client, 'not-rostered');
      const first = await client.once(address);
      expect([first.status, first.location?.href]).toEqual([303, `${fixture.publicUrl}/refused`]);
      const shown = await client.open(first.location ?? '');
      expect([shown.status, referenceIn(shown)]).toEqual([403, expect.stringMatching(/^\w{4}-\w{4}-\w$/)]);
      for (const again of [`${fixture.publicUrl}/refused`, address, atOther(address)]) {
        const answer = await client.open(again);
        expect([answer.url.pathname, answer.status, referenceIn(answer)]).toEqual([
          '/refused',
          403,
          referenceIn(shown),
        ]);
      }
      const program = await client.once(`${fixture.publicUrl}/refused`, json);
      expect([program.status, bodyOf(program)['reference']]).toEqual([403, referenceIn(shown)]);
    });

    it('of the tab that was viewed last is shown', async () => {
      const client = fixture.browser();
      const [one, other] = [await begin(client, 'not-rostered'), await begin(client, 'capital')];
      const first = await client.open(one);
      const second = await client.open(other);
      expect(referenceIn(first)).not.toBe(referenceIn(second));
      expect(referenceIn(await client.open(`${fixture.publicUrl}/refused`))).toBe(referenceIn(second));
      expect(referenceIn(await client.open(one))).toBe(referenceIn(first));
      expect(referenceIn(await client.open(`${fixture.publicUrl}/refused`))).toBe(referenceIn(first));
    });

    it('is no other browser’s, and gone after a sign-in or a sign-out', async () => {
      const client = fixture.browser();
      const address = await begin(client, 'capital');
      await client.open(address);
      expect(codeOf(await fixture.browser().once(`${fixture.publicUrl}/refused`, json))).toEqual(expired);
      expect(codeOf(await fixture.browser().once(address, json))).toEqual(expired);
      const signedOut = client.clone();
      await signedOut.once(`${fixture.publicUrl}/logout`, { method: 'POST' });
      expect(codeOf(await signedOut.once(`${fixture.publicUrl}/refused`, json))).toEqual(expired);
      await signIn(client, 'student');
      expect(codeOf(await client.once(`${fixture.publicUrl}/refused`, json))).toEqual(expired);
    });

    it('is a problem at once for a program, also when it asks again', async () => {
      const client = fixture.browser();
      const address = await begin(client, 'capital');
      const first = await client.once(address, { accept: 'application/json' });
      expect(codeOf(first)).toEqual([403, 'email_mismatch']);
      expect((await client.once(address, json)).body).toBe(first.body);
    });
  });

  describe('a browser that blocks cookies', () => {
    it('gets cookies_blocked after our own restart of a launch', async () => {
      const client = fixture.browser({ blocksCookies: true });
      const launch = await client.open(fixture.launchAddress('student'), {
        stopBefore: ({ origin }) => origin === fixture.publicUrl,
      });
      const restarted = await client.once(launch.location ?? '');
      // Clever keeps its own session: play that the person is there, as on Clever's own site.
      const atClever = fixture.browser();
      await atClever.open(`${fixture.clever.url}/portal/sign-in?person=student`);
      const address = await fixture.toCallback(atClever, restarted.location ?? '');
      const answer = await client.once(address, json);
      expect([answer.status, answer.location, bodyOf(answer)['code']]).toEqual([400, undefined, 'cookies_blocked']);
    });

    it('gets sign_in_expired where it began at the product', async () => {
      const client = fixture.browser({ blocksCookies: true });
      const began = await client.once(`${fixture.publicUrl}/login`);
      const atClever = fixture.browser();
      await atClever.open(`${fixture.clever.url}/portal/sign-in?person=student`);
      const address = await fixture.toCallback(atClever, began.location ?? '');
      expect(codeOf(await client.once(address, json))).toEqual(expired);
    });
  });

  it('logged every sign-in with one line, of a closed set of outcomes', () => {
    const outcomes = new Set(fixture.bridges.flatMap((bridge) => bridge.signIns()).map(({ outcome }) => outcome));
    expect([...outcomes].sort()).toEqual(
      [
        'clever_denied',
        'continued',
        'cookies_blocked',
        'email_invalid',
        'email_mismatch',
        'not_rostered',
        'sign_in_expired',
        'signed_in',
      ].sort(),
    );
  });
});
