// Background work after a change of a district: applies its methods, retires the rosters of removed methods, and
// finishes what a crash interrupted after a switch. Checks every district at start, which also upgrades stores of
// earlier versions, and again whenever the version of all districts changes.

import type { District, Districts } from '../district/district.ts';
import { hasMethods, methodsOf } from '../roster/adopt-methods.ts';
import type { PublishedRosters } from '../roster/published-roster.ts';
import type { RosterPublisher } from '../roster/roster-publisher.ts';
import { createLoop, type Loop } from '../schedule/loop.ts';

interface FinishDistrictsNeeds {
  readonly districts: Pick<Districts, 'list' | 'version'>;
  readonly rosters: Pick<PublishedRosters, 'read'>;
  readonly publisher: Pick<RosterPublisher, 'finish'>;
  readonly onFailure: (failure: unknown) => void;
}

/** Costs one read of the store. */
const everyMs = 5_000;

export function createFinishDistricts({ districts, rosters, publisher, onFailure }: FinishDistrictsNeeds): Loop {
  /** The version for which every district is done. */
  let finishedVersion: string | undefined;

  return createLoop({
    everyMs,
    onFailure,
    async task(signal) {
      const version = await districts.version();
      if (version === finishedVersion) return;
      let isWhole = true;
      for (const district of await districts.list()) {
        if (signal.aborted) return;
        // At start also deletes tables left by a crash, which no published roster refers to.
        isWhole = (await finishSafely(district, finishedVersion === undefined)) && isWhole;
      }
      if (isWhole) finishedVersion = version;
    },
  });

  /** A district that fails does not delay the others; it is retried. */
  async function finishSafely(district: District, isFirst: boolean): Promise<boolean> {
    try {
      if (isFirst || !(await isFinished(district))) await publisher.finish(district.id);
      return true;
    } catch (failure) {
      onFailure(failure);
      return false;
    }
  }

  async function isFinished(district: District): Promise<boolean> {
    const { published } = await rosters.read(district.id, 0);
    const isDone = published.retired === undefined && published.aftermath === undefined;
    return isDone && hasMethods(published, methodsOf(district));
  }
}
