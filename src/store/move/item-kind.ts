// The kind of a store item for operators, by which items are counted. Derived from names only; nothing is opened.
import type { StoreItem } from '../store-items.ts';

const word = /^[a-z][a-z-]*[a-z]$/;

/** Such as `accounts`, `session`, `trail`: the word in the names. */
export function kindOfItem({ kind, partition, name, id }: StoreItem): string {
  if (kind === 'first' || kind === 'further') return 'index';
  // `sftp.0mx1p2ncd5ced569c.accounts` is a table of one generation of a roster, `links.0` the links of one epoch.
  const found = name.split('.').findLast((part) => word.test(part));
  if (kind === 'row' || kind === 'entry') return found ?? 'differences';
  const [first = ''] = id.split('.');
  if (word.test(first)) return first;
  return partition.startsWith('d-') ? 'values' : partition.replace(/-[0-9a-f-]{2,}$/, '');
}

/** Belongs to one store only: created anew for the target, or written while nothing else is. */
export function isOfOneStore({ partition, kind, id }: StoreItem): boolean {
  if (/^mark(-\d+)?$/.test(partition)) return true;
  return partition === 'vault' && kind === 'value' && ownIds.includes(id);
}

const ownIds: readonly string[] = ['root', 'marked', 'move', 'move-lease', 'write-probe'];
