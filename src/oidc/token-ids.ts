// The values of codes, tokens and grants: the name of a district's partition and 256 random bits. The partition's name
// is a keyed hash, so a value does not reveal the district.
import { randomBytes } from 'node:crypto';

const form = /^([\w-]{22})[\w-]{43}$/;

/** @param partition from `partitionOf` */
export const makeTokenId = (partition: string): string =>
  Buffer.from(partition.replace(/^d-/, ''), 'hex').toString('base64url') + randomBytes(32).toString('base64url');

/** Undefined if the text is no value of the bridge. */
export function partitionOfTokenId(id: string): string | undefined {
  const [, tag] = form.exec(id) ?? [];
  return tag === undefined ? undefined : `d-${Buffer.from(tag, 'base64url').toString('hex')}`;
}
