// The values of codes, tokens and grants: which district's partition one is in, and 256 random bits. The partition's name is
// a keyed hash, so a value names no district to who holds it.
import { randomBytes } from 'node:crypto';

const form = /^([\w-]{22})[\w-]{43}$/;

/** @param partition of a district, as `partitionOf` names it */
export const makeTokenId = (partition: string): string =>
  Buffer.from(partition.replace(/^d-/, ''), 'hex').toString('base64url') + randomBytes(32).toString('base64url');

/** Undefined for what is no value of ours. */
export function partitionOfTokenId(id: string): string | undefined {
  const [, tag] = form.exec(id) ?? [];
  return tag === undefined ? undefined : `d-${Buffer.from(tag, 'base64url').toString('hex')}`;
}
