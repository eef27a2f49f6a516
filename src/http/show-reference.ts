// How a reference is written for people.

/** `7K3Q9ZDM` becomes `7K3Q-9ZDM`. */
export function showReference(reference: string): string {
  return `${reference.slice(0, 4)}-${reference.slice(4)}`;
}

/** The same with its signs apart, so that a screen reader says each. */
export function spellReference(reference: string): string {
  return `${[...reference.slice(0, 4)].join(' ')}, ${[...reference.slice(4)].join(' ')}`;
}
