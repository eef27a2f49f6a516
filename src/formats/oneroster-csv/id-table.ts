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

/** Linked lists of numbers by position: an entry costs eight bytes, a position four. */
export interface Chains {
  add(position: number, number: number): void;
  /** Newest first. */
  of(position: number): readonly number[];
}

export function createChains(): Chains {
  const heads = createNumberList();
  const numbers = createNumberList();
  /** Position plus one; 0 ends a chain. */
  const next = createNumberList();
  return {
    add(position, number) {
      numbers.push(number);
      next.push(heads.at(position));
      heads.set(position, numbers.size());
    },
    of(position) {
      const found: number[] = [];
      for (let at = heads.at(position); at !== 0; at = next.at(at - 1)) found.push(numbers.at(at - 1));
      return found;
    },
  };
}
