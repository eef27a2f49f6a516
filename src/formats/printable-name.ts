/** A name as a report may show it: no line breaks, escape sequences or reversed text, and not endless. */
export const printableName = (name: string): string =>
  name.replace(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, '?').slice(0, 100);
