// Every demo person in a real browser, on the embedded store.
import { useBrowserHouse } from './browser-house.ts';
import { describePeople } from './browser-people.ts';

describe('a real browser, on the embedded store', () => {
  describePeople(useBrowserHouse('embedded'), true);
});
