// Names of files as a district's computer gives them.

/** Not what systems leave behind by themselves, such as `.DS_Store`. @param name of a file or a folder */
export const isNoLitter = (name: string): boolean => !/^(\.|__MACOSX$|thumbs\.db$|desktop\.ini$)/i.test(name);

/** A name as a report may show it: no line breaks, escape sequences or reversed text, and not endless. */
export const printableName = (name: string): string =>
  name.replace(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, '?').slice(0, 100);
