// Holds a publish that would lock a school out: contract section 7. Clever's own hold does not cover changes of sharing
// (Clever: data changes), and an empty file or a renamed domain arrives at night.
import type { Kind } from '../identity/identity.ts';
import type { Changes } from './report.ts';

export interface Hold {
  readonly code: 'too_many_removed_or_readdressed';
  readonly kind: Kind;
  readonly removed: number;
  readonly address_changed: number;
  /** Active accounts of this kind in the district. */
  readonly of: number;
}

/** Removals and changes of address together: each of them keeps a person out until somebody looks. */
export function findHolds(changes: Readonly<Record<Kind, Changes>>): Hold[] {
  return (['student', 'employee'] as const).flatMap((kind) => {
    const { removed, address_changed, before } = changes[kind];
    const touched = removed + address_changed;
    return touched > 10 && touched * 10 > before
      ? [{ code: 'too_many_removed_or_readdressed' as const, kind, removed, address_changed, of: before }]
      : [];
  });
}
