// A long feed is hashed on a second thread: the accounts are those of a short one, and a thread that ends fails the publish
// with nothing changed.

import * as composed from '../../src/compose/services.ts';
import type { AccountRow, Feed } from '../../src/formats/feed.ts';
import { type HashThread, HashThreadEnded } from '../../src/store/hash-thread.ts';
import type { Store } from '../../src/store/store.ts';
import { openVault, type Vault } from '../../src/store/vault.ts';
import { keysOf } from '../helpers/at-rest.ts';
import { feed, staff, student, students, teacher } from '../helpers/feeds.ts';
import { flatten, retentionSeconds, sessionTtlSeconds, storeKey } from '../helpers/services.ts';
import { engines, type StoreFixture } from '../helpers/stores.ts';
import { juniper } from '../sign-in/decider.ts';

const users = 51_000;
const fewUsers = 500;

/** The last ones come when the second thread is at it. */
const last = (at: number): Partial<AccountRow> =>
  at < users - fewUsers ? {} : { furtherIds: [`f${at}`], givenName: ` Zoë ${at}`, email: `Zoë.${at}@Juniper.example` };
const longFeed = (): AccountRow[] => [
  ...students(users, last),
  student({ sisId: 's1', schoolId: 'school-2' }),
  student({ sisId: 'sharing', email: `Zoë.${users - 1}@Juniper.example` }),
  teacher({ sisId: 'twice', email: 'twice@juniper.example' }),
  staff({ sisId: 'other', email: 'twice@juniper.example', role: 'administrator' }),
];

describe.each(engines)('a long feed in $name', ({ start }) => {
  let storeFixture: StoreFixture;
  let store: Store;
  let threads: { asked: number; ended: number };
  let failAfter: number;
  let services: Awaited<ReturnType<typeof createServices>>;

  beforeAll(async () => {
    storeFixture = await start();
  });
  beforeEach(async () => {
    threads = { asked: 0, ended: 0 };
    failAfter = Number.POSITIVE_INFINITY;
    store = await storeFixture.place().open();
    services = await createServices();
    await services.districts.put(juniper);
  });
  afterAll(() => storeFixture.stop());

  async function createServices() {
    const opened = await openVault(store, [storeKey('one')]);
    const vault: Vault = { ...opened, blindBeside: (purposes) => watch(opened.blindBeside(purposes)) };
    const config = { SESSION_TTL: sessionTtlSeconds, ATTEMPT_RETENTION: retentionSeconds };
    return flatten(composed.createServices({ store, vault, clock: Date.now }, config));
  }

  function watch(thread: HashThread): HashThread {
    return {
      async hash(all) {
        threads.asked += 1;
        if (threads.asked > failAfter) await thread.end();
        return thread.hash(all);
      },
      async end() {
        threads.ended += 1;
        await thread.end();
      },
    };
  }

  const publish = (given: Feed) => services.publisher.publish(juniper.id, 'sftp', given, { approve: true });
  const active = async () => (await services.rosters.read(juniper.id, 0)).published.feeds.sftp?.active?.id;

  it('has the accounts that a short one has, found by the same keys', async () => {
    await publish(feed(...longFeed().slice(users - fewUsers)));
    expect(threads).toEqual({ asked: 0, ended: 0 });
    const { report, findings } = await publish(feed(...longFeed()));
    expect(threads.asked).toBeGreaterThan(1);
    expect(threads.ended).toBe(1);
    expect(report.accounts).toEqual({ student: users + 1, teacher: 0, staff: 0, administrator: 1 });
    // The student of two schools had one of them before.
    expect(report.changes.student).toMatchObject({ before: fewUsers + 2, changed: 1, unchanged: fewUsers + 1 });
    expect(report.changes.employee).toMatchObject({ before: 1, unchanged: 1 });
    expect(findings.list.map(({ code }) => code)).toEqual(['email_shared', 'email_shared']);
    const roster = await services.rosters.read(juniper.id, 0);
    const { directory } = services;
    for (const found of [
      await directory.findByEmail(roster, `zoë.${users - 2}@juniper.example`),
      await directory.findByFurtherId(roster, `f${users - 2}`),
      await directory.findByFurtherId(roster, `s${users - 2}`),
      await directory.findByName(roster, `zoë ${users - 2}`, `FAMILYs${users - 2}`),
    ])
      expect(found.map(({ sisId }) => sisId)).toEqual([`s${users - 2}`]);
  });

  it('is not published when the thread ends, and leaves nothing behind', async () => {
    await publish(feed(...longFeed().slice(0, fewUsers)));
    const [before, keys] = [await active(), await keysOf(store)];
    failAfter = 1;
    await expect(publish(feed(...longFeed()))).rejects.toThrow(HashThreadEnded);
    expect(await active()).toBe(before);
    expect(await keysOf(store)).toEqual(keys);
  });

  it('ends the thread when the feed breaks off', async () => {
    async function* broken(): Feed {
      yield* longFeed();
      throw new Error('the source is gone');
    }
    await expect(publish(broken())).rejects.toThrow('the source is gone');
    expect(threads.asked).toBeGreaterThan(0);
    expect(threads.ended).toBe(1);
  });
});
