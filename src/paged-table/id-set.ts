// A compact set of very many ids: 11 to 16 bytes each. Ids are keyed hashes in hex; 52 of their bits are kept, so the
// chance that another id collides with one of a million is below one in a thousand million. Unlike
// formats/text-list.ts, which keeps each whole text: 46 bytes per id of a million, at twice the time.

interface IdSet {
  add(id: string): void;
  has(id: string): boolean;
  readonly size: () => number;
}

const digits = 13;
/** From 1 to this. */
const numbers = 16 ** digits;

/** Fraction of the slots in use. */
const fullest = 0.75;

/** @param expected how many ids will be added, so that memory is allocated once */
export function createIdSet(expected = 0): IdSet {
  let slots = new Float64Array(Math.max(2 ** 10, Math.ceil(expected / fullest) + 1));
  let size = 0;

  /** The slot of the number, or where it would be; 0 marks a free slot. */
  function find(table: Float64Array, number: number): number {
    // Numbers are evenly distributed. A remainder of such large ones takes several times as long.
    let at = Math.floor(((number - 1) / numbers) * table.length);
    while (table[at] !== 0 && table[at] !== number) at = (at + 1) % table.length;
    return at;
  }
  function grow(): void {
    const larger = new Float64Array(Math.ceil(slots.length * 1.5));
    for (const number of slots) if (number !== 0) larger[find(larger, number)] = number;
    slots = larger;
  }

  return {
    add(id) {
      const number = numberOf(id);
      const at = find(slots, number);
      if (slots[at] !== 0) return;
      slots[at] = number;
      size += 1;
      if (size > slots.length * fullest) grow();
    },
    has: (id) => slots[find(slots, numberOf(id))] !== 0,
    size: () => size,
  };
}

function numberOf(id: string): number {
  const number = Number.parseInt(id.slice(0, digits), 16) + 1;
  // No slot ever holds NaN: searching for it would not end.
  if (Number.isNaN(number)) throw new TypeError('an id that is no hex has no place in the set');
  return number;
}
