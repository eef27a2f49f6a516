// Repeatable chance: the same seed, stream and number give the same draws. Not for secrets.
export interface Random {
  /** An integer from 0 up to, not including, `end`. */
  below(end: number): number;
  pick(list: readonly string[]): string;
}

export function createRandom(seed: number, stream: string, number: number): Random {
  let state = mix(mix(mix(2166136261, seed), hash(stream)), number);
  const below = (end: number) => {
    state = (state + 0x6d2b79f5) | 0;
    return Math.floor((mix(state, 0x9e3779b9) / 2 ** 32) * end);
  };
  return { below, pick: (list) => list[below(list.length)] ?? '' };
}

function hash(text: string): number {
  let value = 2166136261;
  for (let i = 0; i < text.length; i += 1) value = Math.imul(value ^ text.charCodeAt(i), 16777619);
  return value >>> 0;
}

/** The finaliser of MurmurHash3 over both. */
function mix(a: number, b: number): number {
  let value = (a ^ Math.imul(b, 0x85ebca6b)) | 0;
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}
