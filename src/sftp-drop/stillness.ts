// Decides when an upload counts as finished: nothing about its files has changed for a while, as seen by polling. Times of
// files are compared and never trusted, because clients set them.
import { type Entry, isUnfinishedName } from './drop-folder.ts';

export interface StillnessTimes {
  /** How long nothing may have changed in an upload that does not say that it is whole. */
  readonly settleMs: number;
  /** The same for a name of an incomplete file: after this the upload counts as abandoned. */
  readonly abandonedMs: number;
}

export const statesOf = (entries: readonly Entry[]): string => entries.map(({ state }) => state).join('\n');

/** @param now milliseconds that only ever grow */
export function createStillness(times: StillnessTimes, now: () => number = () => performance.now()) {
  const seen = new Map<string, { readonly states: string; readonly since: number }>();
  return {
    /** Call it at each poll. @param isWhole asked of what has not changed since the poll before */
    async isStill(districtId: string, entries: readonly Entry[], isWhole: () => Promise<boolean>): Promise<boolean> {
      const states = statesOf(entries);
      const before = seen.get(districtId);
      if (before?.states !== states) {
        seen.set(districtId, { states, since: now() });
        return false;
      }
      const needed = entries.some(({ name }) => isUnfinishedName(name)) ? times.abandonedMs : times.settleMs;
      return now() - before.since >= needed || (entries.length > 0 && (await isWhole()));
    },
  };
}
