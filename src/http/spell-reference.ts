// How a reference is said aloud.

/** A reference with its signs apart, so that a screen reader says each. */
export function spellReference(reference: string): string {
  return `${[...reference.slice(0, 4)].join(' ')}, ${[...reference.slice(4)].join(' ')}`;
}
