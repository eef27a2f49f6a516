// Random bytes of the system (node:crypto), requested in bulk: one call for some hundred secrets costs as much as one
// for each. Each byte is used once.
import { randomBytes } from 'node:crypto';

const bulk = 8_192;
let ready = Buffer.alloc(0);

/** @param count at most 64 */
export function takeRandom(count: number): Buffer {
  if (ready.length < count) ready = randomBytes(bulk);
  const taken = ready.subarray(0, count);
  ready = ready.subarray(count);
  return taken;
}
