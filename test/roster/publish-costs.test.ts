// What a publish costs for each user, counted and not timed: keyed hashes, seals, entries of the index, rows of the store.

import * as composed from '../../src/compose/services.ts';
import type { AccountRow } from '../../src/formats/feed.ts';
import type { Store } from '../../src/store/store.ts';
import { openVault, type Vault } from '../../src/store/vault.ts';
import { feed, students } from '../helpers/feeds.ts';
import { flatten, retentionSeconds, sessionTtlSeconds, storeKey } from '../helpers/services.ts';
import { engines, type StoreFixture } from '../helpers/stores.ts';
import { juniper } from '../sign-in/decider.ts';

const users = 2000;
/** Keys of the index and the ids beside them: src/store/paged-table.ts. */
const entryBytes = 32;

describe.each(engines)('a publish in $name', ({ start }) => {
  let storeFixture: StoreFixture;
  beforeAll(async () => {
    storeFixture = await start();
  });
  afterAll(() => storeFixture.stop());

  async function count(rows: readonly AccountRow[], ...again: readonly AccountRow[]) {
    const counts = { hashes: 0, seals: 0, entries: 0, rows: 0 };
    const given = await storeFixture.place().open();
    const store: Store = {
      ...given,
      load: (partition, table, loaded) => {
        counts.rows += loaded.length;
        for (const { id, value } of loaded) if (/^b\d{7}$/.test(id)) counts.entries += value.length / entryBytes;
        return given.load(partition, table, loaded);
      },
    };
    const opened = await openVault(store, [storeKey('one')]);
    const vault: Vault = {
      ...opened,
      blind: (purpose, ...parts) => {
        counts.hashes += 1;
        return opened.blind(purpose, ...parts);
      },
      seal: (at, plain) => {
        counts.seals += 1;
        return opened.seal(at, plain);
      },
    };
    const config = { SESSION_TTL: sessionTtlSeconds, ATTEMPT_RETENTION: retentionSeconds };
    const services = flatten(composed.createServices({ store, vault, clock: Date.now }, config));
    await services.districts.put(juniper);
    const publish = (published: readonly AccountRow[]) =>
      services.publisher.publish(juniper.id, 'sftp', feed(...published), { approve: true });
    if (again.length > 0) await publish(rows);
    Object.assign(counts, { hashes: 0, seals: 0, entries: 0, rows: 0 });
    const result = await publish(again.length > 0 ? again : rows);
    expect(result).toMatchObject({ kind: 'published', report: { accounts: { student: users } } });
    return counts;
  }

  const plain = students(users);
  const further = students(users, (at) => ({ furtherIds: [`f${at}`] }));
  const others = students(users, (at) => (at % 100 === 0 ? { email: `other${at}@juniper.example` } : {}));

  it.each([
    // By the id, the address and the name; the id has no entry of its own.
    { who: 'a user', rows: plain, hashes: 3, entries: 2 },
    { who: 'a user with one further id', rows: further, hashes: 4, entries: 3 },
  ])('makes $hashes keyed hashes and $entries entries of the index for $who, the first time and again', async (one) => {
    for (const counts of [await count(one.rows), await count(one.rows, ...one.rows)]) {
      // A few are of the district and its roster.
      expect(counts.hashes).toBeLessThanOrEqual(one.hashes * users + 10);
      expect(counts.entries).toBe(one.entries * users);
    }
  });

  it('seals a page for each 32 users, and writes one row for it and one for each 64 entries', async () => {
    const counts = await count(plain);
    const [pages, buckets] = [Math.max(64, users / 32), Math.max(64, (2 * users) / 64)];
    expect(counts.seals).toBeLessThanOrEqual(pages + 10);
    expect(counts.rows).toBeLessThanOrEqual(pages + buckets + 10);
  });

  it('makes no more for a republish than for the first publish but of what changed', async () => {
    const changed = users / 100;
    const counts = await count(plain, ...others);
    // An address that is given and one that is not any more are both looked up.
    expect(counts.hashes).toBeLessThanOrEqual(3 * users + 4 * changed + 10);
    expect(counts.seals).toBeLessThanOrEqual(Math.max(64, users / 32) + 10);
  });

  it('reads as JSON only the accounts that changed', async () => {
    const { parse } = JSON;
    let parsed = 0;
    JSON.parse = (text: string, ...rest) => {
      if (text.startsWith('["')) parsed += 1;
      return parse(text, ...rest);
    };
    try {
      // None by the first publish: all of its accounts are new.
      await count(plain, ...others);
      const changed = users / 100;
      expect(parsed).toBeGreaterThanOrEqual(2 * changed);
      // The change is compared, the guard looks for who shares its old and new address, and both stand in further rows.
      expect(parsed).toBeLessThanOrEqual(20 * changed);
    } finally {
      JSON.parse = parse;
    }
  });
});
