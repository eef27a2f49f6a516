// Detects that the folder of an embedded store was removed or replaced while it is open: the system lets a process
// continue with a file that no other process can see.

import { type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { StoreUnavailable } from '../store.ts';

/** Interval of the readers' check, which costs some microseconds. Milliseconds. */
const everyMs = 50;
/** A replacement is opened when it has not changed for this long: it may be half copied before. Milliseconds. */
const stillMs = 2_000;

export interface FolderWatch {
  /** @throws StoreUnavailable if the folder is not the one that was opened, even if another was just opened */
  checkSame(): void;
  /** Periodic check for readers: may open another folder. @throws StoreUnavailable if there is none to read */
  checkOften(): void;
  /** Changes when another folder is opened. */
  epoch(): number;
}

/** @param reopen closes the folder that is gone and opens the one in its place */
export function createFolderWatch(path: string, reopen: () => void): FolderWatch {
  const file = join(path, 'data.mdb');
  const find = () => statSync(file, { throwIfNoEntry: false });
  const place = ({ dev, ino }: Stats) => `${dev}:${ino}`;
  const content = (stats: Stats) => `${place(stats)}:${stats.size}:${stats.mtimeMs}`;
  const first = find();
  let opened = first && place(first);
  let epoch = 0;
  let looked = performance.now();
  let isGone = false;
  let still: { readonly content: string; readonly since: number } | undefined;

  function check(): void {
    looked = performance.now();
    const found = find();
    isGone = found === undefined || place(found) !== opened;
    if (!isGone) return;
    if (found !== undefined && isUnchanged(found)) {
      reopen();
      opened = place(found);
      epoch += 1;
      isGone = false;
      return;
    }
    throw new StoreUnavailable(new Error('the folder of the store was removed or replaced'));
  }

  function isUnchanged(found: Stats): boolean {
    if (still?.content !== content(found)) still = { content: content(found), since: performance.now() };
    return performance.now() - still.since >= stillMs;
  }

  return {
    checkSame() {
      const before = epoch;
      check();
      // An operation that began with one folder must not end with the other.
      if (epoch !== before) throw new StoreUnavailable(new Error('the folder of the store was replaced'));
    },
    checkOften() {
      if (isGone || performance.now() - looked >= everyMs) check();
    },
    epoch: () => epoch,
  };
}
