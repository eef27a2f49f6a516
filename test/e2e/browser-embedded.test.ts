// Every demo person in a real browser, on the embedded store.
import { useBrowserFixture } from './browser-fixture.ts';
import { describePeople } from './browser-people.ts';

describe('a real browser, on the embedded store', () => {
  describePeople(useBrowserFixture('embedded'), true);
});
