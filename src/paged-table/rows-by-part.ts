// The rows of a table being filled, part by part of the id space: pages of lines, buckets of keys.
import { parts } from './spill.ts';

export interface RowsByPart<Item> {
  /** @param row its number; rows are in the order of their ids */
  add(row: number, item: Item): void;
  /** The rows that are complete when this part is, in order. The last row of a part may continue in the next. */
  takeComplete(part: number): readonly (readonly [row: number, items: Item[]])[];
}

/** @param count how many rows the table has */
export function createRowsByPart<Item>(count: number): RowsByPart<Item> {
  let filling = new Map<number, Item[]>();
  return {
    add(row, item) {
      const items = filling.get(row);
      if (items === undefined) filling.set(row, [item]);
      else items.push(item);
    },
    takeComplete(part) {
      const end = Math.floor(((part + 1) * count) / parts);
      const inOrder = [...filling].sort(([one], [other]) => one - other);
      // A new map: deleting from a long-lived one delays the collection of its former values.
      filling = new Map(inOrder.filter(([row]) => row >= end));
      return inOrder.filter(([row]) => row < end);
    },
  };
}
