// How an address in Clever and one in the roster differ, in a few words for a list.
import type { Difference } from '../../../identity/explain-mismatch.ts';

export const differenceNames: Readonly<Record<Difference, string>> = {
  case: 'capital letters',
  whitespace: 'a space',
  unicode: 'look-alike letters',
  domain: 'after the @',
  local_part: 'before the @',
  other: 'another address altogether',
  no_email: 'no address in the roster',
};
