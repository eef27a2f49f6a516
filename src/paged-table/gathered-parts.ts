// Bytes collected in memory, by part of the id space. One reused buffer per part: hundreds of thousands of strings or
// small buffers load the garbage collector, and released large buffers stay in memory until it runs.
import { parts } from './spill.ts';

export interface GatheredParts {
  /** @param write writes at most that many bytes at the offset and returns their number */
  add(part: number, mostBytes: number, write: (buffer: Buffer, at: number) => number): void;
  /** Bytes in memory. */
  size(): number;
  /** Everything, by part; valid until more is added, since the buffers are reused. */
  take(): (Buffer | undefined)[];
  /** The same for the last time; the buffers are released. */
  takeLast(): (Buffer | undefined)[];
}

const firstBytes = 2048;

export function createGatheredParts(): GatheredParts {
  let buffers: Buffer[] = [];
  const lengths = new Uint32Array(parts);
  let size = 0;

  function bufferFor(part: number, bytes: number): Buffer {
    const buffer = buffers[part] ?? Buffer.alloc(0);
    const length = lengths[part] ?? 0;
    if (length + bytes <= buffer.length) return buffer;
    const larger = Buffer.allocUnsafe(Math.max(firstBytes, 2 * buffer.length, length + bytes));
    buffer.copy(larger, 0, 0, length);
    buffers[part] = larger;
    return larger;
  }

  function take(): (Buffer | undefined)[] {
    const taken = Array.from(lengths, (length, part) =>
      length === 0 ? undefined : buffers[part]?.subarray(0, length),
    );
    lengths.fill(0);
    size = 0;
    return taken;
  }

  return {
    add(part, mostBytes, write) {
      const at = lengths[part] ?? 0;
      const written = write(bufferFor(part, mostBytes), at);
      lengths[part] = at + written;
      size += written;
    },
    size: () => size,
    take,
    takeLast() {
      const taken = take();
      buffers = [];
      return taken;
    },
  };
}
