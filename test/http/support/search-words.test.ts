// The one box understands what a caller says: SIS ids, names, addresses in any case, parts of a district's name, days in words.
import { createClock, type MovableClock } from '../../helpers/clock.ts';
import { students } from '../../helpers/feeds.ts';
import { engines, type StoreFixture } from '../../helpers/stores.ts';
import { type SupportFixture, startSupport } from '../../helpers/support.ts';
import { claimsOfStudent, createSupportStory } from '../../helpers/support-story.ts';
import { juniper, wexley } from '../../sign-in/decider.ts';

/** Eight letters, as many as a reference has. */
const meadow = { ...wexley, id: 'san-meadow', cleverId: 'd'.repeat(24), name: 'San Mead and Meadow' };

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
    await support.services.districts.put(meadow);
    story = createSupportStory(support.services, clock);
    await story.publish(
      students(5, (index) => ({
        givenName: index === 3 ? 'Ana María' : `Given${index}`,
        familyName: index === 4 ? 'Núñez-O’Brien' : 'Silva',
        ...(index === 1 ? { email: 'William.Moss@juniper.example' } : {}),
      })),
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
    ['WILLIAM.MOSS@JUNIPER.EXAMPLE', 's1'],
    ['william.moss@juniper.example', 's1'],
    ['ana maria silva', 's3'],
    ['Anamaria Silva', 's3'],
    ['flats Silva Ana Maria', 's3'],
    ['Given4 nunez obrien', 's4'],
    ['Nunez O Brien, Given4', 's4'],
    ['GIVEN4 NÚÑEZ-O’BRIEN flats', 's4'],
  ])('finds a person of a roster by %j', async (q, sisId) => {
    const { status, headers } = await search(q);
    expect([status, headers.get('location')]).toEqual([303, personOf(sisId)]);
  });

  it('finds attempts by an address in another case, and by the name that Clever sent', async () => {
    const attempt = await story.signIn(claimsOfStudent('new', { given_name: 'Nils', family_name: 'Holm' }));
    const shown = `${attempt?.reference.slice(0, 4)}-${attempt?.reference.slice(4)}`;
    for (const q of ['STUDENT.NEW@juniper.example', 'flats nils holm', 'Holm, Nils flats', 'flats holm nils'])
      expect((await search(q)).text).toContain(shown);
    expect((await search('port wexley Nils Holm')).text).not.toContain(shown);
  });

  it.each([
    ['flats', { district: juniper.id }],
    ['Meadow', { district: 'san-meadow' }],
    ['san mead', { district: 'san-meadow' }],
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

  it.each([
    ['junipr', [juniper], 'juniper-flats'],
    ['Junipr Flats today', [juniper], 'juniper-flats today'],
    ['junipr Given1 Nobody', [juniper], 'juniper-flats Given1 Nobody'],
    ['Given1 Nobody port wexly', [wexley], 'Given1 Nobody'],
    ['wexly', [wexley], 'port-wexley'],
    ['wexly today', [wexley], 'port-wexley today'],
    ['flts', [juniper], 'juniper-flats'],
    ['san maedow', [meadow], 'san-meadow'],
    ['e email_mismatch', [], ''],
  ])('suggests the district that is meant by %j', async (q, suggested, corrected) => {
    const { text } = await search(q);
    expect(text).toContain('Nothing found');
    const found = [...text.matchAll(/name="q" value="([^"]+)">([^<]+)</g)].map(([, value, label]) => [value, label]);
    expect(found.map(([, label]) => label)).toEqual(suggested.map(({ id, name }) => `${name} (${id})`));
    if (found.length > 0) expect(found[0]?.[0]).toContain(corrected);
  });

  it('suggests all districts whose names have the words', async () => {
    const harbor = { ...wexley, id: 'harbor', cleverId: 'c'.repeat(24), name: 'Harbor Schools' };
    await support.services.districts.put(harbor);
    const { text } = await search('schools');
    expect(text).toContain('Harbor Schools (harbor)');
    expect(text).toContain(`${wexley.name} (${wexley.id})`);
    await support.services.districts.remove(harbor);
  });

  it.each(['juniprflats@juniper.example', '7K3Q-9ZDM-W', juniper.id])('suggests no district for %j', async (q) => {
    expect((await search(q)).text).not.toContain('Did you mean');
  });

  it('names each wrong field of the list, keeps what was typed, and suggests the district', async () => {
    const headers = { cookie, accept: 'text/html' };
    const { status, text } = await support.ask('GET', '/support/attempts?district=junipr&from=13/45/2026', { headers });
    expect([status, text.includes('Please correct:</strong> District, From.')]).toEqual([400, true]);
    expect(text).toContain('value="13/45/2026"');
    expect(text).toContain('/support/attempts?district=juniper-flats&amp;code=&amp;from=13%2F45%2F2026');
    const unknown = await support.ask('GET', '/support/attempts?district=junipr', { headers });
    expect(unknown.text).toContain('Did you mean:');
  });

  it('asks again for a day that does not exist', async () => {
    const { status, headers } = await search('flats 13/45/2026');
    expect([status, headers.get('location')]).toEqual([
      303,
      `/support/attempts?${new URLSearchParams({ district: juniper.id, from: '13/45/2026' })}`,
    ]);
  });

  it.each(['Given1 Nobody', 'flats 999', 'nobody@juniper.example'])('finds no person by %j', async (q) => {
    const { status, text } = await search(q);
    expect([status, text.includes('Nothing found')]).toEqual([200, true]);
  });
});
