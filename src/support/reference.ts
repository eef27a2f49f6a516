// The sign a person reads out on the phone: 8 signs of Crockford base32, 40 random bits.
import { randomBytes } from 'node:crypto';

const signs = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

export const makeReference = (): string => [...randomBytes(8)].map((byte) => signs.charAt(byte % 32)).join('');

/** `XXXX-XXXX`. */
export const showReference = (reference: string): string => `${reference.slice(0, 4)}-${reference.slice(4)}`;

/** Any case, with or without dashes and spaces, I and L read as 1, O as 0 (Crockford). Undefined if it can be no reference. */
export function readReference(text: string): string | undefined {
  const read = text.toUpperCase().replace(/[\s-]/gu, '').replace(/[IL]/g, '1').replace(/O/g, '0');
  return /^[0-9A-HJKMNP-TV-Z]{8}$/.test(read) ? read : undefined;
}
