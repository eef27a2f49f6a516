// The names of the keys on Redis: sso:{partition}:v:ID a value, :t:TABLE the rows (hash), :i:TABLE and :j:TABLE their index
// (hash and sorted set), :l:NAME a log (stream).

import { checkName, checkPartition } from '../names.ts';
import { type Address, formatCursor, readCursor } from '../store.ts';

/** One parsed key. */
export interface RedisKey {
  readonly partition: string;
  readonly kind: string;
  readonly name: string;
}

export function prefixOf(partition: string): string {
  checkPartition(partition);
  return `sso:{${partition}}:`;
}

export function keyOf(partition: string, kind: string, name: string): string {
  checkName(name);
  return `${prefixOf(partition)}${kind}:${name}`;
}

/** Undefined for a key of another program. */
export function readKey(key: string): RedisKey | undefined {
  const { partition, kind, name } =
    /^sso:\{(?<partition>[^{}]+)\}:(?<kind>[vtijl]):(?<name>.*)$/s.exec(key)?.groups ?? {};
  return partition === undefined || kind === undefined || name === undefined ? undefined : { partition, kind, name };
}

/** The key, and '' or 'f' + the field in it. */
export function locate(at: Address): { key: string; field: string } {
  if (at.table === undefined) return { key: keyOf(at.partition, 'v', at.id), field: '' };
  checkName(at.id);
  return { key: keyOf(at.partition, 't', at.table), field: `f${at.id}` };
}

export const tableKeys = (partition: string, table: string) =>
  ['t', 'i', 'j'].map((kind) => keyOf(partition, kind, table));

export function toStreamId(cursor: string): string {
  const { milliseconds, sequence } = readCursor(cursor);
  return `${milliseconds}-${sequence}`;
}

export function toCursor(id: Buffer): string {
  const [milliseconds, sequence] = id.toString().split('-');
  return formatCursor(Number(milliseconds), Number(sequence));
}
