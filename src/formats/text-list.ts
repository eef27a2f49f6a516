// Very many texts and numbers, each at its position, outside of the heap: long-lived strings let the heap grow to
// several times their size, since it is collected less often the larger it is.

interface NumberList {
  /** Returns its position. @param number whole, from 0 to what the list's bits can hold */
  push(number: number): number;
  /** 0 if there is none. */
  at(position: number): number;
  /** The list grows to the position, filled with zeros. */
  set(position: number, number: number): void;
  readonly size: () => number;
}

/** In blocks: a list that grows by copying uses three times its size meanwhile, and twice for long. */
const numbersOfBlock = 2 ** 14;

const blockOf = { 8: Uint8Array, 16: Uint16Array, 32: Uint32Array } as const;

/** @param bits of each number */
export function createNumberList(bits: keyof typeof blockOf = 32): NumberList {
  const blocks: (Uint8Array | Uint16Array | Uint32Array)[] = [];
  let size = 0;
  function set(position: number, number: number): void {
    while (position >= blocks.length * numbersOfBlock) blocks.push(new blockOf[bits](numbersOfBlock));
    const block = blocks[Math.floor(position / numbersOfBlock)];
    if (block !== undefined) block[position % numbersOfBlock] = number;
    size = Math.max(size, position + 1);
  }
  return {
    push(number) {
      set(size, number);
      return size - 1;
    },
    at: (position) => blocks[Math.floor(position / numbersOfBlock)]?.[position % numbersOfBlock] ?? 0,
    set,
    size: () => size,
  };
}

interface TextList {
  /** Returns its position. */
  push(text: string): number;
  /** Empty if there is none. */
  at(position: number): string;
  /** Whether it is the text at the position. */
  isAt(position: number, text: string): boolean;
  readonly size: () => number;
}

/** UTF-8 bytes of one UTF-16 unit. */
const maxBytesOfUnit = 3;
const bytesOfBlock = 2 ** 16;

export function createTextList(): TextList {
  const ends = createNumberList();
  const blocks: Buffer[] = [];

  function blockOf(at: number): Buffer {
    const number = Math.floor(at / bytesOfBlock);
    while (number >= blocks.length) blocks.push(Buffer.alloc(bytesOfBlock));
    return blocks[number] ?? Buffer.alloc(0);
  }
  /** Returns its end. */
  function write(text: string, start: number): number {
    const within = start % bytesOfBlock;
    if (within + text.length * maxBytesOfUnit <= bytesOfBlock) return start + blockOf(start).write(text, within);
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; ) at += bytes.copy(blockOf(start + at), (start + at) % bytesOfBlock, at);
    return start + bytes.length;
  }
  function read(start: number, end: number): string {
    const within = start % bytesOfBlock;
    if (within + end - start <= bytesOfBlock) return blockOf(start).toString('utf8', within, within + end - start);
    const bytes = Buffer.alloc(end - start);
    for (let at = 0; at < bytes.length; ) at += blockOf(start + at).copy(bytes, at, (start + at) % bytesOfBlock);
    return bytes.toString();
  }

  /** Whether the bytes are ASCII, of one block, and those of the text: without decoding them. */
  function isPlainly(text: string, start: number, end: number): boolean {
    const within = start % bytesOfBlock;
    if (end - start !== text.length || within + text.length > bytesOfBlock) return false;
    const block = blockOf(start);
    for (let at = 0; at < text.length; at += 1) {
      const byte = block[within + at] ?? 0;
      if (byte >= 0x80 || byte !== text.charCodeAt(at)) return false;
    }
    return true;
  }
  const at = (position: number): string => read(ends.at(position - 1), ends.at(position));

  return {
    push: (text) => ends.push(write(text, ends.at(ends.size() - 1))),
    at,
    isAt: (position, text) => isPlainly(text, ends.at(position - 1), ends.at(position)) || at(position) === text,
    size: ends.size,
  };
}

interface TextIndex {
  /** The position of the text in the list. */
  find(text: string): number | undefined;
  /** Adds a new text and returns its position. */
  add(text: string): number;
}

/** Finds texts in a list to which only this index adds. */
export function createTextIndex(list: TextList): TextIndex {
  /** Position plus one; 0 marks a free slot. */
  let slots = new Uint32Array(2 ** 10);
  /** By position, so that texts are rarely decoded from their bytes. */
  const hashes = createNumberList();

  function findPosition(text: string): number | undefined {
    const hash = hashOf(text);
    for (let at = hash % slots.length; ; at = (at + 1) % slots.length) {
      const found = slots[at] ?? 0;
      if (found === 0) return undefined;
      if (hashes.at(found - 1) === hash && list.isAt(found - 1, text)) return found - 1;
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
    add(text) {
      const position = list.push(text);
      hashes.push(hashOf(text));
      if (list.size() * 2 <= slots.length) put(position);
      else {
        slots = new Uint32Array(slots.length * 2);
        for (let each = 0; each <= position; each += 1) put(each);
      }
      return position;
    },
  };
}

/** FNV-1a, 32 bits: http://www.isthe.com/chongo/tech/comp/fnv/. It distributes the slots; it is no protection. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}
