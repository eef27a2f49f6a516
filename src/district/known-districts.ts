// A server's cache of districts, so that a sign-in does not read its own. One read of the version of all districts
// validates the whole cache; district.ts owns the districts and their version.
import type { District, Districts, SeenDistrict } from './district.ts';

/** How long a version that was read counts as current. Milliseconds. */
const maxAgeMs = 500;

/** Maximum age of an entry, whatever the version: earlier builds do not change the version. Milliseconds. */
const maxEntryAgeMs = 60_000;

/** The US has some 13,000 school districts. */
const maxKnown = 20_000;
/** Separate cache of unknown districts: sign-ins from them must not evict known ones. */
const maxUnknown = 1_000;

interface CachedRead<Value> {
  /** Milliseconds; taken before the store was read. */
  readonly at: number;
  readonly seen: Promise<Value>;
}

/**
 * Finds the registered district that a Clever district is linked to; at most half a second old.
 * @param steady milliseconds, from a monotonic clock
 */
export function createFindKnownDistrict(
  districts: Pick<Districts, 'see' | 'version'>,
  steady: () => number = () => performance.now(),
): Districts['findByCleverId'] {
  const known = new Map<string, CachedRead<SeenDistrict>>();
  const unknown = new Map<string, CachedRead<SeenDistrict>>();
  let version: CachedRead<string> | undefined;

  const isYoung = ({ at }: CachedRead<unknown>, ms = maxAgeMs) => steady() - at < ms;

  /** A failed read is not cached. */
  function ask<Value>(ask: () => Promise<Value>, forget: () => void): CachedRead<Value> {
    const cached = { at: steady(), seen: ask() };
    cached.seen.catch(forget);
    return cached;
  }

  function lastVersion(): Promise<string> {
    if (version === undefined || !isYoung(version))
      version = ask(districts.version, () => {
        version = undefined;
      });
    return version.seen;
  }

  async function seeNow(cleverId: string): Promise<SeenDistrict> {
    const cached = ask(
      () => districts.see(cleverId),
      () => unknown.delete(cleverId),
    );
    // Cached as unknown until the district is registered.
    known.delete(cleverId);
    remember(unknown, maxUnknown, cleverId, cached);
    const seen = await cached.seen;
    if (seen.district !== undefined) {
      unknown.delete(cleverId);
      remember(known, maxKnown, cleverId, cached);
    }
    return seen;
  }

  async function find(cleverId: string): Promise<District | undefined> {
    const remembered = () => known.get(cleverId) ?? unknown.get(cleverId);
    const cached = remembered();
    if (cached === undefined) return (await seeNow(cleverId)).district;
    if (isYoung(cached)) return (await cached.seen).district;
    const [now, seen] = await Promise.all([lastVersion(), cached.seen]);
    if (seen.version === now && isYoung(cached, maxEntryAgeMs)) return seen.district;
    // Concurrent callers share one read.
    return remembered() === cached ? (await seeNow(cleverId)).district : find(cleverId);
  }
  return find;
}

/**
 * Lists all districts as of the call; one read if none has changed since the last.
 * @param steady milliseconds, from a monotonic clock
 */
export function createListKnownDistricts(
  districts: Pick<Districts, 'list' | 'version'>,
  steady: () => number = () => performance.now(),
): Districts['list'] {
  let known: { readonly at: number; readonly version: string; readonly list: readonly District[] } | undefined;
  return async () => {
    const at = steady();
    // Read before the list: the list is of this version or newer, and a newer one is listed again.
    const version = await districts.version();
    if (known === undefined || known.version !== version || at - known.at >= maxEntryAgeMs)
      known = { at, version, list: await districts.list() };
    return [...known.list];
  };
}

function remember<Value>(into: Map<string, Value>, most: number, key: string, value: Value): void {
  if (into.size >= most) into.clear();
  into.set(key, value);
}
