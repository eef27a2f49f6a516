// The one box understands what a caller says: SIS ids, names, addresses in any case, parts of a district's name, days in words.
import { createClock, type MovableClock } from '../../helpers/clock.ts';
import { students } from '../../helpers/feeds.ts';
import { engines, type StoreFixture } from '../../helpers/stores.ts';
import { type SupportFixture, startSupport } from '../../helpers/support.ts';
import { claimsOfStudent, createSupportStory } from '../../helpers/support-story.ts';
import { juniper, wexley } from '../../sign-in/decider.ts';

describe.each(engines)('the one box in $name', ({ start }) => {
  let storeFixture: StoreFixture;
  let clock: MovableClock;
  let support: SupportFixture;
  let story: ReturnType<typeof createSupportStory>;
  let cookie: string;
  let form: string;

  beforeAll(async () => {
    storeFixture = await start();
    clock = createClock();
    support = await startSupport(await storeFixture.place().open(clock), { clock });
    await support.services.districts.put(juniper);
    await support.services.districts.put(wexley);
    story = createSupportStory(support.services, clock);
    await story.publish(
      students(5, (index) => ({ givenName: index === 3 ? 'Ana María' : `Given${index}`, familyName: 'Silva' })),
    );
    cookie = (await support.signIn({ verifiedEmail: 'casey@support.example' })) ?? '';
    const home = await support.ask('GET', '/support', { headers: { cookie, accept: 'text/html' } });
    form = /name="form" value="([^"]+)"/.exec(home.text)?.[1] ?? '';
  });
  afterAll(async () => {
    await support.stop();
    await storeFixture.stop();
  });

  const search = (q: string) =>
    support.ask('POST', '/support/search', {
      headers: { cookie, accept: 'text/html', origin: support.url },
      body: new URLSearchParams({ form, q }),
    });
  const personOf = (sisId: string) => `/support/districts/${juniper.id}/accounts/${story.accountOf(sisId)}`;

  it.each([
    ['s3', 's3'],
    ['flats s3', 's3'],
    ['s3 juniper-flats', 's3'],
    ['Ana María Silva', 's3'],
    ['Silva, ana maría', 's3'],
    ['juniper flats GIVEN1 silva', 's1'],
    ['Given1 Silva flats unified', 's1'],
    ['STUDENT.S2@juniper.example', 's2'],
    [' student.s2@Juniper.Example ', 's2'],
    ['student.s2 @juniper. example', 's2'],
  ])('finds a person of a roster by %j', async (q, sisId) => {
    const { status, headers } = await search(q);
    expect([status, headers.get('location')]).toEqual([303, personOf(sisId)]);
  });

  it('finds attempts by an address in another case, and by the name that Clever sent', async () => {
    const attempt = await story.signIn(claimsOfStudent('new', { given_name: 'Nils', family_name: 'Holm' }));
    const shown = `${attempt?.reference.slice(0, 4)}-${attempt?.reference.slice(4)}`;
    for (const q of ['STUDENT.NEW@juniper.example', 'flats nils holm', 'Holm, Nils flats'])
      expect((await search(q)).text).toContain(shown);
    expect((await search('port wexley Nils Holm')).text).not.toContain(shown);
  });

  it.each([
    ['flats', { district: juniper.id }],
    ['FLATS email_mismatch', { district: juniper.id, code: 'email_mismatch' }],
  ])('leads to the list by %j', async (q, wanted) => {
    const { headers } = await search(q);
    expect(headers.get('location')).toBe(`/support/attempts?${new URLSearchParams(wanted)}`);
  });

  it.each(['today', 'flats yesterday', '10/3/2026', 'juniper flats 10/3/2026 2:05 pm'])(
    'leads to the list of a day by %j',
    async (q) => {
      const { headers } = await search(q);
      expect(headers.get('location')).toMatch(/^\/support\/attempts\?.*from=20/);
    },
  );

  it.each(['Given1 Nobody', 'flats 999', 'nobody@juniper.example', '13/45/2026'])(
    'finds no person by %j',
    async (q) => {
      const { status, text } = await search(q);
      expect([status, text.includes('Nothing found')]).toEqual([200, true]);
    },
  );
});
