// When an upload counts as finished: nothing about its files has changed for a while. Looked at again and again, from
// outside; times of files are compared and never trusted, because clients set them.
import { type Entry, isUnfinishedName } from './drop-folder.ts';

export interface StillnessTimes {
  /** How long nothing may have changed. */
  readonly settleMs: number;
  /** The same while a name says that the file is not whole: after this nobody will finish it. */
  readonly abandonedMs: number;
}

export const statesOf = (entries: readonly Entry[]): string => entries.map(({ state }) => state).join('\n');

/** @param now milliseconds that only ever grow */
export function createStillness(times: StillnessTimes, now: () => number = () => performance.now()) {
  const seen = new Map<string, { readonly states: string; readonly since: number }>();
  return {
    /** To be asked at each look. */
    isStill(districtId: string, entries: readonly Entry[]): boolean {
      const states = statesOf(entries);
      const before = seen.get(districtId);
      if (before?.states !== states) {
        seen.set(districtId, { states, since: now() });
        return false;
      }
      const needed = entries.some(({ name }) => isUnfinishedName(name)) ? times.abandonedMs : times.settleMs;
      return now() - before.since >= needed;
    },
  };
}
