// Lines gathered in memory by the part they belong to, as bytes: a few hundred thousand strings that live for a while keep
// collecting garbage busy.
import { partOf, parts } from './spill.ts';

export interface GatheredLines {
  add(line: string): void;
  /** Bytes in memory. */
  size(): number;
  /** Everything, apart by part, each line ended by a line break; nothing is left behind. */
  take(): (Buffer | undefined)[];
}

const firstBytes = 16_384;
/** UTF-8 bytes of one UTF-16 unit. */
const mostBytesOfUnit = 3;

export function createGatheredLines(): GatheredLines {
  let buffers: Buffer[] = [];
  let lengths = new Uint32Array(parts);
  let size = 0;

  function roomFor(part: number, bytes: number): Buffer {
    const buffer = buffers[part] ?? Buffer.alloc(0);
    const length = lengths[part] ?? 0;
    if (length + bytes <= buffer.length) return buffer;
    const larger = Buffer.allocUnsafe(Math.max(firstBytes, 2 * buffer.length, length + bytes));
    buffer.copy(larger, 0, 0, length);
    buffers[part] = larger;
    return larger;
  }

  return {
    add(line) {
      const part = partOf(line);
      const length = lengths[part] ?? 0;
      const buffer = roomFor(part, line.length * mostBytesOfUnit + 1);
      const written = buffer.write(line, length);
      buffer[length + written] = 10;
      lengths[part] = length + written + 1;
      size += written + 1;
    },
    size: () => size,
    take() {
      const taken = Array.from(lengths, (length, part) => buffers[part]?.subarray(0, length));
      buffers = [];
      lengths = new Uint32Array(parts);
      size = 0;
      return taken;
    },
  };
}
