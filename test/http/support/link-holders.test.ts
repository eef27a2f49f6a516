// Before a link is released: both names side by side, and who last got in.
import { createClock, type MovableClock } from '../../helpers/clock.ts';
import { students } from '../../helpers/feeds.ts';
import { engines, type StoreFixture } from '../../helpers/stores.ts';
import { type SupportFixture, startSupport } from '../../helpers/support.ts';
import { createSupportStory } from '../../helpers/support-story.ts';
import { juniper } from '../../sign-in/decider.ts';

describe.each(engines)('an attempt of a link that is taken in $name', ({ start }) => {
  let storeFixture: StoreFixture;
  let clock: MovableClock;
  let support: SupportFixture;
  let story: ReturnType<typeof createSupportStory>;

  beforeAll(async () => {
    storeFixture = await start();
  });
  afterAll(() => storeFixture.stop());
  afterEach(() => support.stop());

  async function begin() {
    clock = createClock();
    support = await startSupport(await storeFixture.place().open(clock), { clock });
    await support.services.districts.put(juniper);
    story = createSupportStory(support.services, clock);
    await story.publish(students(5));
    await story.signIn();
  }

  interface Staff {
    readonly cookie: string;
    readonly form: string;
  }
  async function signIn(email: string): Promise<Staff> {
    const cookie = (await support.signIn({ verifiedEmail: email })) ?? '';
    const home = await support.ask('GET', '/support', { headers: { cookie, accept: 'text/html' } });
    return { cookie, form: /name="form" value="([^"]+)"/.exec(home.text)?.[1] ?? '' };
  }

  it('shows both names and who last got in before a link is released', async () => {
    await begin();
    const attempt = await story.signIn({ sub: 'another', given_name: 'Jonah' });
    const path = `/support/attempts/${attempt?.reference}`;
    const { cookie } = await signIn('casey@support.example');
    const { text } = await support.ask('GET', path, { headers: { cookie, accept: 'text/html' } });
    expect(text).toContain('The names differ.');
    expect(text).toMatch(/Jonah Familys0[\s\S]*Givens0 Familys0[\s\S]*another Clever id, clever-of-s0/);
    const { json } = await support.ask('GET', path, { headers: support.headers.support });
    expect(json['accounts']).toEqual([
      expect.objectContaining({ given_name: 'Givens0', same_name: false, last_clever_id: 'clever-of-s0' }),
    ]);
    expect(text).toContain('If you release the link of student s0');
    await support.services.links.release(juniper.id, story.accountOf('s0'));
    const released = await support.ask('GET', path, { headers: { cookie, accept: 'text/html' } });
    expect(released.text).toContain('Ask the district now whether they are one person.');
    expect(released.text).not.toContain('If you release the link');
  });

  const release = `/support/districts/${juniper.id}/links/release`;
  const end = `/support/districts/${juniper.id}/sessions/end`;
  it.each([
    ['Release the link', release, (account: string) => ({ account, reference: '1H2SV78Z' })],
    ['Release all links', release, () => ({ all: 'yes' })],
    ['End the sessions', end, (account: string) => ({ account })],
    ['End all sessions', `/admin/districts/${juniper.id}/sessions/end`, () => ({})],
    ['Release all links', `/admin/districts/${juniper.id}/links/release`, () => ({})],
  ])('%s without a reason by %s is the form again, with the reason named', async (label, path, fieldsOf) => {
    await begin();
    const { cookie, form } = await signIn('boss@admin.example');
    const headers = { cookie, accept: 'text/html' };
    const fields: Record<string, string> = fieldsOf(story.accountOf('s0'));
    const again = await support.ask('POST', path, { headers, body: new URLSearchParams({ form, ...fields }) });
    expect(again.status).toBe(400);
    const [, id] = new RegExp(`<a href="#([^"]+)">${label}: why\\?</a>`).exec(again.text) ?? [];
    expect(again.text).toContain(`<input id="${id}" name="reason"`);
    for (const [name, value] of Object.entries(fields)) expect(again.text).toContain(`name="${name}" value="${value}"`);
    const sent = { form: /name="form" value="([^"]+)"/.exec(again.text)?.[1] ?? '', ...fields, reason: 'a new login' };
    const done = await support.ask('POST', path, { headers, body: new URLSearchParams(sent) });
    expect(done.status).toBe(303);
  });

  it('a link that is moved to no account keeps what was filled in', async () => {
    await begin();
    const { cookie, form } = await signIn('casey@support.example');
    const body = new URLSearchParams({ form, from: 's0', to: '', reason: 'a new SIS' });
    const path = `/support/districts/${juniper.id}/links/move`;
    const { status, text } = await support.ask('POST', path, { headers: { cookie, accept: 'text/html' }, body });
    expect(status).toBe(400);
    expect(text).toMatch(/href="#move-to">SIS id or account id now[\s\S]*value="s0"[\s\S]*value="a new SIS"/);
    expect(text).not.toMatch(/href="#move-(from|reason)"/);
  });
});
