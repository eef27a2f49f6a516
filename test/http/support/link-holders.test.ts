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
});
