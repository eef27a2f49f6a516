// Every demo person in a real browser, on a Redis server, and one that falls silent.
import { demoPerson } from '../../sandbox/clever/people.ts';
import { heading, headingOf, useBrowserHouse } from './browser-house.ts';
import { describePeople } from './browser-people.ts';

describe('a real browser, on the redis store', () => {
  const browserHouse = useBrowserHouse('redis');
  const { house, openPage, clickThrough, look } = browserHouse;
  describePeople(browserHouse, false);

  it('meets a store that is silent', async () => {
    const { redis } = house();
    const page = await openPage();
    await page.goto(`${house().publicUrl}/`);
    await redis?.kill9();
    await clickThrough(page, demoPerson('student'));
    expect(await heading(page)).toBe(headingOf('service_unavailable', 'unknown'));
    await look(page, 'service_unavailable');
    await redis?.restart();
  });
});
