// The districts as a server remembers them, so that a sign-in need not ask for its own. One question, the same for all
// districts, tells whether what is remembered still holds; what districts are, and when they change, is district.ts.
import type { District, Districts, SeenDistrict } from './district.ts';

/** What was so within this long is taken for so. Milliseconds. */
const glanceMs = 500;

/** However its version stands: what a version of before changes, during an upgrade, is told by nobody. Milliseconds. */
const longestMs = 60_000;

/** Some 13,000 districts are all that there are. */
const mostKnown = 20_000;
/** Anybody at Clever can come from a district that is none of ours: who is remembered must not be forgotten for it. */
const mostStrangers = 1_000;

interface Sight<Value> {
  /** Milliseconds, before the store was asked. */
  readonly at: number;
  readonly seen: Promise<Value>;
}

/**
 * Which of our districts a Clever district is linked to; as it was at most half a second before the call.
 * @param steady milliseconds, by a clock that nobody sets
 */
export function createFindKnownDistrict(
  districts: Pick<Districts, 'see' | 'version'>,
  steady: () => number = () => performance.now(),
): Districts['findByCleverId'] {
  const known = new Map<string, Sight<SeenDistrict>>();
  const strangers = new Map<string, Sight<SeenDistrict>>();
  let version: Sight<string> | undefined;

  const isYoung = ({ at }: Sight<unknown>, ms = glanceMs) => steady() - at < ms;

  /** Of a question that fails nothing is remembered: who comes next asks again. */
  function look<Value>(ask: () => Promise<Value>, forget: () => void): Sight<Value> {
    const sight = { at: steady(), seen: ask() };
    sight.seen.catch(forget);
    return sight;
  }

  function lastVersion(): Promise<string> {
    if (version === undefined || !isYoung(version))
      version = look(districts.version, () => {
        version = undefined;
      });
    return version.seen;
  }

  async function seeNow(cleverId: string): Promise<SeenDistrict> {
    const sight = look(
      () => districts.see(cleverId),
      () => strangers.delete(cleverId),
    );
    // A stranger's, until it is known to be ours.
    known.delete(cleverId);
    remember(strangers, mostStrangers, cleverId, sight);
    const seen = await sight.seen;
    if (seen.district !== undefined) {
      strangers.delete(cleverId);
      remember(known, mostKnown, cleverId, sight);
    }
    return seen;
  }

  async function find(cleverId: string): Promise<District | undefined> {
    const remembered = () => known.get(cleverId) ?? strangers.get(cleverId);
    const sight = remembered();
    if (sight === undefined) return (await seeNow(cleverId)).district;
    if (isYoung(sight)) return (await sight.seen).district;
    const [now, seen] = await Promise.all([lastVersion(), sight.seen]);
    if (seen.version === now && isYoung(sight, longestMs)) return seen.district;
    // Of those who wait for the same, the first asks.
    return remembered() === sight ? (await seeNow(cleverId)).district : find(cleverId);
  }
  return find;
}

function remember<Value>(into: Map<string, Value>, most: number, key: string, value: Value): void {
  if (into.size >= most) into.clear();
  into.set(key, value);
}
