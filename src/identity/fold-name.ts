// The form under which a person's name is filed and compared. Evidence for an explanation only.

/** Spacing, composition and case do not make two people of one; nothing else is forgiven. */
export function foldName(givenName: string, familyName: string): string {
  return `${foldPart(givenName)}\n${foldPart(familyName)}`;
}

const foldPart = (name: string) => name.normalize('NFC').trim().replace(/\s+/gu, ' ').toUpperCase().toLowerCase();
