// Names, addresses and references are not for a browser's translator.

/**
 * HTML's `translate="no"`. Preact types the attribute as a boolean, and its renderer leaves `false` out.
 */
export const untranslated: object = { translate: 'no' };
