// Very many texts and numbers, each at its position, outside of the heap: strings that stay make the heap grow to several
// times their size, since it is looked through less often the more of it is in use.

export interface NumberList {
  /** Answers its position. @param number whole, from 0 to 2^32 - 1 */
  push(number: number): number;
  /** 0 where there is none. */
  at(position: number): number;
  /** Of a position that is there. */
  set(position: number, number: number): void;
  readonly size: () => number;
}

export function createNumberList(): NumberList {
  let numbers = new Uint32Array(2 ** 10);
  let size = 0;
  return {
    push(number) {
      if (size === numbers.length) {
        const larger = new Uint32Array(size * 2);
        larger.set(numbers);
        numbers = larger;
      }
      numbers[size] = number;
      size += 1;
      return size - 1;
    },
    at: (position) => numbers[position] ?? 0,
    set(position, number) {
      if (position < size) numbers[position] = number;
    },
    size: () => size,
  };
}

export interface TextList {
  /** Answers its position. */
  push(text: string): number;
  /** Empty where there is none. */
  at(position: number): string;
  readonly size: () => number;
}

/** UTF-8 bytes of one UTF-16 unit. */
const mostBytesOfUnit = 3;

export function createTextList(): TextList {
  const ends = createNumberList();
  let bytes = Buffer.alloc(2 ** 14);
  return {
    push(text) {
      const start = ends.at(ends.size() - 1);
      const end = start + text.length * mostBytesOfUnit;
      if (end > bytes.length) bytes = Buffer.concat([bytes.subarray(0, start)], end * 2);
      return ends.push(start + bytes.write(text, start));
    },
    at: (position) => bytes.toString('utf8', ends.at(position - 1), ends.at(position)),
    size: ends.size,
  };
}

export interface TextIndex {
  /** The position of the text in the list. */
  find(text: string): number | undefined;
  /** The text is the last of the list and is not known yet. */
  addLast(): void;
}

/** Finds texts in a list of them. */
export function createTextIndex(list: TextList): TextIndex {
  /** Positions and one more: 0 marks a free slot. */
  let slots = new Uint32Array(2 ** 10);
  /** By position, so that hardly a text is made of its bytes again. */
  const hashes = createNumberList();

  function findPosition(text: string): number | undefined {
    const hash = hashOf(text);
    for (let at = hash % slots.length; ; at = (at + 1) % slots.length) {
      const found = slots[at] ?? 0;
      if (found === 0) return undefined;
      if (hashes.at(found - 1) === hash && list.at(found - 1) === text) return found - 1;
    }
  }
  /** Of a text that is in no slot. */
  function put(position: number): void {
    let at = hashes.at(position) % slots.length;
    while (slots[at] !== 0) at = (at + 1) % slots.length;
    slots[at] = position + 1;
  }

  return {
    find: findPosition,
    addLast() {
      hashes.push(hashOf(list.at(list.size() - 1)));
      if (list.size() * 2 <= slots.length) return put(list.size() - 1);
      slots = new Uint32Array(slots.length * 2);
      for (let position = 0; position < list.size(); position += 1) put(position);
    },
  };
}

/** FNV-1a, 32 bits: http://www.isthe.com/chongo/tech/comp/fnv/. It spreads the slots and protects nothing. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}
