// People and their attempts by the ids of a roster: the SIS id, OneRoster's identifier and userIds, and an id that came to a
// person after the account.
import type { AccountRow } from '../../../src/formats/feed.ts';
import { createClock, type MovableClock } from '../../helpers/clock.ts';
import { feed, student, teacher } from '../../helpers/feeds.ts';
import { engines, type StoreFixture } from '../../helpers/stores.ts';
import { type SupportFixture, startSupport } from '../../helpers/support.ts';
import { claimsOfStudent, createSupportStory } from '../../helpers/support-story.ts';
import { juniper, wexley } from '../../sign-in/decider.ts';

const people: readonly AccountRow[] = [
  student({ sisId: 's0', furtherIds: ['70010', 'amoss'] }),
  student({ sisId: 's1', furtherIds: ['70011', 'both'] }),
  student({ sisId: 's2', furtherIds: ['both'] }),
  student({ sisId: 's3' }),
];

describe.each(engines)('a search by an id of the roster in $name', ({ start }) => {
  let storeFixture: StoreFixture;
  let clock: MovableClock;
  let support: SupportFixture;
  let story: ReturnType<typeof createSupportStory>;
  let reference: string;

  beforeAll(async () => {
    storeFixture = await start();
    clock = createClock();
    support = await startSupport(await storeFixture.place().open(clock), { clock });
    await support.services.districts.put(juniper);
    await support.services.districts.put(wexley);
    story = createSupportStory(support.services, clock);
    await story.publish(people);
    reference = (await story.failed()).reference;
    await story.failed(claimsOfStudent('s3', { email: 'Student.s3@juniper.example' }));
  });
  afterAll(async () => {
    await support.stop();
    await storeFixture.stop();
  });

  const post = (path: string, headers: Record<string, string>, body: string) =>
    support.ask('POST', path, { headers: { ...support.headers.support, ...headers }, body });
  const search = async (asked: object) =>
    (await post('/support/attempts/search', { 'content-type': 'application/json' }, JSON.stringify(asked))).json;
  const box = (q: string) => {
    const headers = { accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded' };
    return post('/support/search', headers, new URLSearchParams({ q }).toString());
  };
  const referencesOf = (json: Readonly<Record<string, unknown>>) =>
    Object(json['attempts']).map((attempt: Readonly<Record<string, string>>) => attempt['reference']?.slice(0, 9));
  const shown = () => `${reference.slice(0, 4)}-${reference.slice(4)}`;
  const personPath = (sisId: string) => `/support/districts/${juniper.id}/accounts/${story.accountOf(sisId)}`;

  it.each(['s0', '70010', 'amoss'])('finds the attempts of the one person who has %s', async (sisId) => {
    for (const within of [{}, { district: juniper.id }]) {
      const json = await search({ sis_id: sisId, ...within });
      expect(referencesOf(json)).toEqual([shown()]);
      expect(json['people']).toMatchObject([{ district: juniper.id, sis_id: 's0', person: personPath('s0') }]);
    }
    const elsewhere = await search({ sis_id: sisId, district: wexley.id });
    expect(elsewhere).toMatchObject({ attempts: [], people: [] });
    const { status, headers } = await box(`flats ${sisId}`);
    expect([status, headers.get('location')]).toEqual([303, personPath('s0')]);
  });

  it('takes the other filters as well', async () => {
    expect(referencesOf(await search({ sis_id: '70010', code: 'email_mismatch' }))).toEqual([shown()]);
    expect(referencesOf(await search({ sis_id: '70010', code: 'not_rostered' }))).toEqual([]);
    expect(await search({ sis_id: '70010', group: 'person' })).toMatchObject({ attempts: [{ tries: 1 }] });
  });

  it('names all who have the id, and the attempts of none', async () => {
    const json = await search({ sis_id: 'both', district: juniper.id });
    expect(json['attempts']).toEqual([]);
    // In no order: by account, whose ids are random from store to store.
    expect([json['people']].flat()).toHaveLength(2);
    for (const sis_id of ['s1', 's2']) expect(json['people']).toContainEqual(expect.objectContaining({ sis_id }));
    expect((await box('flats both')).text).toContain(personPath('s2'));
  });

  it.each(['7001', '70010 ', 'AMOSS', 'nobody'])('finds no person by %j', async (sisId) => {
    expect(await search({ sis_id: sisId, district: juniper.id })).toMatchObject({ attempts: [], people: [] });
  });

  it('is sent by POST alone, and recorded without the id', async () => {
    const headers = support.headers.support;
    expect((await support.ask('GET', '/support/attempts?sis_id=70010', { headers })).status).toBe(400);
    await search({ sis_id: '70010' });
    const [entry] = (await support.services.staffAuditLog.page(1)).entries;
    expect(entry).toMatchObject({ action: 'attempts_searched', why: 'by sis_id', references: reference });
    expect(JSON.stringify(entry)).not.toContain('70010');
  });

  it('finds an employee by the id that came later than the account', async () => {
    const email = 'lee@juniper.example';
    const { publisher, districts } = support.services;
    await districts.put({ ...juniper, rostering: ['sftp', 'manual'] });
    const byAddress = teacher({ sisId: `address:${email}`, email });
    expect((await publisher.publish(juniper.id, 'manual', feed(byAddress), { approve: true })).kind).toBe('published');
    await story.publish([...people, teacher({ sisId: 't7', email, furtherIds: ['80007'] })]);
    for (const sisId of ['t7', '80007'])
      expect(await search({ sis_id: sisId })).toMatchObject({ people: [{ record: 'teacher', sis_id: 't7' }] });
  });
});
