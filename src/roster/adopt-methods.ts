// Copies a district's rostering methods into its published roster, on which every sign-in's commit is conditioned: from
// the commit that removes a method, its feed no longer counts. The district, in another partition, is the source of
// truth; switch-generation.ts does what must follow.

import { type District, isRosteredBy } from '../district/district.ts';
import { type Method, methods } from '../identity/candidate.ts';
import type { Store } from '../store/store.ts';
import type { PublishedRoster, PublishedRosters, SeenRoster } from './published-roster.ts';

/** Undefined if there is no such district. Reads the store. */
export type FindMethods = (districtId: string) => Promise<readonly Method[] | undefined>;

interface AdoptMethodsNeeds {
  readonly store: Pick<Store, 'commit'>;
  readonly rosters: PublishedRosters;
  readonly findMethods: FindMethods;
}

/** The audit log's actor when it is unknown who removed a method: after a crash, or with an earlier version. */
const bridgeActor = 'bridge';

export const methodsOf = (district: Pick<District, 'rostering'>): Method[] =>
  methods.filter((method) => isRosteredBy(district, method));

/** Whether exactly these methods count. */
export function hasMethods({ methods: known, feeds }: PublishedRoster, wanted: readonly Method[]): boolean {
  const isSame = known?.length === wanted.length && wanted.every((method) => known.includes(method));
  return isSame && methods.every((method) => feeds[method] === undefined || wanted.includes(method));
}

/**
 * The published roster for these methods: feeds of other methods are marked to be retired and never become active
 * again.
 */
export function withMethods(published: PublishedRoster, wanted: readonly Method[], by = bridgeActor): PublishedRoster {
  const given = methods.flatMap((method) => {
    const feed = published.feeds[method];
    return feed === undefined ? [] : [{ method, feed }];
  });
  const kept = given.filter(({ method }) => wanted.includes(method));
  const removed = given.filter(({ method }) => !wanted.includes(method)).map((each) => ({ ...each, by }));
  const retired = [...(published.retired ?? []), ...removed];
  return {
    ...published,
    version: published.version + (removed.length > 0 ? 1 : 0),
    feeds: Object.fromEntries(kept.map(({ method, feed }) => [method, feed])),
    methods: wanted,
    ...(retired.length > 0 ? { retired } : {}),
  };
}

/** Brings the roster's methods up to date with the district's, in one commit; unchanged if there is no such district. */
export async function adoptMethods(needs: AdoptMethodsNeeds, districtId: string, by?: string): Promise<SeenRoster> {
  const { store, rosters, findMethods } = needs;
  // Reads the roster first: a change of the district after that changes the roster as well, and the commit fails.
  const seen = await rosters.read(districtId, 0);
  const wanted = await findMethods(districtId);
  if (wanted === undefined || hasMethods(seen.published, wanted)) return seen;
  await store.commit([seen.unchanged], [rosters.write(districtId, withMethods(seen.published, wanted, by))]);
  return adoptMethods(needs, districtId, by);
}
