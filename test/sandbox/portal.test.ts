// Entry points of the stand-in Clever as clever.md describes them: portal, Instant Login link, the app's own button.
import { demoDistricts, juniperFlats, portWexley } from '../../sandbox/clever/districts.ts';
import { demoPeople, demoPerson } from '../../sandbox/clever/people.ts';
import type { Clever } from '../../sandbox/clever/start-clever.ts';
import { app, authorizeAddress, createBrowser, locationOf, redirectUri, startTestClever, syncUri } from './start.ts';

const student = demoPerson('student');
let clever: Clever;

beforeAll(async () => {
  clever = await startTestClever();
});
afterAll(() => clever.close());

const paramsOf = (address: URL) => Object.fromEntries(address.searchParams);

async function signedIn(person = student) {
  const browser = createBrowser();
  await browser.open(`${clever.url}/portal/sign-in?person=${person.id}`);
  return browser;
}

describe('the portal', () => {
  it('lists every person under their district', async () => {
    const page = await (await fetch(clever.url)).text();
    for (const person of demoPeople) expect(page).toContain(`/portal/sign-in?person=${person.id}"`);
    for (const district of demoDistricts) expect(page).toContain(district.name);
  });

  it('runs no script', async () => {
    expect(await (await fetch(`${clever.url}/portal`)).text()).not.toMatch(/<script|\son\w+=/i);
  });

  it('escapes what a name says', async () => {
    const other = await startTestClever({ people: [{ ...student, givenName: '<b>Bobby</b>' }] });
    const page = await (await fetch(other.url)).text();
    await other.close();
    expect(page).toContain('&lt;b>Bobby&lt;/b>');
    expect(page).not.toContain('<b>Bobby');
  });

  it('shows the apps of the district of the person who was clicked', async () => {
    const home = await (await (await signedIn(demoPerson('student-2'))).open(`${clever.url}/portal/home`)).text();
    expect(home).toContain('/portal/launch?app=summit-k12');
    expect(home).toContain('/portal/launch?app=secure-sync');
  });

  it('shows no app to a person whose district has not shared one', async () => {
    const home = await (await (await signedIn(demoPerson('unshared'))).open(`${clever.url}/portal/home`)).text();
    expect(home).not.toContain('/portal/launch');
  });

  it.each([
    ['summit-k12', redirectUri],
    ['secure-sync', syncUri],
  ])('launches %s at its primary redirect address with a code and nothing else', async (name, primary) => {
    const response = await createBrowser().open(`${clever.url}/portal/launch?person=${student.id}&app=${name}`);
    const arrival = locationOf(response);
    expect(arrival.origin + arrival.pathname).toBe(primary);
    expect(paramsOf(arrival)).toEqual({ code: expect.stringMatching(/.{20,}/) });
  });

  it('launches as the person who is signed in', async () => {
    const response = await (await signedIn()).open(`${clever.url}/portal/launch?app=summit-k12`);
    expect(paramsOf(locationOf(response))).toEqual({ code: expect.any(String) });
  });

  it('ends on a page of Clever when it launches for a person without the app', async () => {
    const response = await createBrowser().open(`${clever.url}/portal/launch?person=unshared&app=summit-k12`);
    expect(locationOf(response).href).toBe(`${clever.url}/oauth/unshared`);
  });

  it('leaves no cookie but its own session', async () => {
    const browser = await signedIn(demoPerson('cancels'));
    await browser.open(authorizeAddress(clever));
    expect([...browser.cookies().keys()]).toEqual(['clever_sandbox']);
  });

  it('asks again after a log-out', async () => {
    const browser = await signedIn();
    await browser.open(`${clever.url}/portal/logout`);
    expect(locationOf(await browser.open(authorizeAddress(clever))).pathname).toBe('/oauth/people');
  });
});

