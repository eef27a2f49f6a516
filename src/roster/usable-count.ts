// More than one row in ten of a file left out: the file is not what it should be, and nothing of it is published.
import type { FeedItem, Finding, RosterRow } from './feed.ts';
import { errorAt } from './finding.ts';

export interface UsableCount {
  see(item: FeedItem): void;
  /** Reports each file with too many rows left out. */
  end(): void;
}

export function createUsableCount(report: (finding: Finding) => void): UsableCount {
  const files = new Map<string, { rows: number; leftOut: number }>();
  return {
    see(item) {
      if (item.kind === 'progress') return;
      const leftOut = item.kind === 'finding' && item.rowLeftOut === true;
      if (!leftOut && !isRow(item)) return;
      const { rows, leftOut: before } = files.get(item.place.file) ?? { rows: 0, leftOut: 0 };
      files.set(item.place.file, { rows: rows + 1, leftOut: before + (leftOut ? 1 : 0) });
    },
    end() {
      for (const [file, { rows, leftOut }] of files) {
        if (leftOut * 10 > rows) report(errorAt('too_many_unusable', { file }));
      }
    },
  };
}

const isRow = (item: FeedItem): item is RosterRow => item.kind !== 'finding' && item.kind !== 'progress';
