// Rejects a file or sheet with more than one row in ten left out: nothing of it is published.
import type { FeedItem, Place } from '../formats/feed.ts';

interface UsableCount {
  see(item: FeedItem): void;
  /** An accepted row is left out after all. */
  leaveOut(place: Place): void;
  /** A user at Clever is left out because another one has the same SIS id. Up to ten of a list do not count. */
  contest(place: Place): void;
  /** The files and sheets with too many rows left out. */
  unusable(): readonly Place[];
}

interface Count {
  readonly place: Place;
  rows: number;
  leftOut: number;
  contested: number;
}

export function createUsableCount(): UsableCount {
  const files = new Map<string, Count>();
  /** Rows of one file follow each other. */
  let last: Count | undefined;
  const countOf = ({ file, sheet }: Place): Count => {
    if (last?.place.file === file && last.place.sheet === sheet) return last;
    const key = `${file}\n${sheet ?? ''}`;
    const place = { file, ...(sheet === undefined ? {} : { sheet }) };
    last = files.get(key) ?? { place, rows: 0, leftOut: 0, contested: 0 };
    files.set(key, last);
    return last;
  };
  return {
    see(item) {
      if (item.kind === 'rows_read') countOf(item.place).rows += item.count;
      if (!('place' in item) || (item.kind === 'finding' && item.code === 'row_is_no_record')) return;
      const leftOut = item.kind === 'finding' && item.rowLeftOut === true;
      if (!leftOut && !isRow(item)) return;
      const count = countOf(item.place);
      count.rows += 1;
      if (leftOut) count.leftOut += 1;
    },
    leaveOut(place) {
      countOf(place).leftOut += 1;
    },
    contest(place) {
      countOf(place).contested += 1;
    },
    unusable: () => [...files.values()].filter(isUnusable).map(({ place }) => place),
  };
}

const maxContested = 10;

function isUnusable({ rows, leftOut, contested }: Count): boolean {
  return (leftOut + (contested > maxContested ? contested : 0)) * 10 > rows;
}

const rowKinds: ReadonlySet<FeedItem['kind']> = new Set(['account', 'class', 'enrollment', 'school']);
const isRow = (item: FeedItem): boolean => rowKinds.has(item.kind);
