// Decides when an upload is complete: polling has found nothing changed for a while. File times are compared and never
// trusted, because clients set them.
import { type Entry, isUnfinishedName } from './drop-folder.ts';

export interface StillnessTimes {
  /** How long an upload without a completion marker must be unchanged. */
  readonly settleMs: number;
  /** The same for the name of an incomplete file: after this the upload counts as abandoned. */
  readonly abandonedMs: number;
}

export const statesOf = (entries: readonly Entry[]): string => entries.map(({ state }) => state).join('\n');

/** @param now monotonic milliseconds */
export function createStillness(times: StillnessTimes, now: () => number = () => performance.now()) {
  const seen = new Map<string, { readonly states: string; readonly since: number }>();
  return {
    /**
     * Call it at each poll.
     * @param isWhole called for uploads that are unchanged since the previous poll
     */
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
