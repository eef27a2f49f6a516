// Excludes names, addresses and references from the browser's translation.

/** HTML's `translate="no"`. Preact types the attribute as a boolean, and its renderer omits `false`. */
export const untranslated: object = { translate: 'no' };
