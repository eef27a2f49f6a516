// What lists, attempts, messages and the CSV say follows today's roster; lists by state and by person; filters in words.
import { showWallTime } from '../../../src/district/time-zone.ts';
import { createClock, type MovableClock } from '../../helpers/clock.ts';
import { student, students } from '../../helpers/feeds.ts';
import { engines, type StoreFixture } from '../../helpers/stores.ts';
import { type SupportFixture, startSupport } from '../../helpers/support.ts';
import { claimsOfStudent, createSupportStory } from '../../helpers/support-story.ts';
import { juniper } from '../../sign-in/decider.ts';

describe.each(engines)('attempts by today’s roster in $name', ({ start }) => {
  let storeFixture: StoreFixture;
  let clock: MovableClock;
  let support: SupportFixture;
  let story: ReturnType<typeof createSupportStory>;

  beforeAll(async () => {
    storeFixture = await start();
  });
  afterAll(() => storeFixture.stop());
  beforeEach(async () => {
    clock = createClock();
    support = await startSupport(await storeFixture.place().open(clock), { clock });
    await support.services.districts.put(juniper);
    story = createSupportStory(support.services, clock);
    await story.publish(students(5));
  });
  afterEach(() => support.stop());

  const renamed = () =>
    Array.from({ length: 5 }, (_, index) => student({ sisId: `s${index}`, email: `student.s${index}@new.example` }));
  const get = async (path: string, accept = 'application/json') =>
    support.ask('GET', path, { headers: { ...support.headers.support, accept } });
  const list = async (query: string) => {
    const { json } = await get(`/support/attempts?${query}`);
    return json['attempts'] as readonly Readonly<Record<string, unknown>>[];
  };
  async function page(path: string, more: Readonly<Record<string, string>> = {}) {
    const session = (await support.signIn({ verifiedEmail: 'casey@support.example' })) ?? '';
    const cookie = [session, ...Object.entries(more).map(([name, value]) => `${name}=${value}`)].join('; ');
    return support.ask('GET', path, { headers: { cookie, accept: 'text/html' } });
  }

  it('are open, then mended when the roster has the address, then resolved when the person got in', async () => {
    await story.publish(renamed());
    const attempt = await story.signIn(claimsOfStudent('s1'));
    const path = `/support/attempts/${attempt?.reference}`;
    expect(await list('')).toEqual([expect.objectContaining({ state: 'open', would_match_now: false })]);
    expect((await get(path)).json).toMatchObject({ state: 'open', message: expect.stringContaining('Hello') });
    expect((await get(`/support/districts/${juniper.id}/mismatches.csv`)).text).toContain('email_mismatch');

    await story.publish(students(5));
    expect(await list('state=mended')).toEqual([
      expect.objectContaining({ state: 'mended', would_match_now: true, resolved_at: null }),
    ]);
    expect(await list('state=open')).toEqual([]);
    expect((await get(path)).json).toMatchObject({ state: 'mended', would_match_now: true, message: null });
    const shown = (await page(path)).text;
    expect(shown).toContain('ask the person to sign in again');
    expect(shown).not.toContain('Message to the district');
    expect((await get(`/support/districts/${juniper.id}/mismatches.csv`)).text).not.toContain('email_mismatch');

    expect(await story.signIn(claimsOfStudent('s1'))).toBeUndefined();
    expect(await list('state=resolved')).toEqual([expect.objectContaining({ resolved_at: expect.any(String) })]);
    expect(await list('state=mended')).toEqual([]);
  });

  it('are exported as the list shows them, without those that are mended', async () => {
    await story.publish(renamed());
    for (const sisId of ['s1', 's2', 's2', 's3']) await story.signIn(claimsOfStudent(sisId));
    await story.publish([...students(2), ...renamed().slice(2)]);
    await story.signIn(claimsOfStudent('none', { email: '=cmd@juniper.example' }));
    const rowsOf = async (query: string, accept = 'application/json') => {
      const { status, headers, text } = await get(`/support/attempts.csv?${query}`, accept);
      expect([status, headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8']);
      const [head = '', ...rows] = text.replaceAll('"', '').trim().split('\r\n');
      const names = head.replace('\ufeff', '').split(',');
      return rows.map((row) => Object.fromEntries(row.split(',').map((cell, index) => [names[index], cell])));
    };
    const district = `district=${juniper.id}`;
    expect((await rowsOf(district)).map(({ code, state, tries }) => [code, state, tries])).toEqual([
      ['not_rostered', 'open', ''],
      ...Array.from({ length: 3 }, () => ['email_mismatch', 'open', '']),
    ]);
    expect((await rowsOf(`${district}&group=person`)).map(({ code, tries }) => [code, tries])).toEqual([
      ['not_rostered', '1'],
      ['email_mismatch', '1'],
      ['email_mismatch', '2'],
    ]);
    expect(await rowsOf(`${district}&code=ambiguous`)).toEqual([]);
    const { text } = await get(`/support/attempts.csv?${district}`);
    expect(text).not.toMatch(/@|clever-of/);
    const { entries } = await support.services.staffAuditLog.page(1);
    expect(entries).toMatchObject([{ action: 'attempts_exported', district: juniper.id, why: 'by district' }]);
    expect((await get('/support/attempts.csv?code=none')).status).toBe(400);
    expect((await get('/support/attempts.csv?email=a')).status).toBe(400);
    const shown = (await page(`/support/attempts?${district}&state=open`)).text;
    const [, path = ''] = /href="(\/support\/attempts\.csv[^"]*)"/.exec(shown) ?? [];
    expect((await page(path.replaceAll('&amp;', '&'))).text).toContain('email_mismatch');
  });

  it('of unidentified users close without action', async () => {
    const at = clock();
    for (const code of ['clever_denied', 'app_not_shared', 'clever_misconfigured'] as const)
      await support.services.attempts.record({ code, app: 'summit-k12', at });
    expect((await list('state=open')).map(({ code }) => code)).toEqual(['clever_misconfigured']);
    clock.advance(3601);
    expect(await list('state=open')).toEqual([]);
    expect((await list('state=resolved')).map(({ resolved_at }) => resolved_at)).toEqual([null, null, null]);
  });

  it('are one row for each person where that is asked for, with how many tries', async () => {
    await story.publish(renamed());
    for (const sisId of ['s1', 's2', 's1', 's1']) await story.signIn(claimsOfStudent(sisId));
    const rows = await list('group=person');
    expect(rows.map(({ tries }) => tries)).toEqual([3, 1]);
    expect(Date.parse(String(rows[0]?.['first_at']))).toBeLessThan(Date.parse(String(rows[0]?.['at'])));
    const shown = (await page('/support/attempts?group=person&state=open')).text;
    expect(shown).toContain('4 failures of 2 people.');
    expect(shown).toContain('3 tries');
    expect((await page(`/support/attempts?district=${juniper.id}`)).text).toContain('4 failures in all.');
  });

  it('are shown in the zone of their district where the reader chose none', async () => {
    await support.services.districts.put({ ...juniper, settings: { timeZone: 'America/Los_Angeles' } });
    await story.publish(renamed());
    const { reference, at } = await story.failed();
    await support.services.counts.flush();
    const local = showWallTime(at, 'America/Los_Angeles');
    const both = `<span class="wall">${local}</span> <span class="utc">(${showWallTime(at, 'UTC')})</span>`;
    const list = `/support/attempts?district=${juniper.id}`;
    const [incident] = (await support.services.incidents.list({ state: 'open' })).incidents;
    const one = `/support/attempts/${reference}`;
    const incidents = [`/support/incidents?district=${juniper.id}`, `/support/incidents/${incident?.id}`];
    for (const path of [list, ...incidents, one, `${one}/person`]) {
      expect((await page(path)).text).toContain(both);
      const chosen = (await page(path, { summit_staff_zone: 'America/Chicago' })).text;
      expect(chosen).toContain(showWallTime(at, 'America/Chicago'));
      expect(chosen).not.toContain(both);
    }
    expect((await page('/support')).text).not.toContain(both);
    expect((await get(`/support/attempts/${reference}`)).json['message']).toContain(
      `${local} (${showWallTime(at, 'UTC')})`,
    );
    expect((await get(`/support/incidents/${incident?.id}`)).json['message']).toContain(local);
    const today = await page(`${list}&from=today`);
    expect(today.text).toContain(`value="${local.slice(0, 10)}T00:00"`);
  });

  it('are asked for by state and group in their forms only', async () => {
    for (const query of ['state=broken', 'group=school', 'cursor=person-50', 'from=yesterday'])
      expect((await get(`/support/attempts?${query}`)).status).toBe(400);
    expect((await get('/support/attempts?state=broken')).json['detail']).toContain('state');
  });

  it('keep the form where a filter is wrong, and name its field', async () => {
    const { status, text } = await page('/support/attempts?from=soon&code=email_mismatch');
    expect(status).toBe(400);
    expect(text).toMatch(/Please correct:<\/strong> From\./);
    expect(text).toContain('value="soon"');
    expect(text).toContain('<option value="email_mismatch" selected>');
  });

  it('are found by part of a district’s name and a day in words, in the zone of the reader', async () => {
    await story.failed();
    const zone = { summit_staff_zone: 'America/Chicago' };
    const { status, text } = await page('/support/attempts?district=flats&from=today&to=today', zone);
    expect(status).toBe(200);
    expect(text).toContain(`value="${juniper.id}"`);
    expect(text).toMatch(/C[DS]T<\/span> <span class="utc">\(/);
    expect(text).toContain('1 failure in all.');
  });

  it('remember the zone that the reader chose, and go back to the page', async () => {
    const session = (await support.signIn({ verifiedEmail: 'casey@support.example' })) ?? '';
    const home = await support.ask('GET', '/support', { headers: { cookie: session, accept: 'text/html' } });
    const form = /name="form" value="([^"]+)"/.exec(home.text)?.[1] ?? '';
    const choose = (fields: Record<string, string>) =>
      support.ask('POST', '/support/zone', {
        headers: { cookie: session, accept: 'text/html', origin: support.url },
        body: new URLSearchParams({ form, ...fields }),
      });
    const chosen = await choose({ zone: 'America/Denver', return_to: '/support/attempts?state=open' });
    expect(chosen.headers.get('location')).toBe('/support/attempts?state=open');
    expect(chosen.headers.get('set-cookie')).toContain('summit_staff_zone=America%2FDenver');
    const foreign = await choose({ zone: 'Nowhere', return_to: '//evil.example/support' });
    expect(foreign.headers.get('location')).toBe('/support');
    expect(foreign.headers.get('set-cookie')).toContain('summit_staff_zone=UTC');
  });
});
