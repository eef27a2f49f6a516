// Bytes gathered in memory by the part of all ids they belong to. Not as strings or small buffers: hundreds of thousands
// that live for a while keep collecting garbage busy. And in the same room each time: large buffers let go of wait to be
// collected, several times as many as are in use.
import { parts } from './spill.ts';

export interface GatheredParts {
  /** @param write puts at most so many bytes where it is told and answers how many */
  add(part: number, mostBytes: number, write: (room: Buffer, at: number) => number): void;
  /** Bytes in memory. */
  size(): number;
  /** Everything, apart by part; good until more is added, since the room is used again. */
  take(): (Buffer | undefined)[];
  /** The same for the last time, without keeping the room. */
  takeLast(): (Buffer | undefined)[];
}

const firstBytes = 2048;

export function createGatheredParts(): GatheredParts {
  let rooms: Buffer[] = [];
  const lengths = new Uint32Array(parts);
  let size = 0;

  function roomFor(part: number, bytes: number): Buffer {
    const room = rooms[part] ?? Buffer.alloc(0);
    const length = lengths[part] ?? 0;
    if (length + bytes <= room.length) return room;
    const larger = Buffer.allocUnsafe(Math.max(firstBytes, 2 * room.length, length + bytes));
    room.copy(larger, 0, 0, length);
    rooms[part] = larger;
    return larger;
  }

  function take(): (Buffer | undefined)[] {
    const taken = Array.from(lengths, (length, part) => (length === 0 ? undefined : rooms[part]?.subarray(0, length)));
    lengths.fill(0);
    size = 0;
    return taken;
  }

  return {
    add(part, mostBytes, write) {
      const at = lengths[part] ?? 0;
      const written = write(roomFor(part, mostBytes), at);
      lengths[part] = at + written;
      size += written;
    },
    size: () => size,
    take,
    takeLast() {
      const taken = take();
      rooms = [];
      return taken;
    },
  };
}
