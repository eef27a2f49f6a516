// Finds the attempts that are resolved, because their user signed in after them. Computed on reading, from the last
// success that every sign-in stores: one store read per district on the page, none at a sign-in.
import type { District } from '../district/district.ts';
import type { Attempt } from './attempt.ts';
import type { LastSuccesses } from './last-success.ts';

/** By reference: when the user signed in, milliseconds since the epoch. Unresolved attempts are not in it. */
export type Resolutions = ReadonlyMap<string, number>;

export interface ResolveNeeds {
  readonly lastSuccesses: Pick<LastSuccesses, 'read'>;
  /** An attempt from before its district was linked has Clever's id of it only. */
  readonly findByCleverId: (cleverId: string) => Promise<Pick<District, 'id'> | undefined>;
}

export type ResolveAttempts = (attempts: readonly Attempt[]) => Promise<Resolutions>;

export function createResolveAttempts({ lastSuccesses, findByCleverId }: ResolveNeeds): ResolveAttempts {
  async function districtsOf(attempts: readonly Attempt[]): Promise<ReadonlyMap<string, string>> {
    const unlinked = attempts.flatMap(({ district, clever }) => (district ? [] : (clever?.district ?? [])));
    const found = await Promise.all(
      [...new Set(unlinked)].map(async (id) => [id, (await findByCleverId(id))?.id] as const),
    );
    return new Map(found.flatMap(([cleverId, id]) => (id === undefined ? [] : [[cleverId, id]])));
  }

  return async (attempts) => {
    const linkedSince = await districtsOf(attempts);
    const byDistrict = new Map<
      string,
      { readonly reference: string; readonly at: number; readonly cleverId: string }[]
    >();
    for (const { reference, at, district, clever } of attempts) {
      const here = district ?? linkedSince.get(clever?.district ?? '');
      if (here === undefined || clever?.clever_id === undefined) continue;
      const one = { reference, at, cleverId: clever.clever_id };
      const ofDistrict = byDistrict.get(here) ?? [];
      ofDistrict.push(one);
      byDistrict.set(here, ofDistrict);
    }
    const resolved = new Map<string, number>();
    for (const [district, open] of byDistrict) {
      const successes = await lastSuccesses.read(
        district,
        open.map(({ cleverId }) => cleverId),
      );
      for (const [index, { reference, at }] of open.entries()) {
        const success = successes[index];
        // The session's time is in whole seconds; the success's is not.
        if (success !== undefined && success.at > at) resolved.set(reference, success.at);
      }
    }
    return resolved;
  };
}
