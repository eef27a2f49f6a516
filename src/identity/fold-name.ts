// The form in which names are indexed and compared. Evidence for an explanation only.

/** Ignores spacing, Unicode composition and case; everything else counts. */
export function foldName(givenName: string, familyName: string): string {
  return `${foldPart(givenName)}\n${foldPart(familyName)}`;
}

/** Characters of each part that are compared; the rest is ignored. */
const longest = 256;

/** Fast path for most names. */
const plain = /^[\x21-\x7e]*$/;

function foldPart(name: string): string {
  const part = name.slice(0, longest);
  if (plain.test(part)) return part.toLowerCase();
  return part.normalize('NFC').trim().replace(/\s+/gu, ' ').toUpperCase().toLowerCase();
}
