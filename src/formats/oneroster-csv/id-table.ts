// Very many ids, each with its position and a few numbers, outside of the heap: the keys by which the files of a set
// refer to each other.
import { createNumberList, createTextIndex, createTextList } from '../text-list.ts';

export interface IdTable {
  find(id: string): number | undefined;
  /** The position of the id; a new id gets the last position. */
  enter(id: string): number;
  readonly at: (position: number) => string;
  readonly size: () => number;
}

export function createIdTable(): IdTable {
  const ids = createTextList();
  const index = createTextIndex(ids);
  return {
    find: index.find,
    enter: (id) => index.find(id) ?? index.add(id),
    at: ids.at,
    size: ids.size,
  };
}

/** Lists of numbers by position. A position costs four bytes with its only number in them; in a longer list each costs eight. */
export interface Chains {
  /** @param number whole, from 0 to 2^31 - 2 */
  add(position: number, number: number): void;
  /** Newest first. */
  of(position: number): readonly number[];
}

export function createChains(): Chains {
  /** 0 for none; the only number plus one; from `linked` on the place of the newest link. */
  const heads = createNumberList();
  const linked = 2 ** 31;
  const numbers = createNumberList();
  /** The place of the next link, as one plus its position here; 0 ends a chain. */
  const next = createNumberList();
  function link(number: number, rest: number): number {
    next.push(rest);
    return numbers.push(number) + 1;
  }
  return {
    add(position, number) {
      const head = heads.at(position);
      if (head === 0) return heads.set(position, number + 1);
      const rest = head < linked ? link(head - 1, 0) : head - linked;
      heads.set(position, linked + link(number, rest));
    },
    of(position) {
      const head = heads.at(position);
      if (head < linked) return head === 0 ? [] : [head - 1];
      const found: number[] = [];
      for (let at = head - linked; at !== 0; at = next.at(at - 1)) found.push(numbers.at(at - 1));
      return found;
    },
  };
}
