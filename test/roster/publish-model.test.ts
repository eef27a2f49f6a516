// Random sequences of publishes, reads of one person at a sign-in, crashes and rollbacks, by several methods, against a
// simple model: for each method the active people and the former ones. Readers always see what the model has.
import fc from 'fast-check';
import type { AccountRow } from '../../src/formats/feed.ts';
import type { Method } from '../../src/identity/candidate.ts';
import { accountIdOf } from '../../src/roster/account.ts';
import { type Store, StoreUnavailable } from '../../src/store/store.ts';
import { feed, student } from '../helpers/feeds.ts';
import { createServices, type TestServices } from '../helpers/services.ts';
import { type Engine, embedded, redis, type StoreFixture } from '../helpers/stores.ts';

const districtId = 'juniper-flats';
const sisIds = ['1', '2', '3', '4'] as const;
const methods = ['sftp', 'manual', 'secure-sync'] as const satisfies readonly Method[];

/** The address of each person that is there. */
type People = Readonly<Partial<Record<(typeof sisIds)[number], string>>>;
interface Feed {
  readonly active?: People;
  readonly former?: People;
}
type Model = Readonly<Partial<Record<Method, Feed>>>;

type Step =
  | { readonly do: 'publish'; readonly method: Method; readonly people: People; readonly crashAt?: number | undefined }
  | { readonly do: 'refresh'; readonly sisId: (typeof sisIds)[number]; readonly email: string }
  | { readonly do: 'rollback'; readonly method: Method; readonly crashAt?: number | undefined };

const email = fc.constantFrom('a@x.example', 'b@x.example', 'A@x.example', 'c@x.example');
const people: fc.Arbitrary<People> = fc.dictionary(fc.constantFrom(...sisIds), email, { maxKeys: 4 });
const method = fc.constantFrom(...methods);
const crashAt = fc.option(fc.integer({ min: 1, max: 30 }), { nil: undefined, freq: 2 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('publish' as const), method, people, crashAt }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('refresh' as const), sisId: fc.constantFrom(...sisIds), email }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('rollback' as const), method, crashAt }) },
);

const rowOf = (each: Method, sisId: string, address: string): AccountRow =>
  student({ sisId, email: address, cleverId: each === 'secure-sync' ? `clever-${sisId}` : undefined });

const feedOf = (each: Method, given: People) =>
  feed(...Object.entries(given).map(([sisId, address]) => rowOf(each, sisId, address)));

/** What the step makes of the model if it happens whole. */
function after(model: Model, next: Step): Model {
  if (next.do === 'publish') {
    const former = model[next.method]?.active;
    return { ...model, [next.method]: { active: next.people, ...(former === undefined ? {} : { former }) } };
  }
  if (next.do === 'refresh') {
    const synced = model['secure-sync'];
    if (synced?.active === undefined) return model;
    return { ...model, 'secure-sync': { ...synced, active: { ...synced.active, [next.sisId]: next.email } } };
  }
  const former = model[next.method]?.former;
  return former === undefined ? model : { ...model, [next.method]: { active: former } };
}

/** What readers see: of each person the address that each method gives. */
const shown = (model: Model) =>
  Object.fromEntries(
    sisIds.map((sisId) => [
      sisId,
      methods.flatMap((each) =>
        model[each]?.active?.[sisId] === undefined ? [] : [`${each} ${model[each]?.active?.[sisId]}`],
      ),
    ]),
  );

async function seen(services: TestServices): Promise<Readonly<Record<string, readonly string[]>>> {
  const roster = await services.rosters.read(districtId, 0);
  const entries = sisIds.map(async (sisId) => {
    const account = await services.directory.find(roster, accountIdOf(services.vault, districtId, 'student', sisId));
    return [sisId, (account?.sources ?? []).map((source) => `${source.method} ${source.email}`)] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

const versionOf = async (services: TestServices) => (await services.rosters.read(districtId, 0)).published.version;

/** A store whose process dies at its n-th write: that write and all later ones do not happen. */
function dying(store: Store, at: number): Store {
  let writes = 0;
  const live = <Result>(write: () => Promise<Result>): Promise<Result> => {
    writes += 1;
    return writes < at ? write() : Promise.reject(new StoreUnavailable(new Error('the process died')));
  };
  return {
    ...store,
    put: (...args) => live(() => store.put(...args)),
    commit: (...args) => live(() => store.commit(...args)),
    load: (...args) => live(() => store.load(...args)),
    drop: (...args) => live(() => store.drop(...args)),
    remove: (...args) => live(() => store.remove(...args)),
  };
}

async function take(services: TestServices, next: Step): Promise<void> {
  const { publisher } = services;
  if (next.do === 'publish') {
    await publisher.publish(districtId, next.method, feedOf(next.method, next.people), { approve: true });
  } else if (next.do === 'refresh') {
    await publisher.refreshPerson(districtId, 'secure-sync', rowOf('secure-sync', next.sisId, next.email));
  } else {
    await publisher.rollback(districtId, next.method);
  }
}

const runs = 60;

describe.each([embedded, redis])('publishing, whatever comes, in $name', (engine: Engine) => {
  let storeFixture: StoreFixture;
  beforeAll(async () => {
    storeFixture = await engine.start();
  });
  afterAll(() => storeFixture.stop());

  it('shows readers what the simplest model has', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        const store = await storeFixture.place().open();
        const services = await createServices(store);
        let model: Model = {};
        for (const next of steps) {
          const whole = after(model, next);
          if (next.do === 'refresh' || next.crashAt === undefined) {
            await take(services, next);
            model = whole;
          } else {
            const before = await versionOf(services);
            const broken = await createServices(dying(store, next.crashAt)).catch(() => undefined);
            await (broken === undefined ? undefined : take(broken, next).catch(() => undefined));
            // It happened whole or not at all; the published roster says which.
            if ((await versionOf(services)) > before) model = whole;
          }
          expect(await seen(services)).toEqual(shown(model));
        }
      }),
      { numRuns: runs },
    );
  }, 300_000);
});
