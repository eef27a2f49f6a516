// Every demo person in a real browser, on a Redis server, and one that falls silent.
import { demoPerson } from '../../sandbox/clever/people.ts';
import { heading, headingOf, useBrowserFixture } from './browser-fixture.ts';
import { describePeople } from './browser-people.ts';

describe('a real browser, on the redis store', () => {
  const browserFixture = useBrowserFixture('redis');
  const { fixture, openPage, clickThrough, look } = browserFixture;
  describePeople(browserFixture, false);

  it('meets a store that is silent', async () => {
    const { redis } = fixture();
    const page = await openPage();
    await page.goto(`${fixture().publicUrl}/`);
    await redis?.kill9();
    await clickThrough(page, demoPerson('student'));
    expect(await heading(page)).toBe(headingOf('service_unavailable', 'unknown'));
    await look(page, 'service_unavailable');
    await redis?.restart();
  });
});