describe('an Instant Login link', () => {
  const link = () => `${clever.url}/oauth/instant-login?client_id=${app.clientId}&district_id=${juniperFlats.id}`;

  it('launches at once for a person who is signed in', async () => {
    expect(paramsOf(locationOf(await (await signedIn()).open(link())))).toEqual({ code: expect.any(String) });
  });

  it('shows the people of its district, and a click on one ends at the app without state', async () => {
    const browser = createBrowser();
    const people = await browser.open(locationOf(await browser.open(link())).href);
    const href = hrefOf(await people.text(), student.id);
    const back = locationOf(await browser.open(clever.url + href));
    expect(back.pathname).toBe('/oauth/instant-login');
    expect(paramsOf(locationOf(await browser.open(back.href)))).toEqual({ code: expect.any(String) });
  });
});

function hrefOf(page: string, contains: string): string {
  const hrefs = [...page.matchAll(/href="([^"]*)"/g)].map((match) => (match[1] ?? '').replaceAll('&amp;', '&'));
  return hrefs.find((href) => href.includes(contains)) ?? 'missing';
}

describe('an authorize request of the app', () => {
  it('is answered at once, with its state, where a session is live', async () => {
    const arrival = locationOf(await (await signedIn()).open(authorizeAddress(clever)));
    expect(paramsOf(arrival)).toEqual({ code: expect.any(String), state: 'state-1' });
  });

  it('takes the first address of the list when it names none', async () => {
    const query = new URLSearchParams({ response_type: 'code', client_id: app.clientId, state: 's' });
    const arrival = locationOf(await (await signedIn()).open(`${clever.url}/oauth/authorize?${query}`));
    expect(arrival.origin + arrival.pathname).toBe(redirectUri);
  });

  it.each(['', 'read:user_id', 'openid email profile'])('does not mind the scope "%s"', async (scope) => {
    const params: Record<string, string> = scope === '' ? {} : { scope };
    const arrival = locationOf(await (await signedIn()).open(authorizeAddress(clever, params)));
    expect(arrival.searchParams.has('code')).toBe(true);
  });

  it.each([{ client_id: 'nobody' }, { redirect_uri: 'https://elsewhere.example/' }])(
    'ends on a page of Clever for %j',
    async (wrong) => {
      const response = await createBrowser().open(authorizeAddress(clever, wrong));
      expect([response.status, response.headers.get('location')]).toEqual([400, null]);
      expect(response.headers.get('content-type')).toContain('text/html');
    },
  );

  it('asks for the district, then the person, and goes on with what was asked', async () => {
    const browser = createBrowser();
    const districts = await browser.open(locationOf(await browser.open(authorizeAddress(clever, { nonce: 'n' }))).href);
    const people = await browser.open(clever.url + hrefOf(await districts.text(), portWexley.id));
    const page = await people.text();
    expect(page).not.toContain(student.id);
    const again = locationOf(await browser.open(clever.url + hrefOf(page, demoPerson('student-2').id)));
    expect(paramsOf(locationOf(await browser.open(again.href)))).toEqual({
      code: expect.any(String),
      state: 'state-1',
    });
  });

  it('shows only the people of the district it names', async () => {
    const browser = createBrowser();
    const address = authorizeAddress(clever, { district_id: juniperFlats.id });
    const page = await (await browser.open(locationOf(await browser.open(address)).href)).text();
    expect(page).toContain(student.id);
    expect(page).not.toContain(demoPerson('student-2').id);
  });

  it('comes back with unauthorized-user for a person without the app, if it asked for that', async () => {
    const browser = await signedIn(demoPerson('unshared'));
    const arrival = locationOf(await browser.open(authorizeAddress(clever, { return_unshared: 'true' })));
    expect(arrival.href.startsWith(redirectUri)).toBe(true);
    expect(paramsOf(arrival)).toEqual({ error: 'unauthorized-user', state: 'state-1' });
  });

  it('ends on a page of Clever for a person without the app otherwise', async () => {
    const browser = await signedIn(demoPerson('unshared'));
    const response = await browser.open(locationOf(await browser.open(authorizeAddress(clever))).href);
    expect([response.status, new URL(response.url).origin]).toEqual([403, clever.url]);
  });

  it('comes back with access_denied from a person who cancels', async () => {
    const browser = await signedIn(demoPerson('cancels'));
    const arrival = locationOf(await browser.open(authorizeAddress(clever)));
    expect(paramsOf(arrival)).toEqual({ error: 'access_denied', state: 'state-1' });
  });
});
